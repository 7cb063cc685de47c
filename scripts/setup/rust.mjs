/** What rustup adds to a toolchain: the wasm target, rustfmt and clippy. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure, heading, read, run } from "../lib/run.mjs";

const TARGET = "wasm32-unknown-unknown";

/** Adds the wasm target to the toolchain in use, unless it is there. */
export async function wasmTarget() {
  const sysroot = read("rustc", ["--print", "sysroot"]);
  if (sysroot === null) {
    throw new Failure("Rust is missing. Install it by rustup: https://rustup.rs");
  }
  if (existsSync(join(sysroot, "lib", "rustlib", TARGET, "lib"))) return;
  await rustup(["target", "add", TARGET]);
}

/** Adds rustfmt and clippy, unless they are there; rustup's minimal profile lacks them. */
export async function rustLints() {
  const missing = [
    ["rustfmt", "fmt"],
    ["clippy", "clippy"],
  ].filter(([, command]) => read("cargo", [command, "--version"]) === null);
  if (missing.length > 0) await rustup(["component", "add", ...missing.map(([name]) => name)]);
}

async function rustup(args) {
  const command = `rustup ${args.join(" ")}`;
  heading(`Setting up: ${command}`);
  try {
    await run("rustup", args);
  } catch (error) {
    throw new Failure(`${error.message}. By hand: ${command}`);
  }
}
