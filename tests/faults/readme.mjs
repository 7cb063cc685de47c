/**
 * The table of faults as the README shows it.
 *
 * `node tests/faults/readme.mjs --write` writes it anew.
 */

import { isMain } from "../../scripts/lib/paths.mjs";
import { table, writePartOfReadme } from "../support/readme.mjs";
import { COUNTS, RIVALS } from "./rivals.mjs";
import { GROUPS } from "./table.mjs";

const NAMES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };

/** What the README should say. */
export function faultsInMarkdown() {
  const count = GROUPS.reduce((sum, { faults }) => sum + faults.length, 0);
  return [
    "",
    `Each of these ${count} faults is scripted on the local gateway and met by the built package in`,
    "Chromium by `npm test`, in Firefox and WebKit too by `npm run test:all`; the table is written from",
    "what the tests assert.",
    "",
    "<details>",
    "<summary>What goes wrong, what the call comes to, and how many submits the gateway receives</summary>",
    "",
    "*Job kept*: maybe charged, and `error.job` and `pending()` have the job, of which `poll()` or",
    "`resume()` brings the pictures if they are ever made.",
    "",
    ...faultTable(),
    "",
    "</details>",
    "",
    "How many submits one call sends, beside those of other clients:",
    "",
    ...rivalTable(),
    "",
    "Counted by `node tests/faults/count-rivals.mjs` on Node 20, with a `fetch` that fails in these ways, on",
    `${RIVALS.map(({ release }) => `\`${release}\``).join(",\n")}.`,
    "",
    "",
  ].join("\n");
}

function faultTable() {
  const rows = GROUPS.flatMap(({ on, faults }) => [[`**${on}**`, "", "", ""], ...faults.map(row)]);
  return table(["what goes wrong", "AIML API", "Vtrix", "submits"], rows);
}

function row({ what, aimlapi, vtrix }) {
  return [what, byEngine(aimlapi, words), byEngine(vtrix, words), byEngine(vtrix, submits)];
}

function words({ code, images, charged, kept }) {
  if (!code) return images === 1 ? "pictures" : `${images} pictures`;
  if (kept) return `\`${code}\`, job kept`;
  return `\`${code}\`, ${charged ? "maybe charged" : "not charged"}`;
}

function submits(outcome) {
  return String(outcome.submits);
}

/** What holds in most engines, and behind it in which engines something else. */
function byEngine(outcome, tell) {
  if (!outcome) return "–";
  const usual = tell(outcome);
  const others = new Map();
  for (const [engine, unlike] of Object.entries(outcome.unlike ?? {})) {
    const text = tell(unlike);
    if (text !== usual) others.set(text, [...(others.get(text) ?? []), NAMES[engine]]);
  }
  const behind = [...others].map(([text, names]) => `; ${names.join(", ")}: ${text}`);
  return usual + behind.join("");
}

function rivalTable() {
  const rows = COUNTS.map(({ what, ours, note, counts }) => {
    const own = String(fault(ours).vtrix.sends);
    return [what, note ? `${own}, ${note}` : own, ...counts];
  });
  return table(["", "wanvas", ...RIVALS.map(({ name }) => name)], rows);
}

function fault(what) {
  return GROUPS.flatMap(({ faults }) => faults).find((one) => one.what === what);
}

if (isMain(import.meta.url)) {
  const markdown = faultsInMarkdown();
  if (process.argv[2] === "--write") writePartOfReadme("faults", markdown);
  else console.log(markdown);
}
