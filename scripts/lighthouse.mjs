/**
 * `npm run lighthouse`: what Lighthouse says of the demo page, on a phone and on a desktop. Its
 * throttling is simulated, but still a busy machine has a worse score: what counts is the median.
 */

import { buildPackage } from "./build.mjs";
import { heading, main } from "./lib/run.mjs";
import { setUpTests } from "./setup.mjs";
import { buildSite } from "./site.mjs";

const RUNS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices"];

await main(async () => {
  await setUpTests();
  await buildPackage();
  await buildSite();
  heading(`Asking Lighthouse ${RUNS} times`);
  // Not before the npm packages that it needs are there.
  const { audit, PRESETS } = await import("../tests/page/lighthouse.mjs");
  for (const preset of Object.keys(PRESETS)) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await audit(preset, CATEGORIES));
    for (const category of CATEGORIES) {
      const scores = runs.map(({ scores }) => scores[category]).sort((one, other) => one - other);
      const median = scores[Math.floor(RUNS / 2)];
      console.log(`${preset}: ${category} ${median} (${scores.join(", ")})`);
    }
    const failed = new Set(runs.flatMap(({ failed }) => failed));
    if (failed.size > 0) console.log(`${preset}: to be better in ${[...failed].join(", ")}`);
  }
});
