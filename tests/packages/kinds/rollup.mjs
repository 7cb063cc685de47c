/** Rollup, which finds packages by its plugin for that. */

import { byPage, html, PAGE_MAIN } from "../ways.mjs";

export default {
  name: "Rollup with `@rollup/plugin-node-resolve`",
  at: "rollup",
  uses: ["rollup", "4.68.7"],
  dependencies: { rollup: "4.68.7", "@rollup/plugin-node-resolve": "16.0.3" },
  files: { "index.html": html("/dist/main.js"), "main.js": PAGE_MAIN },
  build: ["rollup", "main.js", "--plugin=node-resolve", "--dir=dist", "--format=es"],
  outcome: byPage("."),
};
