/** Command-line tools written in Rust, each at one version. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { inProject, TOOLS } from "../lib/paths.mjs";
import { Failure, heading, read, run } from "../lib/run.mjs";

/**
 * @typedef {object} Tool
 * @property {string} crate    name at the registry
 * @property {string} program  asked for its `--version` to see whether it is there
 * @property {string} version  the only one used
 * @property {string[]} [flags] for `cargo install`
 */

/** @type {Tool} */
export const WASM_PACK = {
  crate: "wasm-pack",
  program: "wasm-pack",
  version: "0.15.1",
  flags: ["--locked"],
};

/**
 * Generates the glue, and with `wasm-bindgen-test-runner` runs the browser tests. It must have
 * the version of the library that is compiled in. Not locked: the lock file of 0.2.130 names a
 * dependency that was withdrawn.
 *
 * @type {Tool}
 */
export const WASM_BINDGEN = {
  crate: "wasm-bindgen-cli",
  program: "wasm-bindgen",
  version: lockedVersion("wasm-bindgen"),
};

/** @type {Tool} */
export const GECKODRIVER = {
  crate: "geckodriver",
  program: "geckodriver",
  version: "0.37.1",
  flags: ["--locked"],
};

/** Tools wait for the disk, the network and browsers: what is felt is how long they compile. */
const QUICK_TO_BUILD = {
  CARGO_PROFILE_RELEASE_LTO: "off",
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
};

/**
 * Puts a tool on the path, unless it is there in its version: the one that was installed before, or
 * a new one.
 *
 * @param {Tool} tool
 */
export async function installTool(tool) {
  // As in `geckodriver 0.37.1 (c3a1… 2026-01-01)`.
  if (read(tool.program, ["--version"])?.split(/\s/)[1] === tool.version) return;
  const home = join(TOOLS, `${tool.crate}-${tool.version}`);
  if (!existsSync(home)) await install(tool, home);
  process.env.PATH = [join(home, "bin"), process.env.PATH].join(delimiter);
}

/** Installs beside `home` and renames at the end, so that `home` is never half of a tool. */
async function install(tool, home) {
  const staging = `${home}.${process.pid}`;
  const isPrebuilt = read("cargo", ["binstall", "-V"]) !== null;
  heading(`Setting up: ${tool.crate} ${tool.version}${isPrebuilt ? "" : " (once, some minutes)"}`);
  mkdirSync(staging, { recursive: true });
  try {
    await (isPrebuilt ? fetchPrebuilt : compile)(tool, staging);
    if (!existsSync(home)) renameSync(staging, home);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Where nobody has built the tool for this system, it is compiled after all. */
async function fetchPrebuilt({ crate, version }, staging) {
  // Its links would lead to where the directory is before it is renamed.
  const options = ["--no-confirm", "--no-symlinks", "--install-path", join(staging, "bin")];
  await run("cargo", ["binstall", ...options, `${crate}@${version}`], { cwd: TOOLS });
}

async function compile({ crate, version, flags = [] }, staging) {
  const env = { ...QUICK_TO_BUILD, CARGO_TARGET_DIR: join(staging, "target") };
  // Run in the cache, so that no setting of the project changes how a tool is built.
  const options = { cwd: TOOLS, env };
  await run("cargo", ["install", `${crate}@${version}`, "--root", staging, ...flags], options);
  rmSync(join(staging, "target"), { recursive: true });
}

/** The version of a crate in `Cargo.lock`. */
function lockedVersion(crate) {
  const lock = readFileSync(inProject("Cargo.lock"), "utf8");
  const found = lock.match(new RegExp(`name = "${crate}"\nversion = "([^"]+)"`));
  if (!found) throw new Failure(`${crate} is not in Cargo.lock`);
  return found[1];
}
