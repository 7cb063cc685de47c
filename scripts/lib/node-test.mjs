/** Node's own test runner, once for each engine. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inProject, ROOT, TARGET } from "./paths.mjs";

/** Where each runner leaves what it counted. */
const COUNTS = join(TARGET, "test-counts");

/**
 * @typedef {object} Run
 * @property {string} name begins each line of the output
 * @property {string[]} suites the tests are `tests/<suite>/*.test.mjs`
 * @property {string} [engine] in which they run, if in any
 * @property {number} atOnce how many files run side by side
 */

/**
 * Runs them all at the same time.
 *
 * @param {Run[]} runs
 * @returns {Promise<{ name: string, passed: number, failures: string[] }[]>}
 */
export function testTogether(runs) {
  return Promise.all(runs.map(test));
}

async function test({ name, suites, engine, atOnce }) {
  mkdirSync(COUNTS, { recursive: true });
  const counts = join(COUNTS, `${name}.json`);
  rmSync(counts, { force: true });
  const reporters = { spec: "stdout", [inProject("scripts", "lib", "count.mjs")]: counts };
  const options = Object.entries(reporters).flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
  const node = ["node", "--test", `--test-concurrency=${atOnce}`, ...options];
  // WebKitGTK's browser has no headless mode.
  const display = engine === "webkit" ? ["xvfb-run", "-a"] : [];
  const [command, ...args] = [...display, ...node, ...suites.flatMap(filesOf)];
  const env = engine ? { ...process.env, WANVAS_ENGINES: engine } : process.env;
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => console.log(`${name.padEnd(8)} ${line}`));
  }
  const [code] = await once(child, "close");
  const none = { passed: 0, failures: [] };
  const { passed, failures } = existsSync(counts) ? JSON.parse(readFileSync(counts, "utf8")) : none;
  // A runner that ends badly without naming a failed test is a failure itself.
  if (code !== 0 && failures.length === 0) failures.push(`node --test ended with ${code}`);
  return { name, passed, failures };
}

/** A file must be named: without one, the runner would look for tests everywhere. */
function filesOf(suite) {
  const files = readdirSync(inProject("tests", suite)).filter((name) => name.endsWith(".test.mjs"));
  return files.map((name) => join("tests", suite, name));
}
