/** The tarball for those who publish it, compile with its types, or import nothing else of it. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { inProject } from "../../scripts/lib/paths.mjs";
import { Project } from "./project.mjs";
import { PROJECTS, pack } from "./tarball.mjs";

const DEPENDENCIES = {
  "@arethetypeswrong/cli": "0.18.5",
  "@types/node": "24.10.1",
  esbuild: "0.28.2",
  publint: "0.3.25",
  typescript: "7.0.2",
};

/** What TypeScript is told in a project of each kind; both are as strict as it can be. */
const STRICT = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"];
const COMPILE = ["tsc", "--noEmit", ...STRICT, "--target", "es2022"];
const IN_PAGE = ["--lib", "es2022,dom", "--types", ""];
const RESOLUTIONS = [
  ["--module", "esnext", "--moduleResolution", "bundler"],
  ["--module", "nodenext"],
];

let project;

before(async () => {
  project = new Project(join(PROJECTS, "publish"), pack());
  project.write({
    "right.ts": readFileSync(inProject("tests/packages/types/right.ts"), "utf8"),
    "wrong.ts": readFileSync(inProject("tests/packages/types/wrong.ts"), "utf8"),
    "node.ts": readFileSync(inProject("tests/packages/types/node.ts"), "utf8"),
    // With its option of that name, TypeScript leaves of the second an import of nothing.
    "types.ts": 'import type { Job } from "wanvas";\nimport { type Size } from "wanvas";\n',
    "tsconfig.json": JSON.stringify({ compilerOptions: { verbatimModuleSyntax: true } }),
  });
  await project.install(DEPENDENCIES);
});

test("publint finds nothing to say", async () => {
  const { code, output } = await project.tell(["publint", "--strict", project.tarball]);
  assert.equal(code, 0, output);
  assert.match(output, /All good!/);
});

test("each link of its pages leads to a page in it", () => {
  const root = project.path("node_modules", "wanvas");
  const pages = readdirSync(root, { recursive: true }).filter((file) => file.endsWith(".md"));
  assert.ok(pages.includes("README.md") && pages.includes("docs/keys.md"), pages.join());
  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8");
    for (const [, link] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
      assert.ok(existsSync(join(root, dirname(page), link)), `${page} links to ${link}`);
    }
  }
});

test("every way to resolve the types of an ES module finds those that are right", async () => {
  // The engine's bytes have no types.
  const options = ["--profile", "esm-only", "--exclude-entrypoints", "./engine.wasm"];
  const { code, output } = await project.tell(["attw", project.tarball, ...options]);
  assert.equal(code, 0, output);
});

for (const resolution of RESOLUTIONS) {
  test(`the API is typed, ${resolution.join(" ")}`, async () => {
    // Named files make TypeScript refuse a configuration that it finds.
    const files = ["--ignoreConfig", "right.ts", "wrong.ts"];
    const { code, output } = await project.tell([...COMPILE, ...IN_PAGE, ...resolution, ...files]);
    assert.equal(code, 0, output);
  });
}

test("the API is typed in Node, without the types of a page", async () => {
  const options = ["--lib", "es2022", "--types", "node", "--module", "nodenext"];
  const { code, output } = await project.tell([
    ...COMPILE,
    ...options,
    "--ignoreConfig",
    "node.ts",
  ]);
  assert.equal(code, 0, output);
});

test("an import of types leaves nothing in a bundle", async () => {
  const bundled = await project.run([
    "esbuild",
    "types.ts",
    "--bundle",
    "--minify",
    "--format=esm",
  ]);
  assert.equal(bundled.trim(), "");
});

test("the tarball has the files that the package exports, its pages, and no others", async () => {
  const listed = (await project.run(["tar", "-tzf", project.tarball])).trim().split("\n");
  const { exports } = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  const exported = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  const pages = ["README.md", "CHANGELOG.md", "LICENSE", "pkg/THIRD-PARTY.md", "docs/keys.md"];
  const reference = ["README.md", "wanvas.md", "wanvas/element.md", "wanvas/react.md"];
  const referred = reference.map((page) => join("docs", "api", page));
  const expected = [...exported, ...pages, ...referred].map((path) => join("package", path));
  assert.deepEqual(listed.sort(), [...new Set(expected)].sort());
});
