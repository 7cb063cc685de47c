/** A page of the tests in an engine, with the React that a test asks for, and a gateway. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, before, beforeEach } from "node:test";
import { build } from "esbuild";
import { ENGINES, programsHere, startBrowser } from "../../scripts/lib/engines.mjs";
import { inProject, ROOT } from "../../scripts/lib/paths.mjs";
import { Gateway } from "../support/gateway.mjs";

/** `WANVAS_ENGINES=firefox node --test tests/views/` runs one engine. */
export const CHOSEN = process.env.WANVAS_ENGINES?.split(",") ?? ENGINES;

/** The names under which npm installed each React. */
const REACTS = {
  18: { react: "react-18", "react-dom": "react-dom-18" },
  19: {},
};

/** How long jobs take: long enough to see them run. */
const JOB_MS = "400..600";

/**
 * A browser and a gateway; before each test the gateway has forgotten everything, and the page is a
 * new one of an origin that has stored nothing.
 *
 * @param {string} engine
 * @param {(directory: string) => Promise<void>} [addTo] writes further modules that the page has
 */
export function usePage(engine, addTo) {
  const here = {};
  before(async () => {
    const made = inProject("target", "views");
    mkdirSync(made, { recursive: true });
    here.directory = mkdtempSync(join(made, "page-"));
    cpSync(inProject("tests", "views", "page"), here.directory, { recursive: true });
    await addTo?.(here.directory);
    here.gateway = await Gateway.start(relative(ROOT, here.directory), JOB_MS);
    here.browser = await startBrowser(engine, await programsHere());
  });
  beforeEach(async () => {
    await here.gateway.reset();
    await here.browser.open(`${here.gateway.origin}/`);
    await here.browser.run(CLEAR);
    await here.browser.open(`${here.gateway.origin}/`);
  });
  after(async () => {
    await here.browser?.quit();
    await here.gateway?.stop();
    if (here.directory) rmSync(here.directory, { recursive: true });
  });
  return here;
}

const CLEAR = async () => {
  const done = (request) =>
    new Promise((resolve) => Object.assign(request, { onsuccess: resolve }));
  await done(indexedDB.deleteDatabase("wanvas"));
};

/**
 * Bundles a module with a React, as an app's bundler would; the package's own module stays apart,
 * as `/pkg/wanvas.js`.
 *
 * @param {number} version of React
 * @param {import("esbuild").BuildOptions} options what to bundle, where to, and for what
 */
export async function bundle(version, options) {
  await build({
    bundle: true,
    format: "esm",
    jsx: "automatic",
    logLevel: "warning",
    alias: { "wanvas/react": inProject("pkg", "react.js"), ...REACTS[version] },
    plugins: [packageApart],
    // Its directive is for bundlers that render on a server.
    logOverride: { "unsupported-directive": "silent" },
    ...options,
  });
}

const packageApart = {
  name: "package-apart",
  setup(bundler) {
    bundler.onResolve({ filter: /\/wanvas\.js$/ }, () => ({
      path: "/pkg/wanvas.js",
      external: true,
    }));
  },
};

/** The README's example in a language of code. */
export function example(language) {
  const readme = readFileSync(inProject("README.md"), "utf8");
  const [, views] = readme.match(/<!-- views -->(.*)<!-- \/views -->/s);
  return views.match(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s"))[1];
}

/** Writes a module for a bundler to begin with. */
export function written(directory, name, contents) {
  const path = join(directory, name);
  writeFileSync(path, contents);
  return path;
}
