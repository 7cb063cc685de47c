/** A page of the tests in an engine, served by a gateway of its own. */

import { after, before, beforeEach } from "node:test";
import { startBrowser } from "./browser.mjs";

/**
 * A browser and a gateway; before each test the gateway has forgotten everything, and the page is
 * a new one of an origin that has stored nothing.
 *
 * @param {string} engine
 * @param {() => Promise<import("./gateway.mjs").Gateway>} startGateway
 * @param {string} [path] of the page
 */
export function usePage(engine, startGateway, path = "/") {
  const here = {};
  before(async () => {
    here.gateway = await startGateway();
    here.browser = await startBrowser(engine);
  });
  beforeEach(async () => {
    await here.gateway.reset();
    await here.browser.open(`${here.gateway.origin}${path}`);
    await here.browser.run(CLEAR);
    await here.browser.open(`${here.gateway.origin}${path}`);
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
