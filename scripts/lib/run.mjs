/** Running commands, and saying so. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT, TARGET } from "./paths.mjs";

/** A failure that is explained by its message alone; no stack is shown for it. */
export class Failure extends Error {
  name = "Failure";
}

/** Starts a part of the work in the output. */
export function heading(text) {
  console.log(`\n==> ${text}`);
}

/**
 * Runs a command in the project's root, its output going straight to ours. The command is shown,
 * so that it can be run by hand, and that a silent one is seen to be at work.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options] `env` is laid over ours
 * @returns {Promise<void>} rejects with a {@link Failure} unless it ends with exit code 0
 */
export async function run(command, args, { env, cwd = ROOT } = {}) {
  const shown = [command, ...args].join(" ").replaceAll(ROOT, "");
  console.log(`$ ${shown}`);
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });
  const [code, signal] = await once(child, "close").catch((error) => {
    throw new Failure(`${command} could not be started: ${error.message}`);
  });
  if (code !== 0) throw new Failure(`${shown} failed (${code ?? signal})`);
}

/**
 * Runs every step, one after the other, also when one fails, so that all failures are known.
 *
 * @param {(() => unknown)[]} steps
 */
export async function runAll(steps) {
  const failures = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length > 0) throw new Failure(failures.join("\n"));
}

/** What a command prints, trimmed; null if there is no such command or it fails. */
export function read(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : null;
}

/** The path of a program as the shell would find it; null if it is not on the path. */
export function which(name) {
  const directories = (process.env.PATH ?? "").split(delimiter);
  return directories.map((directory) => join(directory, name)).find(existsSync) ?? null;
}

/** Runs a script's main function; a failure sets the exit code and is shown in one line. */
export async function main(work) {
  // The scripts know where cargo puts things, whatever the user has set.
  process.env.CARGO_TARGET_DIR = TARGET;
  try {
    await work();
  } catch (error) {
    showError(error);
    process.exitCode = 1;
  }
}

/** Shows an error: a {@link Failure} as its message, anything else, which is a mistake, in full. */
export function showError(error) {
  console.error(error instanceof Failure ? `\n${error.message}` : error);
}
