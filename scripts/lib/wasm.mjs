/** From a crate to a small module of WebAssembly, with the glue that JavaScript reaches it by. */

import { homedir } from "node:os";
import { join } from "node:path";
import { inProject, nodeBin } from "./paths.mjs";
import { run } from "./run.mjs";

/**
 * Compiles a crate, and generates its glue, by wasm-pack.
 *
 * @param {string} crate its directory
 * @param {string} directory where `<name>.js` and `<name>_bg.wasm` are put
 * @param {string} name
 * @param {"--release" | "--dev"} [profile]
 */
export async function compile(crate, directory, name, profile = "--release") {
  const output = ["--out-dir", directory, "--out-name", name, "--no-pack", "--no-typescript"];
  const build = ["--target", "web", profile, "--no-opt", "--mode", "no-install"];
  const words = ["build", inProject(crate), ...build, ...output, "--", "--locked"];
  await run("wasm-pack", words, { env: { RUSTFLAGS: WITHOUT_HOME } });
}

/** Panics tell where they are, and so would the module where its builder keeps other crates. */
const CARGO_HOME = process.env.CARGO_HOME || join(homedir(), ".cargo");
const WITHOUT_HOME = `--remap-path-prefix=${join(CARGO_HOME, "registry", "src")}=crates`;

/**
 * Makes a module smaller, by wasm-opt, which uses the features that rustc says it has; returns the
 * path of the result.
 */
export async function optimise(wasm) {
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  // What is inlined into its one caller compresses worse: a twentieth of the engine, gzipped.
  const inlining = "--one-caller-inline-max-function-size=1";
  const optimised = wasm.replace(/\.wasm$/, ".optimised.wasm");
  await run(nodeBin("wasm-opt"), ["-Os", inlining, ...strip, wasm, "-o", optimised]);
  return optimised;
}
