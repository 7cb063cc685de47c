/** What `package-lock.json` lists. */

import { statSync } from "node:fs";
import { inProject } from "../lib/paths.mjs";
import { Failure, heading, run } from "../lib/run.mjs";

/** Oldest Node.js that runs the scripts. */
const NODE_MAJOR = 20;

/** Runs `npm ci`, unless `node_modules` is younger than the lock file. */
export async function nodeModules() {
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
    throw new Failure(`Node.js ${process.versions.node} is too old: ${NODE_MAJOR} is needed`);
  }
  // npm writes the inner file at the end of each install.
  const installed = inProject("node_modules", ".package-lock.json");
  if (modified(installed) >= modified(inProject("package-lock.json"))) return;
  heading("Setting up: npm ci");
  // No package of ours needs its install script.
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
}

/** When a file was last written, 0 if there is none. */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
