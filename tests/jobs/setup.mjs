/** The page of these tests, with jobs as long as a test wants them. */

import { chosenEngines } from "../../scripts/lib/engines.mjs";
import { Gateway } from "../support/gateway.mjs";
import * as support from "../support/page.mjs";

export const CHOSEN = chosenEngines();

/**
 * @param {string} engine
 * @param {string} jobMs how long jobs take
 */
export function usePage(engine, jobMs = "60..120") {
  return support.usePage(engine, () => Gateway.start("tests/jobs/page", jobMs));
}
