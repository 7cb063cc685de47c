/** The demo page in Chromium: files `tests/page/*.test.mjs`, by Node's own test runner. */

import { readdirSync } from "node:fs";
import { GATEWAY } from "../lib/gateway.mjs";
import { inProject } from "../lib/paths.mjs";
import { heading, runAndRead } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";

/**
 * The tests start their own gateways and browser, from the paths in `WANVAS_GATEWAY_BIN` and
 * `CHROMIUM`.
 *
 * @param {{ chromium: string }} programs from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally>}
 */
export async function testPage({ chromium }) {
  heading("Testing the page in Chromium (node --test)");
  const directory = inProject("tests", "page");
  const files = readdirSync(directory).filter((name) => name.endsWith(".test.mjs"));
  const paths = files.map((name) => `${directory}/${name}`);
  const env = { CHROMIUM: chromium, WANVAS_GATEWAY_BIN: GATEWAY };
  const run = await runAndRead("node", ["--test", "--test-reporter=spec", ...paths], { env });
  return nodeTally("page", run);
}
