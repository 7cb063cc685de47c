/** Suites that drive real browsers from Node: files `tests/<suite>/*.test.mjs`, in each engine. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ENGINES, environmentFor } from "../lib/engines.mjs";
import { GATEWAY } from "../lib/gateway.mjs";
import { inProject } from "../lib/paths.mjs";
import { Failure, heading, runQuietly } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";

/** Each suite and its engines. */
const SUITES = {
  loading: ENGINES,
  jobs: ENGINES,
  faults: ENGINES,
  // Only these two have a profile that outlives a killed browser.
  recovery: ["chromium", "firefox"],
  sandbox: ENGINES,
  views: ["chromium"],
};

/** How many run side by side: they mostly wait. */
const AT_ONCE = 4;

/**
 * Runs suites, each engine's tests with gateways and browsers of their own.
 *
 * @param {string[]} names
 * @param {Record<string, string>} programs from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally[]>}
 */
export async function testInEngines(names, programs) {
  heading(`Testing ${names.join(", ")} in real browsers (node --test)`);
  const runs = names.flatMap((suite) => SUITES[suite].map((engine) => ({ suite, engine })));
  const tallies = [];
  const work = async () => {
    for (let run = runs.shift(); run; run = runs.shift()) {
      tallies.push(await test(run, programs));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tallies;
}

async function test({ suite, engine }, programs) {
  const directory = join("tests", suite);
  const files = readdirSync(inProject(directory)).filter((name) => name.endsWith(".test.mjs"));
  // Without a file named, the runner would look for tests everywhere.
  if (files.length === 0) throw new Failure(`There is no test in ${directory}`);
  const paths = files.map((name) => join(directory, name));
  const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...paths];
  const own = { WANVAS_GATEWAY_BIN: GATEWAY, WANVAS_ENGINES: engine };
  const run = await runQuietly("node", args, { env: { ...environmentFor(programs), ...own } });
  console.log(run.output);
  return nodeTally(`${suite}, ${engine}`, run);
}
