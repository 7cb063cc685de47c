/** Tests on the host: `src/proto` on a virtual clock, the gateway, and the examples in the docs. */

import { heading, runAndRead } from "../lib/run.mjs";
import { cargoTally } from "../lib/tally.mjs";

/** @returns {Promise<import("../lib/tally.mjs").Tally>} */
export async function testHost() {
  heading("Testing on the host (cargo)");
  const run = await runAndRead("cargo", ["test", "--locked", "--workspace", "--no-fail-fast"]);
  return cargoTally("host", run);
}
