/** The suites that run in real browsers, several at a time. */

import { ENGINES, environmentFor } from "../lib/engines.mjs";
import { GATEWAY } from "../lib/gateway.mjs";
import { heading, runQuietly } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";
import { testFiles } from "../lib/tests.mjs";
import { serveCrateTests } from "./browser.mjs";

/** Each suite and its engines; those that take longest come first. */
export const SUITES = {
  page: ["chromium"],
  faults: ENGINES,
  browser: ENGINES,
  // The effects of `src/web`.
  web: ENGINES,
  // Only these two have a profile that outlives a killed browser.
  recovery: ["chromium", "firefox"],
  views: ["chromium"],
  jobs: ENGINES,
  loading: ENGINES,
  // What wasm-pack makes of the crate by itself.
  crate: ENGINES,
  sandbox: ENGINES,
  // The page's own suite is in Chromium.
  smoke: ["firefox", "webkit"],
  // The app in Leptos, which takes minutes to compile.
  examples: ["chromium"],
};

/** Those that are written in Rust. */
const OF_THE_CRATE = ["browser", "web"];

/** How many run side by side: they mostly wait. */
const AT_ONCE = 5;

/**
 * Runs suites, each file's tests in each engine with gateways and browsers of their own.
 *
 * @param {string[]} names of {@link SUITES}
 * @param {Record<string, string>} programs from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally[]>}
 */
export async function testInEngines(names, programs) {
  const served = {};
  for (const suite of OF_THE_CRATE) {
    if (names.includes(suite)) served[suite] = await serveCrateTests(suite);
  }
  heading(`Testing in real browsers: ${names.join(", ")}`);
  const runs = names.flatMap((suite) =>
    served[suite] ? served[suite].runs(SUITES[suite], programs) : nodeRuns(suite, programs),
  );
  const tallies = [];
  const work = async () => {
    for (let run = runs.shift(); run; run = runs.shift()) tallies.push(await run());
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await Promise.all(Object.values(served).map((tests) => tests.stop()));
  }
  return tallies;
}

/** A run for each file `tests/<suite>/*.test.mjs` in each engine, by Node's own test runner. */
function nodeRuns(suite, programs) {
  const files = testFiles(suite);
  return SUITES[suite].flatMap((engine) =>
    files.map((file) => async () => {
      const env = {
        ...environmentFor(programs),
        WANVAS_GATEWAY_BIN: GATEWAY,
        WANVAS_ENGINES: engine,
      };
      const args = ["--test", "--test-reporter=spec", file];
      const run = await runQuietly("node", args, { env });
      console.log(run.output);
      return nodeTally(`${suite}, ${engine}`, run);
    }),
  );
}
