/** The packed package in projects of every kind: `tests/packages`, by Node's own test runner. */

import { environmentFor } from "../lib/engines.mjs";
import { GATEWAY } from "../lib/gateway.mjs";
import { heading, runAndRead } from "../lib/run.mjs";
import { nodeTally } from "../lib/tally.mjs";
import { testFiles } from "../lib/tests.mjs";

/**
 * Needs the npm registry for what is not installed yet.
 *
 * @param {Record<string, string>} programs from `setUpBrowsers`
 * @param {{ write?: boolean }} [options] whether the README's table is written anew
 * @returns {Promise<import("../lib/tally.mjs").Tally>}
 */
export async function testPackages(programs, { write = false } = {}) {
  heading("Testing the packed package in projects (node --test)");
  const files = testFiles("packages");
  const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files];
  const env = { ...environmentFor(programs), WANVAS_GATEWAY_BIN: GATEWAY };
  const run = await runAndRead("node", args, { env: write ? { ...env, WANVAS_WRITE: "1" } : env });
  return nodeTally("packages", run);
}
