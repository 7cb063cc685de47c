/** A page of the tests in an engine, served by a gateway of its own. */

import { after, before, beforeEach } from "node:test";
import { ENGINES, programsHere, startBrowser } from "../../scripts/lib/engines.mjs";
import { Gateway } from "../support/gateway.mjs";

/** `WANVAS_ENGINES=firefox node --test tests/jobs/` runs one engine. */
export const CHOSEN = process.env.WANVAS_ENGINES?.split(",") ?? ENGINES;

/**
 * A browser and a gateway; before each test the gateway has forgotten everything, and the page is
 * a new one of an origin that has stored nothing.
 *
 * @param {string} engine
 * @param {string} jobMs how long jobs take
 */
export function usePage(engine, jobMs = "60..120") {
  const here = {};
  before(async () => {
    here.gateway = await Gateway.start("tests/jobs/page", jobMs);
    here.browser = await startBrowser(engine, await programsHere());
  });
  beforeEach(async () => {
    await here.gateway.reset();
    await here.browser.open(`${here.gateway.origin}/`);
    await here.browser.run(CLEAR);
    await here.browser.open(`${here.gateway.origin}/`);
  });
  after(async () => {
    await here.browser?.quit();
    await here.gateway?.stop();
  });
  return here;
}

const CLEAR = async () => {
  const done = (request) =>
    new Promise((resolve) => Object.assign(request, { onsuccess: resolve }));
  await done(indexedDB.deleteDatabase("wanvas"));
};
