/** esbuild, which bundles a page in either of its formats. */

import { byPage, html, PAGE_MAIN } from "../ways.mjs";

const COMMAND = ["esbuild", "main.js", "--bundle", "--minify", "--outfile=dist/main.js"];

export default ["esm", "iife"].map((format) => ({
  name: `esbuild, \`--format=${format}\``,
  at: "esbuild",
  uses: ["esbuild", "0.28.2"],
  dependencies: { esbuild: "0.28.2" },
  files: { "index.html": html("/dist/main.js"), "main.js": PAGE_MAIN },
  build: [...COMMAND, `--format=${format}`],
  outcome: byPage("."),
}));
