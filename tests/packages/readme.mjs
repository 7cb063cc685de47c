/** The table of kinds as the README shows it. */

import { table } from "../support/readme.mjs";

/** What the README should say if these have passed, each in the order of the table. */
export function kindsInMarkdown(passed) {
  const head = ["where the packed package was installed, built and run", "tried with", "works"];
  return ["", ...table(head, rows(passed)), "", ""].join("\n");
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
