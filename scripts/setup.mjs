/**
 * `npm run setup`: installs what building and testing need, each thing in its version, and only what
 * is not there yet. `npm start` and `npm test` begin with it.
 */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { inProject, isMain } from "./lib/paths.mjs";
import { Failure, heading, main, read, run } from "./lib/run.mjs";
import { installBrowsers } from "./setup/browsers.mjs";
import { GECKODRIVER, installTool, WASM_BINDGEN, WASM_PACK } from "./setup/tools.mjs";

const WASM = "wasm32-unknown-unknown";

/** For the package, and for what is said of the code without running it. */
export async function setUpBuild() {
  await completeToolchain();
  await installNodeModules();
  await installTool(WASM_BINDGEN);
  await installTool(WASM_PACK);
}

/** For tests in browsers, too. */
export async function setUpTests() {
  await setUpBuild();
  await installTool(GECKODRIVER);
  await installBrowsers();
}

/**
 * Adds what the toolchain in use lacks. Not by a `rust-toolchain.toml`: for that, rustup brings a
 * toolchain named `stable` up to date with it, and a build is not to change what it is built by.
 */
async function completeToolchain() {
  const sysroot = read("rustc", ["--print", "sysroot"]);
  if (sysroot === null) {
    throw new Failure("Rust is missing. Install it by rustup: https://rustup.rs");
  }
  const target = join(sysroot, "lib", "rustlib", WASM, "lib");
  if (!existsSync(target)) await run("rustup", ["target", "add", WASM]);
  const lacksLints = ["fmt", "clippy"].some((name) => read("cargo", [name, "--version"]) === null);
  if (lacksLints) await run("rustup", ["component", "add", "rustfmt", "clippy"]);
}

/** Runs `npm ci`, unless `node_modules` is younger than the lock file. */
export async function installNodeModules() {
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

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpTests();
    console.log("Nothing is missing.");
  });
}
