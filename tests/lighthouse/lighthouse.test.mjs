/**
 * Lighthouse's scores, of which a busy machine cannot change accessibility and best practices; of its
 * performance counts the median of several runs: `WANVAS_RUNS` says how many.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { median } from "../support/median.mjs";
import { audit, PRESETS } from "./audit.mjs";

const RUNS = Number(process.env.WANVAS_RUNS ?? 1);
const LEAST = { accessibility: 95, "best-practices": 95, performance: 0 };

for (const preset of Object.keys(PRESETS)) {
  test(`${preset}: accessibility and best practices`, async (context) => {
    const audits = [];
    while (audits.length < RUNS) audits.push(await audit(preset, Object.keys(LEAST)));
    const failed = [...new Set(audits.flatMap(({ failed }) => failed))].join(", ");
    for (const [category, least] of Object.entries(LEAST)) {
      const scores = audits.map(({ scores }) => scores[category]);
      const score = median(scores);
      context.diagnostic(`${preset}: ${category} ${score} (${scores.join(", ")})`);
      assert.ok(score >= least, `${category} ${score}; to be better in ${failed}`);
    }
    context.diagnostic(`${preset}: to be better in ${failed || "nothing"}`);
  });
}
