/** Running commands, and saying so. */

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT, TARGET } from "./paths.mjs";

const INTERACTIVE = process.stdout.isTTY && !process.env.NO_COLOR;
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, "g");

/** A failure that is explained by its message alone; no stack is shown for it. */
export class Failure extends Error {
  name = "Failure";
}

/** Starts a part of the work in the output. */
export function heading(text) {
  console.log(`\n${styled(1, `==> ${text}`)}`);
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
export async function run(command, args, options = {}) {
  console.log(styled(2, `$ ${shown(command, args)}`));
  const { code } = await finished(spawnIn(command, args, options, "inherit"));
  if (code !== 0) throw new Failure(`${shown(command, args)} failed (${code})`);
}

/**
 * Like {@link run}, but a failing command is an answer, and its output is also returned, without
 * colours.
 *
 * @returns {Promise<{ code: number | string, output: string }>}
 */
export async function runAndRead(command, args, options = {}) {
  return runAndTell(command, args, options, (to, text) => to.write(text));
}

/** Like {@link runAndRead}, but the output is only returned: for commands that run side by side. */
export async function runQuietly(command, args, options = {}) {
  return runAndTell(command, args, options, () => {});
}

async function runAndTell(command, args, options, tell) {
  console.log(styled(2, `$ ${shown(command, args)}`));
  const child = spawnIn(command, args, options, ["inherit", "pipe", "pipe"]);
  let output = "";
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from.setEncoding("utf8");
    from.on("data", (text) => {
      output += text;
      tell(to, text);
    });
  }
  const { code } = await finished(child);
  return { code, output: output.replace(ESCAPES, "") };
}

/**
 * Runs every step, one after the other, also when one fails, so that all failures are known.
 *
 * @param {(() => unknown)[]} steps
 * @returns {Promise<unknown[]>} what they return; rejects with a {@link Failure} that names all
 */
export async function runAll(steps) {
  const results = [];
  const failures = [];
  for (const step of steps) {
    try {
      results.push(await step());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length > 0) throw new Failure(failures.join("\n"));
  return results;
}

/** What a command prints, trimmed; null if there is no such command or it fails. */
export function read(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
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

function spawnIn(command, args, options, stdio) {
  return spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio,
  });
}

/** Resolves with the exit code, or with the name of the signal that ended the process. */
function finished(child) {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      reject(new Failure(`${child.spawnfile} could not be started: ${error.message}`));
    });
    child.on("close", (code, signal) => resolve({ code: code ?? signal }));
  });
}

/** The command as one would type it in the project's root. */
function shown(command, args) {
  return [command, ...args].join(" ").replaceAll(ROOT, "");
}

/** Bold (1) or dim (2) where that can be shown. */
function styled(style, text) {
  return INTERACTIVE ? `\x1b[${style}m${text}\x1b[0m` : text;
}
