/** The local gateway as a process. */

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT, TARGET } from "./paths.mjs";
import { Failure, heading, run } from "./run.mjs";

/** Where {@link buildGateway} leaves the program. */
export const GATEWAY = join(TARGET, "gateway", "wanvas-gateway");

const READY = /^wanvas gateway on (http:\S+)$/;

/** Builds the program, optimised as its own profile says. */
export async function buildGateway() {
  heading("Building the local gateway (cargo)");
  await run("cargo", ["build", "--locked", "-p", "wanvas-gateway", "--profile", "gateway"]);
}

/**
 * Starts the gateway; its log goes to our output.
 *
 * @param {string[]} args its command line
 * @param {string} [program] another build of it
 * @returns {Promise<{ url: string, ended: Promise<void>, stop: () => Promise<void> }>} when it
 *   takes requests. `ended` resolves when the process is gone, `stop` makes it go.
 */
export async function startGateway(args, program = GATEWAY) {
  const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("close", () => resolve()));
  const failed = new Promise((_, reject) => {
    child.on("error", (error) => {
      reject(new Failure(`${program} could not be started: ${error.message}`));
    });
    child.on("close", (code) =>
      reject(new Failure(`The gateway ended before it was ready (${code})`)),
    );
  });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  const url = await Promise.race([ready(child.stdout), failed]);
  return { url, ended, stop };
}

/**
 * The port itself if it is free on the loopback address, otherwise the next one that is.
 *
 * @param {number} port
 * @returns {Promise<number>}
 */
export async function freePort(port) {
  for (let candidate = port; candidate < port + 100; candidate += 1) {
    if (await isFree(candidate)) return candidate;
  }
  throw new Failure(`No port is free from ${port} to ${port + 99}`);
}

/** Resolves with the URL in the gateway's first line, and shows every other line. */
function ready(stdout) {
  return new Promise((resolve) => {
    createInterface(stdout).on("line", (line) => {
      const [, url] = line.match(READY) ?? [];
      if (url) resolve(url);
      else console.log(line);
    });
  });
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1" }, () => server.close(() => resolve(true)));
  });
}
