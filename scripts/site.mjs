/**
 * Puts what the demo page needs beside its own files, into `www/built/`: the package, a library, and
 * the sandbox. The folder `www/` then works from any web server, under any path.
 */

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { inProject, PKG, TARGET } from "./lib/paths.mjs";
import { heading } from "./lib/run.mjs";
import { compile, optimise } from "./lib/wasm.mjs";

const BUILT = inProject("www", "built");
const SANDBOX = join(BUILT, "sandbox");

/** The library by which both the page and the sandbox keep things. */
const STORE = inProject("node_modules", "idb-keyval", "dist");

/** Where wasm-pack leaves the sandbox. */
const COMPILED = join(TARGET, "sandbox");

/** Puts all there; the package must be built, and the tools set up. */
export async function buildSite() {
  copyToSite();
  await buildSandbox();
}

/** Copies what need not be compiled, once the package is built. */
export function copyToSite() {
  copySiteTypes();
  copyFileSync(join(PKG, "wanvas.js"), join(BUILT, "wanvas.js"));
  copyFileSync(join(STORE, "index.js"), join(BUILT, "idb-keyval.js"));
}

export async function buildSandbox() {
  heading("Building the sandbox of the demo page (wasm-pack, wasm-opt)");
  await compile("sandbox", COMPILED, "sandbox");
  copyFileSync(await optimise(join(COMPILED, "sandbox_bg.wasm")), join(SANDBOX, "sandbox_bg.wasm"));
  copyFileSync(join(COMPILED, "sandbox.js"), join(SANDBOX, "sandbox.js"));
}

/** Puts the types of all there, by which the page can be checked before they are built. */
export function copySiteTypes() {
  mkdirSync(SANDBOX, { recursive: true });
  copyFileSync(inProject("sandbox", "sandbox.d.ts"), join(SANDBOX, "sandbox.d.ts"));
  copyFileSync(join(PKG, "wanvas.d.ts"), join(BUILT, "wanvas.d.ts"));
  copyFileSync(join(STORE, "index.d.ts"), join(BUILT, "idb-keyval.d.ts"));
}
