/** Reloads, kills and tabs in Chromium and Firefox: files `tests/recovery/*.test.mjs`. */

import { environmentFor } from "../lib/engines.mjs";
import { GATEWAY } from "../lib/gateway.mjs";
import { heading, runAndRead } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";

const FILES = ["tests/recovery/reload.test.mjs", "tests/recovery/tabs.test.mjs"];

/**
 * The tests start their own gateways and browsers; `WANVAS_MOMENTS` and `WANVAS_SEED` say how many
 * moments they try and which.
 *
 * @param {Record<string, string>} programs from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally>}
 */
export async function testRecovery(programs) {
  heading("Testing reloads, kills and tabs (node --test)");
  const env = { ...environmentFor(programs), WANVAS_GATEWAY_BIN: GATEWAY };
  // One file after the other: each starts browsers, and both would need the whole machine.
  const args = ["--test", "--test-reporter=spec", "--test-concurrency=1", ...FILES];
  return nodeTally("recovery", await runAndRead("node", args, { env }));
}
