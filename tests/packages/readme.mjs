/** The table of kinds as the README shows it, between two marks. */

import { readFileSync, writeFileSync } from "node:fs";
import { inProject } from "../../scripts/lib/paths.mjs";

const README = inProject("README.md");
const BETWEEN = /(?<=^<!-- runs -->\n).*(?=^<!-- \/runs -->$)/ms;

/** What the README says of kinds. */
export function kindsInReadme() {
  return readFileSync(README, "utf8").match(BETWEEN)?.[0];
}

/** What it should say if these have passed, each in the order of the table. */
export function kindsInMarkdown(passed) {
  return [
    "",
    "| where the packed package was installed, built and run | tried with | works |",
    "| --- | --- | --- |",
    ...rows(passed).map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "",
  ].join("\n");
}

/** Kinds that differ in nothing but their version share a row. */
function rows(passed) {
  const versions = new Map();
  for (const { name, uses, row = "yes" } of passed) {
    const key = JSON.stringify([name, row]);
    versions.set(key, [...(versions.get(key) ?? []), ...(uses ? [uses[1]] : [])]);
  }
  return [...versions].map(([key, tried]) => {
    const [name, row] = JSON.parse(key);
    return [name, tried.join(", ") || "–", row];
  });
}

/** Writes what has passed into the README. */
export function writeKinds(passed) {
  const text = readFileSync(README, "utf8").replace(BETWEEN, () => kindsInMarkdown(passed));
  writeFileSync(README, text);
}
