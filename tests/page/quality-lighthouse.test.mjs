/** Lighthouse's scores that a busy machine cannot change; `npm run lighthouse` tells them all. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { audit, PRESETS } from "./lighthouse.mjs";

const LEAST = 95;

for (const preset of Object.keys(PRESETS)) {
  test(`${preset}: accessibility and best practices`, async (context) => {
    const { scores, failed } = await audit(preset, ["accessibility", "best-practices"]);
    const words = Object.entries(scores).map(([name, score]) => `${name} ${score}`);
    context.diagnostic(words.join(", "));
    assert.equal(words.length, 2);
    for (const score of Object.values(scores)) {
      assert.ok(score >= LEAST, `${words.join(", ")}; ${failed.join(", ")}`);
    }
  });
}
