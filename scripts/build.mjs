/**
 * Builds the npm package into `pkg/`:
 *
 * 1. wasm-pack compiles the crate and generates its glue into `target/engine/`;
 * 2. wasm-opt makes the engine smaller;
 * 3. esbuild bundles the entry, `src/browser/index.js`, and the glue into one module. The entry
 *    imports the glue under the name `wanvas-engine`, and the glue finds the engine beside the
 *    bundle by `new URL("wanvas_bg.wasm", import.meta.url)`;
 * 4. the hand-written types are copied beside it.
 */

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { ENGINE, inProject, isMain, nodeBin, PKG, TARGET } from "./lib/paths.mjs";
import { heading, main, run } from "./lib/run.mjs";
import { setUpBuild } from "./setup.mjs";
import { checkSize } from "./size.mjs";

/** What rustc assumes of every engine of its wasm target, so that wasm-opt may use it too. */
const WASM_FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

/** Oldest JavaScript that the bundle is written in. */
const JS_TARGET = "es2021";

/** Builds the package; its tools must be set up. */
export async function buildPackage() {
  mkdirSync(PKG, { recursive: true });
  heading("Building the engine (wasm-pack)");
  await compileEngine();
  heading("Making it small (wasm-opt, esbuild)");
  await optimiseEngine();
  await bundleEntry();
  copyTypes();
  checkSize();
}

/** Puts the package's types where those who import it find them, also before it is built. */
export function copyTypes() {
  mkdirSync(PKG, { recursive: true });
  copyFileSync(inProject("src", "browser", "index.d.ts"), join(PKG, "wanvas.d.ts"));
}

async function compileEngine() {
  const output = ["--out-dir", ENGINE, "--out-name", "wanvas", "--no-pack", "--no-typescript"];
  const build = ["build", "--target", "web", "--release", "--no-opt", "--mode", "no-install"];
  await run("wasm-pack", [...build, ...output, "--", "--locked", "--features", "engine"]);
}

/** Optimising takes longer than compiling, so that what was optimised before is kept. */
async function optimiseEngine() {
  const engine = join(ENGINE, "wanvas_bg.wasm");
  const features = WASM_FEATURES.map((feature) => `--enable-${feature}`);
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  const options = ["-Oz", "--converge", ...features, ...strip];
  const kept = join(TARGET, "optimised", `${fingerprint(engine, options)}.wasm`);
  if (!existsSync(kept)) {
    mkdirSync(dirname(kept), { recursive: true });
    await run(nodeBin("wasm-opt"), [...options, engine, "-o", `${kept}.part`]);
    renameSync(`${kept}.part`, kept);
  }
  copyFileSync(kept, join(PKG, "wanvas_bg.wasm"));
}

/** Differs for another engine, other options and, by npm's lock file, another wasm-opt. */
function fingerprint(engine, options) {
  const hash = createHash("sha256").update(options.join(" "));
  for (const file of [engine, inProject("package-lock.json")]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

async function bundleEntry() {
  await run(nodeBin("esbuild"), [
    inProject("src", "browser", "index.js"),
    "--bundle",
    "--minify",
    "--format=esm",
    "--legal-comments=none",
    "--log-level=warning",
    `--target=${JS_TARGET}`,
    `--alias:wanvas-engine=${join(ENGINE, "wanvas.js")}`,
    `--outfile=${join(PKG, "wanvas.js")}`,
  ]);
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpBuild();
    await buildPackage();
  });
}
