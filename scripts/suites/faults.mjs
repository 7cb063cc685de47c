/** The table of faults in three browser engines, by Node's own test runner: `tests/faults`. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { environmentFor } from "../lib/engines.mjs";
import { GATEWAY } from "../lib/gateway.mjs";
import { inProject } from "../lib/paths.mjs";
import { Failure, heading, runAndRead } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";

const DIRECTORY = "tests/faults";

/**
 * The tests start their own gateways and browsers, one engine after the other.
 *
 * @param {Record<string, string>} programs from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally>}
 */
export async function testFaults(programs) {
  heading("Testing every fault in Chromium, Firefox and WebKit (node --test)");
  const files = readdirSync(inProject(DIRECTORY)).filter((name) => name.endsWith(".test.mjs"));
  // Without a file named, the runner would look for tests everywhere.
  if (files.length === 0) throw new Failure(`There is no test in ${DIRECTORY}`);
  const paths = files.map((name) => join(DIRECTORY, name));
  const env = { ...environmentFor(programs), WANVAS_GATEWAY_BIN: GATEWAY };
  const run = await runAndRead("node", ["--test", "--test-reporter=spec", ...paths], { env });
  return nodeTally("faults", run);
}
