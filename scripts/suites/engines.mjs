/** Suites that drive real browsers from Node: files `tests/<suite>/*.test.mjs`, in each engine. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { environmentFor } from "../lib/engines.mjs";
import { GATEWAY } from "../lib/gateway.mjs";
import { inProject } from "../lib/paths.mjs";
import { Failure, heading, runQuietly } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";

/**
 * Runs a suite in several engines at once, since it mostly waits. Each engine's tests start their
 * own gateways and browsers.
 *
 * @param {string} suite
 * @param {string[]} engines
 * @param {Record<string, string>} programs from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally[]>}
 */
export async function testInEngines(suite, engines, programs) {
  heading(`Testing ${suite} in ${engines.join(", ")} (node --test)`);
  const directory = join("tests", suite);
  const files = readdirSync(inProject(directory)).filter((name) => name.endsWith(".test.mjs"));
  // Without a file named, the runner would look for tests everywhere.
  if (files.length === 0) throw new Failure(`There is no test in ${directory}`);
  const paths = files.map((name) => join(directory, name));
  const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...paths];
  const shared = { ...environmentFor(programs), WANVAS_GATEWAY_BIN: GATEWAY };
  const runs = engines.map(async (engine) => {
    const run = await runQuietly("node", args, { env: { ...shared, WANVAS_ENGINES: engine } });
    console.log(run.output);
    return nodeTally(`${suite}, ${engine}`, run);
  });
  return Promise.all(runs);
}
