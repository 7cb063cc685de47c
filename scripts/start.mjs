/**
 * `npm start`: builds the package and serves the demo page with the local gateway.
 *
 * What follows `--` goes to the gateway: `npm start -- --listen 127.0.0.1:9000 --seed 7`.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { buildGateway, buildPackage } from "./build.mjs";
import { GATEWAY, inProject, PKG } from "./lib/paths.mjs";
import { heading, main } from "./lib/run.mjs";
import { setUpBuild } from "./setup.mjs";
import { buildSandbox, copyToSite } from "./site.mjs";

const PORT = 8080;

await main(async () => {
  // At once: the gateway needs cargo alone.
  await Promise.all([setUpBuild().then(buildPackage), buildGateway()]);
  copyToSite();
  heading("Serving the demo until Ctrl-C; its sandbox is built meanwhile");
  const given = process.argv.slice(2);
  const isAddressGiven = given.some((argument) => argument.split("=")[0] === "--listen");
  const listen = isAddressGiven ? [] : ["--listen", `127.0.0.1:${await freePort()}`];
  const files = ["--www", inProject("www"), "--pkg", PKG];
  const stdio = ["inherit", "pipe", "inherit"];
  const gateway = spawn(GATEWAY, [...listen, ...files, ...given], { stdio });
  gateway.stdout.pipe(process.stdout);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => gateway.kill());
  const ended = once(gateway, "exit");
  const addressIsTold = once(gateway.stdout, "data");
  const told = await Promise.race([addressIsTold, ended]);
  // Only who chooses the sandbox on the page need wait for it.
  if (gateway.exitCode === null) {
    await buildSandbox();
    heading(String(told[0]).trim());
  }
  [process.exitCode] = await ended;
});

/** The usual port, or 0, which is any, where another program has it. */
async function freePort() {
  // Only now are the packages sure to be there.
  const { isFree } = await import("selenium-webdriver/net/portprober.js");
  return (await isFree(PORT, "127.0.0.1")) ? PORT : 0;
}
