/**
 * Builds the npm package into `pkg/`:
 *
 * 1. wasm-pack compiles the crate and generates its glue into `target/engine/`;
 * 2. wasm-opt makes the engine smaller;
 * 3. esbuild bundles the entry, `npm/index.js`, with the glue, which the entry imports under the name
 *    `wanvas-engine`, and the engine;
 * 4. esbuild bundles the views, which import the entry beside them;
 * 5. the hand-written types are copied beside each, and the notices that others' licences ask for.
 */

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CRASHING, CRATE, ENGINE, inProject, isMain, PKG } from "./lib/paths.mjs";
import { heading, main, run } from "./lib/run.mjs";
import { compile, optimise } from "./lib/wasm.mjs";
import { writeNotices } from "./notices.mjs";
import { setUpBuild } from "./setup.mjs";
import { buildSite } from "./site.mjs";
import { checkSize } from "./size.mjs";

/** Oldest JavaScript that the bundle is written in. */
const JS_TARGET = "es2021";

/** Builds the package; its tools must be set up. */
export async function buildPackage() {
  // What an earlier build left would be packed too.
  rmSync(PKG, { recursive: true, force: true });
  mkdirSync(PKG, { recursive: true });
  heading("Building the engine (wasm-pack)");
  await compile(".", ENGINE, "wanvas");
  heading("Making it small (wasm-opt, esbuild)");
  copyFileSync(await optimise(join(ENGINE, "wanvas_bg.wasm")), join(PKG, "wanvas_bg.wasm"));
  const inputs = await bundleForms();
  await bundleViews();
  copyTypes();
  writeNotices(inputs);
  checkSize();
}

/** Has wasm-pack build the crate as it comes, apart from the package. */
export async function buildCrate() {
  heading("Building the crate as it comes (wasm-pack)");
  const output = ["--out-dir", CRATE, "--mode", "no-install"];
  await run("wasm-pack", ["build", "--dev", "--target", "web", ...output, "--", "--locked"]);
}

/** Builds the local gateway. */
export async function buildGateway() {
  heading("Building the local gateway (cargo)");
  await run("cargo", ["build", "--locked", "-p", "wanvas-gateway"]);
}

/** Builds the package with an engine that can be made to crash, for its tests. */
export async function buildCrashing() {
  heading("Building an engine that can be made to crash (wasm-pack, esbuild)");
  await compile("tests/jobs/crashing", CRASHING, "engine", "--dev");
  const source = inProject("tests", "jobs", "crashing");
  await bundleEntry(join(source, "entry.js"), join(CRASHING, "wanvas.js"), {
    "wanvas-engine": join(CRASHING, "engine.js"),
    "wanvas-engine-source": join(source, "source.js"),
  });
}

/** The crate's types, and what the package has beside them. */
function packageTypes() {
  const parts = [inProject("src", "js", "types.d.ts"), inProject("npm", "preload.d.ts")];
  return parts.map((part) => readFileSync(part, "utf8")).join("\n");
}

/** Puts the package's types where those who import it find them, also before it is built. */
export function copyTypes() {
  mkdirSync(PKG, { recursive: true });
  writeFileSync(join(PKG, "wanvas.d.ts"), packageTypes());
  for (const view of Object.keys(VIEWS)) {
    copyFileSync(inProject("src", view, "index.d.ts"), join(PKG, `${view}.d.ts`));
  }
}

/**
 * The package's module in three forms, which differ in where the engine comes from: the modules of
 * `npm/source/`.
 */
const FORMS = { embedded: "wanvas.js", edge: "edge.js", "edge-light": "edge-light.js" };

/** Bundles each form; returns the paths of the modules that went in. */
async function bundleForms() {
  const deflated = join(ENGINE, "deflated.js");
  writeFileSync(deflated, `export default "${await deflatedEngine()}";`);
  const inputs = [];
  for (const [form, name] of Object.entries(FORMS)) {
    const { metafile } = await bundleEntry(inProject("npm", "index.js"), join(PKG, name), {
      "wanvas-engine": join(ENGINE, "wanvas.js"),
      "wanvas-engine-source": inProject("npm", "source", `${form}.js`),
      "wanvas-engine-deflated": deflated,
    });
    inputs.push(...Object.keys(metafile.inputs));
  }
  return inputs;
}

/** Bundles an entry with the modules that it, or what it imports, has by these names. */
function bundleEntry(entry, outfile, alias) {
  return bundle({
    entryPoints: [entry],
    format: "esm",
    alias,
    // The glue would look for the engine beside itself, and bundlers for a file to take along.
    define: { "import.meta.url": '""' },
    inject: [inProject("npm", "schedule.js")],
    external: ["./wanvas_bg.wasm*"],
    outfile,
  });
}

/** The engine for where text is wanted. Zopfli's format is zlib's, a twentieth smaller. */
async function deflatedEngine() {
  const { default: zopfli } = await import("@gfx/zopfli");
  const engine = readFileSync(join(PKG, "wanvas_bg.wasm"));
  return Buffer.from(await zopfli.zlibAsync(engine, {})).toString("base64");
}

const BUNDLE = {
  bundle: true,
  minify: true,
  // The glue names a module again for each function of it.
  logOverride: { "duplicate-object-key": "silent" },
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  target: JS_TARGET,
};

/** Bundles; only now are the packages sure to be there. */
async function bundle(options) {
  const { build } = await import("esbuild");
  return build({ ...BUNDLE, ...options });
}

/**
 * The optional entries of the package, and the words that begin each: where React renders on a
 * server, a module says that its hooks are for the browser.
 */
const VIEWS = { react: '"use client";', element: "" };

async function bundleViews() {
  for (const [view, js] of Object.entries(VIEWS)) {
    await bundle({
      entryPoints: [inProject("src", view, "index.js")],
      format: "esm",
      external: ["react"],
      plugins: [besideEntry],
      banner: { js },
      outfile: join(PKG, `${view}.js`),
    });
  }
}

/** Leaves the entry where it is, so that a page which uses several of them has one engine. */
const besideEntry = {
  name: "wanvas-entry",
  setup(bundler) {
    bundler.onResolve({ filter: /^wanvas$/ }, () => ({ path: "./wanvas.js", external: true }));
  },
};

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpBuild();
    await buildPackage();
    await buildSite();
  });
}
