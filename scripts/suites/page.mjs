/** The demo page in Chromium: files `tests/page/*.test.mjs`, by Node's own test runner. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { GATEWAY } from "../lib/gateway.mjs";
import { inProject } from "../lib/paths.mjs";
import { Failure, heading, runAndRead } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";

const DIRECTORY = "tests/page";

/**
 * The tests start their own gateways and browser, from the paths in `WANVAS_GATEWAY_BIN` and
 * `CHROMIUM`.
 *
 * @param {{ chromium: string }} programs from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally>}
 */
export async function testPage({ chromium }) {
  heading("Testing the page in Chromium (node --test)");
  const files = readdirSync(inProject(DIRECTORY)).filter((name) => name.endsWith(".test.mjs"));
  // Without a file named, the runner would look for tests everywhere.
  if (files.length === 0) throw new Failure(`There is no test in ${DIRECTORY}`);
  const paths = files.map((name) => join(DIRECTORY, name));
  const env = { CHROMIUM: chromium, WANVAS_GATEWAY_BIN: GATEWAY };
  const run = await runAndRead("node", ["--test", "--test-reporter=spec", ...paths], { env });
  return nodeTally("page", run);
}
