/** The parts of the README that scripts write, each between two marks. */

import { readFileSync, writeFileSync } from "node:fs";
import { inProject } from "../../scripts/lib/paths.mjs";

const README = inProject("README.md");

/** What the README says between the marks of that name. */
export function partOfReadme(name) {
  const part = readFileSync(README, "utf8").match(between(name))?.[0];
  if (part === undefined) throw new Error(`README.md has no part ${name}`);
  return part;
}

/** Has it say that. */
export function writePartOfReadme(name, markdown) {
  partOfReadme(name);
  writeFileSync(
    README,
    readFileSync(README, "utf8").replace(between(name), () => markdown),
  );
}

/** A table in markdown. */
export function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function between(name) {
  return new RegExp(`(?<=^<!-- ${name} -->\\n).*(?=^<!-- /${name} -->$)`, "ms");
}
