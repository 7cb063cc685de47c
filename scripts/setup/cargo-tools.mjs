/** Command-line tools that cargo builds, each at one version. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { inProject, TOOLS } from "../lib/paths.mjs";
import { Failure, heading, read, run } from "../lib/run.mjs";

/**
 * @typedef {object} CargoTool
 * @property {string} crate    name at the registry
 * @property {string} version  the only one used
 * @property {string} program  asked for its `--version` to see whether it is there
 * @property {boolean} locked  whether the crate's own lock file is obeyed
 */

/** @type {CargoTool} */
export const WASM_PACK = {
  crate: "wasm-pack",
  version: "0.15.1",
  program: "wasm-pack",
  locked: true,
};

/**
 * Generates the glue, and with `wasm-bindgen-test-runner` runs the browser tests. It must have
 * the version of the library that is compiled in. Not locked: the lock file of 0.2.130 names a
 * dependency that was withdrawn.
 *
 * @type {CargoTool}
 */
export const WASM_BINDGEN = {
  crate: "wasm-bindgen-cli",
  version: lockedVersion("wasm-bindgen"),
  program: "wasm-bindgen",
  locked: false,
};

/** @type {CargoTool} */
export const GECKODRIVER = {
  crate: "geckodriver",
  version: "0.37.1",
  program: "geckodriver",
  locked: true,
};

// The tools wait for the disk, the network and browsers; their compile time is what is felt.
const QUICK_TO_BUILD = {
  CARGO_PROFILE_RELEASE_LTO: "off",
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
};

/**
 * Puts the tool on the path, unless it is there in its version, and builds it, unless that was
 * done before.
 *
 * @param {CargoTool} tool
 */
export async function cargoTool(tool) {
  if (hasVersion(read(tool.program, ["--version"]), tool.version)) return;
  const home = join(TOOLS, `${tool.crate}-${tool.version}`);
  if (!existsSync(home)) await install(tool, home);
  process.env.PATH = [join(home, "bin"), process.env.PATH].join(delimiter);
}

/** Installs beside `home` and renames at the end, so that `home` is never half of a tool. */
async function install(tool, home) {
  const staging = `${home}.${process.pid}`;
  const args = ["install", tool.crate, "--version", tool.version, "--root"];
  const locked = tool.locked ? ["--locked"] : [];
  heading(`Setting up: ${tool.crate} ${tool.version} (once, some minutes)`);
  mkdirSync(staging, { recursive: true });
  try {
    // Run in the cache, so that no setting of the project changes how a tool is built.
    const env = { ...QUICK_TO_BUILD, CARGO_TARGET_DIR: join(staging, "target") };
    await run("cargo", [...args, staging, ...locked], { cwd: TOOLS, env });
    rmSync(join(staging, "target"), { recursive: true });
    if (!existsSync(home)) renameSync(staging, home);
  } catch (error) {
    const byHand = `cargo install ${tool.crate} --version ${tool.version} ${locked.join(" ")}`;
    throw new Failure(`${error.message}. By hand: ${byHand}`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Whether `--version` said this version, as in `geckodriver 0.37.1 (c3a1… 2026-01-01)`. */
function hasVersion(text, version) {
  return text?.split(/\s/)[1] === version;
}

/** The version of a crate in `Cargo.lock`. */
function lockedVersion(crate) {
  const lock = readFileSync(inProject("Cargo.lock"), "utf8");
  const found = lock.match(new RegExp(`name = "${crate}"\nversion = "([^"]+)"`));
  if (!found) throw new Failure(`${crate} is not in Cargo.lock`);
  return found[1];
}
