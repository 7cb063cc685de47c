/** The page of these tests, with jobs as long as a test wants them. */

import { chosenEngines } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import * as support from "../support/page.mjs";

export const CHOSEN = chosenEngines();

/**
 * @param {string} engine
 * @param {string} jobMs how long jobs take
 * @param {string} [pkg] the directory of the package
 */
export function usePage(engine, jobMs = "60..120", pkg = undefined) {
  return support.usePage(engine, () => Gateway.start(jobMs, { pkg }));
}
