/** Everything that can be said about the code without running it; a warning is an error. */

import { copyTypes } from "./build.mjs";
import { checkReference } from "./docs.mjs";
import { inProject, isMain, nodeBin } from "./lib/paths.mjs";
import { Failure, heading, main, read, run, runAll } from "./lib/run.mjs";
import { setUpBuild } from "./setup.mjs";
import { copySiteTypes } from "./site.mjs";

/** The target of the package and the sandbox, for what exists only there. */
const TARGET_WASM = ["--target", "wasm32-unknown-unknown"];
const WASM = ["-p", "wanvas", ...TARGET_WASM];

/** What only those parts of the crate may name that perform: what decides must do without. */
const BROWSER = "js_sys|web_sys|wasm_bindgen|gloo|crate::(api|client|js|web)\\b";

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
    refuseBrowserInProto,
    () => run(nodeBin("biome"), ["check", "--error-on-warnings", "."]),
    checkTypes,
    checkReference,
  ]);
}

function clippy(what) {
  return run("cargo", ["clippy", "--locked", "--quiet", ...what, "--", "-D", "warnings"]);
}

async function rustdoc(what) {
  const args = ["doc", "--locked", "--quiet", ...what, "--no-deps", "--document-private-items"];
  await run("cargo", args, { env: { RUSTDOCFLAGS: "-D warnings" } });
}

/** `src/proto` is pure: no compiler would notice if it was not. */
function refuseBrowserInProto() {
  const found = read("git", ["grep", "--extended-regexp", "-n", BROWSER, "--", "src/proto"]);
  if (found) throw new Failure(`src/proto is to do without a browser:\n${found}`);
}

/** The public types, and the page against them. */
async function checkTypes() {
  copyTypes();
  copySiteTypes();
  await run(nodeBin("tsc"), ["--project", inProject("tsconfig.json")]);
}

if (isMain(import.meta.url)) await main(() => setUpBuild().then(lint));
