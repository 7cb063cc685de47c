/** Deno, with the package in `node_modules`. */

import { byCommand, NODE_MAIN } from "../ways.mjs";

export default {
  name: "Deno",
  at: "deno",
  uses: ["deno", "2.9.6"],
  dependencies: { deno: "2.9.6" },
  files: { "main.js": NODE_MAIN.replace("process.argv.at(-1)", "Deno.args[0]") },
  outcome: byCommand("deno", "run", "--quiet", "--allow-net", "main.js"),
};
