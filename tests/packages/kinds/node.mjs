/** Node: as an ES module, by `require()`, and an import that is not used. */

import assert from "node:assert/strict";
import { byCommand, NODE_MAIN } from "../ways.mjs";

const REQUIRE = `const wanvas = require("wanvas");

import("./try-out.js")
  .then(({ tryOut }) => tryOut(wanvas, process.argv[2]))
  .then((outcome) => console.log(JSON.stringify(outcome)));
`;

/** Says what an import has left under way, by the system's call, which itself leaves nothing. */
const IMPORT_ONLY = `import { writeSync } from "node:fs";

const before = process.getActiveResourcesInfo();
await import("wanvas");
writeSync(1, JSON.stringify({ before, after: process.getActiveResourcesInfo() }));
`;

const FILES = { "main.js": NODE_MAIN, "required.cjs": REQUIRE, "imported.js": IMPORT_ONLY };

export default [
  node("20.0.0", "20-oldest"),
  node("20.20.2", "20"),
  node("22.23.3", "22"),
  node("24.9.0", "24"),
  requires("20.20.2", "20"),
  requires("22.23.3", "22"),
  requires("24.9.0", "24"),
  {
    name: "Node, `require()`",
    at: "node-20-oldest",
    uses: ["node", "20.0.0"],
    dependencies: { node: "20.0.0" },
    files: FILES,
    row: 'no: this Node cannot `require()` an ES module, and says so; `await import("wanvas")` works',
    async check({ project, gateway }) {
      const { code, stderr } = await project.tell(["node", "required.cjs", gateway.origin]);
      assert.notEqual(code, 0);
      assert.match(stderr, /ERR_REQUIRE_ESM/);
    },
  },
];

function node(version, at) {
  return {
    name: "Node, `import`",
    at: `node-${at}`,
    uses: ["node", version],
    dependencies: { node: version },
    files: FILES,
    outcome: byCommand("node", "main.js"),
    async check({ project }) {
      const { code, stdout, stderr } = await project.tell(["node", "imported.js"]);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      const { before, after } = JSON.parse(stdout);
      assert.deepEqual(after, before, "an import opens nothing");
    },
  };
}

function requires(version, at) {
  return {
    name: "Node, `require()`",
    at: `node-${at}`,
    uses: ["node", version],
    dependencies: { node: version },
    files: FILES,
    outcome: byCommand("node", "required.cjs"),
  };
}
