/** Bun. */

import { byCommand, NODE_MAIN } from "../ways.mjs";

export default {
  name: "Bun",
  at: "bun",
  uses: ["bun", "1.4.5"],
  dependencies: { bun: "1.4.5" },
  files: { "main.js": NODE_MAIN },
  outcome: byCommand("bun", "run", "main.js"),
};
