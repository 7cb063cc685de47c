/** Everything that can be said about the code without running it; a warning is an error. */

import { copyTypes } from "./build.mjs";
import { checkReference } from "./docs.mjs";
import { inProject, isMain, nodeBin } from "./lib/paths.mjs";
import { Failure, heading, main, read, run, runAll } from "./lib/run.mjs";
import { setUpLint } from "./setup.mjs";
import { copySiteTypes } from "./site.mjs";

/** The target of the package and the sandbox, for what exists only there. */
const TARGET_WASM = ["--target", "wasm32-unknown-unknown"];
const WASM = ["-p", "wanvas", ...TARGET_WASM];

/** Crates that bind to a browser; what decides must compile without them. */
const BROWSER_CRATES = /^(js-sys|web-sys|wasm-bindgen|gloo|serde-wasm-bindgen)/;

/** Runs every lint; its tools must be set up. */
export async function lint() {
  heading("Linting");
  await runAll([
    () => run("cargo", ["fmt", "--all", "--check"]),
    () => clippy(["--workspace", "--all-targets"]),
    () => clippy([...WASM, "--all-targets"]),
    () => clippy([...WASM, "--no-default-features"]),
    () => clippy(["-p", "wanvas-sandbox", ...TARGET_WASM]),
    () => rustdoc(["--workspace"]),
    () => rustdoc(WASM),
    refuseBrowserCratesOnHost,
    () => run(nodeBin("biome"), ["check", "--error-on-warnings", "."]),
    checkTypes,
    checkReference,
  ]);
}

async function clippy(what) {
  const args = ["clippy", "--locked", "--quiet", ...what, "--", "-D", "warnings"];
  await run("cargo", args);
}

async function rustdoc(what) {
  const args = ["doc", "--locked", "--quiet", ...what, "--no-deps", "--document-private-items"];
  await run("cargo", args, { env: { RUSTDOCFLAGS: "-D warnings" } });
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

/** The public types, and the page against them. */
async function checkTypes() {
  copyTypes();
  copySiteTypes();
  await run(nodeBin("tsc"), ["--project", inProject("tsconfig.json")]);
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpLint();
    await lint();
  });
}
