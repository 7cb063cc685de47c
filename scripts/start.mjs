/**
 * `npm start`: builds the package and serves the demo page with the local gateway.
 *
 * What follows `--` goes to the gateway: `npm start -- --listen 127.0.0.1:9000 --seed 7`.
 */

import { buildPackage } from "./build.mjs";
import { buildGateway, freePort, startGateway } from "./lib/gateway.mjs";
import { inProject, PKG } from "./lib/paths.mjs";
import { heading, main } from "./lib/run.mjs";
import { setUpBuild } from "./setup.mjs";
import { buildSite } from "./site.mjs";

const PORT = 8080;

await main(async () => {
  await setUpBuild();
  await buildPackage();
  await buildSite();
  await buildGateway();
  heading("Serving the demo");
  const gateway = await startGateway(await gatewayArguments(process.argv.slice(2)));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, gateway.stop);
  console.log(`Open ${gateway.url}/ (Ctrl-C stops it)`);
  await gateway.ended;
});

async function gatewayArguments(given) {
  const files = ["--www", inProject("www"), "--pkg", PKG];
  const listen = given.some((argument) => argument.split("=")[0] === "--listen")
    ? []
    : ["--listen", `127.0.0.1:${await freePort(PORT)}`];
  return [...listen, ...files, ...given];
}
