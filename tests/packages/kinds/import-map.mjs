/** A page without a bundler: an import map names the installed module. */

import { byPage, html, PAGE_MAIN } from "../ways.mjs";

const MAP = { imports: { wanvas: "/node_modules/wanvas/pkg/wanvas.js" } };

export default {
  name: 'a page without a bundler, `<script type="module">`',
  at: "import-map",
  dependencies: {},
  files: {
    "index.html": html("/main.js", `<script type="importmap">${JSON.stringify(MAP)}</script>`),
    "main.js": PAGE_MAIN,
  },
  outcome: byPage("."),
  row: "yes, with an import map",
};
