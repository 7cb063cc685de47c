/** A page of the tests in an engine, with the React that a test asks for, and a gateway. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { build } from "esbuild";
import { inProject } from "../../scripts/lib/paths.mjs";
import { chosenEngines } from "../support/browser.mjs";
import { Gateway, SITE } from "../support/gateway.mjs";
import * as support from "../support/page.mjs";

export const CHOSEN = chosenEngines();

/** The names under which npm installed each React. */
const REACTS = {
  18: { react: "react-18", "react-dom": "react-dom-18" },
  19: {},
};

/** How long jobs take: long enough to see them run. */
const JOB_MS = "400..600";

/**
 * The page of these tests, from a directory of its own.
 *
 * @param {string} engine
 * @param {(directory: string) => Promise<void>} [addTo] writes further modules that the page has
 */
export function usePage(engine, addTo) {
  const startGateway = async () => {
    const made = inProject("target", "views");
    mkdirSync(made, { recursive: true });
    here.directory = mkdtempSync(join(made, "page-"));
    cpSync(SITE, here.directory, { recursive: true });
    await addTo?.(here.directory);
    return Gateway.start(JOB_MS, { www: here.directory });
  };
  const here = support.usePage(engine, startGateway, "/views.html");
  after(() => {
    if (here.directory) rmSync(here.directory, { recursive: true });
  });
  return here;
}

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
