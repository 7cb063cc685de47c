/** The element's types in JSX, by each React's own types; and where there are none. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { inProject } from "../../scripts/lib/paths.mjs";
import { Project } from "./project.mjs";
import { PROJECTS, pack } from "./tarball.mjs";

/** React's types, under names that TypeScript does not look for by itself. */
const REACTS = {
  "react-types-18": "npm:@types/react@18.3.31",
  "react-types-19": "npm:@types/react@19.3.0",
};

const STRICT = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true };
const OPTIONS = {
  ...STRICT,
  noEmit: true,
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  module: "nodenext",
};

let project;

/** A configuration of TypeScript for a file, as a file. */
function configuration(file, more = {}) {
  return JSON.stringify({ compilerOptions: { ...OPTIONS, ...more }, files: [file] });
}

function withReact(types) {
  const at = (path) => [`./node_modules/${types}/${path}`];
  const paths = { react: at("index.d.ts"), "react/*": at("*.d.ts") };
  return configuration("jsx.tsx", { jsx: "react-jsx", paths });
}

before(async () => {
  project = new Project(join(PROJECTS, "jsx"), pack());
  const text = (name) => readFileSync(inProject("tests/packages/types", name), "utf8");
  const configurations = Object.keys(REACTS).map((types) => [`${types}.json`, withReact(types)]);
  project.write({
    "jsx.tsx": text("jsx.tsx"),
    "element.ts": text("element.ts"),
    "no-react.json": configuration("element.ts"),
    ...Object.fromEntries(configurations),
  });
  await project.install({ ...REACTS, typescript: "7.0.2" });
});

for (const name of [...Object.keys(REACTS), "no-react"]) {
  test(`the element is typed: ${name}`, async () => {
    const { code, output } = await project.tell(["tsc", "--project", `${name}.json`]);
    assert.equal(code, 0, output);
  });
}
