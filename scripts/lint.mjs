/** Everything that can be said about the code without running it; a warning is an error. */

import { copyTypes } from "./build.mjs";
import { inProject, isMain, nodeBin } from "./lib/paths.mjs";
import { Failure, heading, main, read, run } from "./lib/run.mjs";
import { setUpLint } from "./setup.mjs";

/** The target of the package, for what exists only there. */
const WASM = ["-p", "wanvas", "--target", "wasm32-unknown-unknown"];

/** Crates that bind to a browser; what decides must compile without them. */
const BROWSER_CRATES = /^(js-sys|web-sys|wasm-bindgen|gloo|serde-wasm-bindgen)/;

/** Runs every lint; its tools must be set up. */
export async function lint() {
  heading("Linting Rust: formatting");
  await run("cargo", ["fmt", "--all", "--check"]);
  heading("Linting Rust: clippy on the host and for wasm32");
  await clippy(["--workspace"]);
  await clippy(WASM);
  heading("Linting Rust: documentation");
  await document(["--workspace"]);
  await document(WASM);
  refuseBrowserCratesOnHost();
  heading("Linting JavaScript, CSS and JSON: biome");
  await run(nodeBin("biome"), ["ci", "--error-on-warnings", "."]);
  heading("Checking types: tsc");
  copyTypes();
  await run(nodeBin("tsc"), ["--project", inProject("tsconfig.json")]);
}

async function clippy(what) {
  const args = ["clippy", "--locked", "--quiet", ...what, "--all-targets", "--", "-D", "warnings"];
  await run("cargo", args);
}

async function document(what) {
  await run(
    "cargo",
    ["doc", "--locked", "--quiet", ...what, "--no-deps", "--document-private-items"],
    {
      env: { RUSTDOCFLAGS: "-D warnings" },
    },
  );
}

/** The compiler sees a browser type used by `src/proto`, but not a crate it has no need of. */
function refuseBrowserCratesOnHost() {
  const tree = ["tree", "--locked", "-p", "wanvas", "-e", "normal", "--prefix", "none"];
  const found = read("cargo", tree)
    ?.split("\n")
    .filter((crate) => BROWSER_CRATES.test(crate));
  if (found === undefined) throw new Failure("cargo tree failed");
  if (found.length > 0) {
    throw new Failure(`The host build depends on browser crates: ${found.join(", ")}`);
  }
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpLint();
    await lint();
  });
}
