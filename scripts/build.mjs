/**
 * Builds the npm package into `pkg/`:
 *
 * 1. wasm-pack compiles the crate and generates its glue into `target/engine/`;
 * 2. wasm-opt makes the engine smaller, and its names short;
 * 3. esbuild bundles the entry, `src/browser/index.js`, with the glue and the engine. The entry
 *    imports the glue under the name `wanvas-engine`, as a function that makes a fresh instance of
 *    it, since an engine that has crashed cannot be used again;
 * 4. esbuild bundles the views, which import the entry beside them;
 * 5. the hand-written types are copied beside each, and the notices that others' licences ask for.
 */

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CRATE, ENGINE, inProject, isMain, nodeBin, PKG } from "./lib/paths.mjs";
import { Failure, heading, main, read, run } from "./lib/run.mjs";
import { compile, FEATURES, optimise } from "./lib/wasm.mjs";
import { writeNotices } from "./notices.mjs";
import { setUpBuild } from "./setup.mjs";
import { buildSite } from "./site.mjs";
import { checkSize } from "./size.mjs";

/** The door of the crate that the entry is written for. */
const SHELL = ["--no-default-features", "--features", "shell"];

/** Oldest JavaScript that the bundle is written in. */
const JS_TARGET = "es2021";

/** Builds the package; its tools must be set up. */
export async function buildPackage() {
  // What an earlier build left would be packed too.
  rmSync(PKG, { recursive: true, force: true });
  mkdirSync(PKG, { recursive: true });
  heading("Building the engine (wasm-pack)");
  await compile(".", ENGINE, "wanvas", SHELL);
  heading("Making it small (wasm-opt, esbuild)");
  const glue = shortenNames(await optimise(join(ENGINE, "wanvas_bg.wasm")));
  const inputs = await bundleForms(await bundleGlue(glue));
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

/** The crate's types, and what the package has beside them. */
function packageTypes() {
  const parts = [inProject("src", "js", "types.d.ts"), inProject("src", "browser", "preload.d.ts")];
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
 * Writes the engine with names of one letter for what it and its glue have of each other, which
 * have a hash each; returns the glue with the same names.
 */
function shortenNames(engine) {
  const options = [...FEATURES, "--minify-imports-and-exports-and-modules", engine];
  const told = read(nodeBin("wasm-opt"), [...options, "-o", join(PKG, "wanvas_bg.wasm")]);
  if (told === null) throw new Failure("wasm-opt could not shorten the engine's names");
  const { imports, exports } = JSON.parse(told);
  let glue = readFileSync(join(ENGINE, "wanvas.js"), "utf8");
  // It calls the one module of all imports "a".
  for (const [module, name, short] of imports) {
    glue = glue.replaceAll(name, short).replaceAll(module, "a");
  }
  for (const [name, short] of exports) {
    glue = glue.replaceAll(new RegExp(`\\bwasm\\.${name}\\b`, "g"), `wasm.${short}`);
  }
  return glue;
}

/**
 * The package's module in three forms, which differ in where the engine comes from: the modules of
 * `npm/source/`.
 */
const FORMS = { embedded: "wanvas.js", edge: "edge.js", "edge-light": "edge-light.js" };

/** The engine comes first: gzip makes less of its text when it has read code before. */
const ENTRY = 'import "wanvas-engine-source"; export * from "./index.js";';

/** Bundles each form; returns the paths of the modules that went in. */
async function bundleForms(glue) {
  const plugin = engineModules(glue, await deflatedEngine());
  const inputs = [];
  for (const [form, name] of Object.entries(FORMS)) {
    const { metafile } = await bundle({
      stdin: { contents: ENTRY, resolveDir: inProject("src", "browser") },
      format: "esm",
      // The import of the engine is kept in its place.
      ignoreAnnotations: true,
      alias: { "wanvas-engine-source": inProject("npm", "source", `${form}.js`) },
      external: ["./wanvas_bg.wasm*"],
      plugins: [plugin],
      outfile: join(PKG, name),
    });
    inputs.push(...Object.keys(metafile.inputs));
  }
  return inputs;
}

/** The engine for where text is wanted. Zopfli's format is zlib's, a twentieth smaller. */
async function deflatedEngine() {
  const { default: zopfli } = await import("@gfx/zopfli");
  const engine = readFileSync(join(PKG, "wanvas_bg.wasm"));
  return Buffer.from(await zopfli.zlibAsync(engine, {})).toString("base64");
}

const BUNDLE = {
  bundle: true,
  // The glue could look for the engine beside itself, which it is never asked to.
  logOverride: { "empty-import-meta": "silent" },
  minify: true,
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
 * What the glue is to tell of: how to make an instance of the compiled engine, and what that
 * exports. The entry loads and compiles the engine itself, so the glue's own ways are left out.
 */
const GLUE_EXPORTS = `
  engine = {
    async instantiate(module) {
      __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
    },
    Call, lane, nearestSize, sizes,
  };`;

/** The glue as a script that sets `engine`. */
async function bundleGlue(glue) {
  const [own] = glue.split("export { initSync");
  const { outputFiles } = await bundle({
    stdin: { contents: own + GLUE_EXPORTS },
    format: "iife",
    // Calls are freed by the entry; to be told when one is not, there is no need.
    define: { FinalizationRegistry: "undefined" },
    write: false,
  });
  return outputFiles[0].text;
}

/** Resolves `wanvas-engine` to the glue in a function, `wanvas-engine-deflated` to the engine. */
function engineModules(glue, deflated) {
  const namespace = "wanvas-engine";
  const contents = {
    "wanvas-engine": `export default function createEngine() {\nlet engine;\n${glue}\nreturn engine;\n}`,
    "wanvas-engine-deflated": `export default "${deflated}";`,
  };
  return {
    name: namespace,
    setup(bundler) {
      const filter = /^wanvas-engine(-deflated)?$/;
      bundler.onResolve({ filter }, ({ path }) => ({ path, namespace }));
      bundler.onLoad({ filter, namespace }, ({ path }) => ({ contents: contents[path] }));
    },
  };
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
