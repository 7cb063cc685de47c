/** webpack and Rspack, without a configuration but for where the page is. */

import { byPage, html, PAGE_MAIN } from "../ways.mjs";

const FILES = { "src/index.js": PAGE_MAIN.replace("./try-out", "../try-out") };

export default [
  {
    name: "webpack",
    at: "webpack",
    uses: ["webpack", "5.112.2"],
    dependencies: { webpack: "5.112.2", "webpack-cli": "7.3.1" },
    files: { ...FILES, "index.html": html("/dist/main.js") },
    build: ["webpack", "--mode=production"],
    outcome: byPage("."),
  },
  {
    name: "Rspack",
    at: "rspack",
    uses: ["@rspack/core", "2.3.2"],
    dependencies: { "@rspack/core": "2.3.2", "@rspack/cli": "2.2.8" },
    files: { ...FILES, "index.html": html("/dist/main.js") },
    build: ["rspack", "build", "--mode=production"],
    outcome: byPage("."),
  },
];
