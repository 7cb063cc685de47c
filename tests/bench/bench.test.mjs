/**
 * How long the package takes from its import to its first request, beside a plain `fetch` of the same
 * page, in each engine. Page loads of both kinds take turns; the package is in the browser's cache, as
 * on a second visit.
 */

import { test } from "node:test";
import { ROOT } from "../../scripts/lib/paths.mjs";
import { chosenEngines, startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import { median } from "../support/median.mjs";
import { serve } from "../support/site.mjs";

const LOADS = 30;

/** What is measured: these run in the page, and resolve with milliseconds until a request is sent. */
const KINDS = {
  plain: async (gateway) => {
    const begun = performance.now();
    const sent = fetch(`${gateway}/__gateway/totals`);
    const ms = performance.now() - begun;
    await sent;
    return ms;
  },
  wanvas: async (gateway) => {
    const begun = performance.now();
    const { generate } = await import("/pkg/wanvas.js");
    return new Promise((resolve) => {
      const send = (...request) => {
        resolve(performance.now() - begun);
        return fetch(...request);
      };
      const options = { provider: "vtrix", baseUrl: gateway, apiKey: "any", fetch: send };
      generate({ prompt: "a heron" }, { ...options, wait: false });
    });
  },
};

for (const engine of chosenEngines()) {
  test(`${engine}: from import to the first request`, async (context) => {
    const gateway = await Gateway.start("1..5");
    // As files with a hash in their name are served, which a browser need not ask for again.
    const site = await serve(ROOT, { "Cache-Control": "max-age=3600, immutable" });
    const browser = await startBrowser(engine);
    context.after(() => Promise.all([browser.quit(), site.stop(), gateway.stop()]));
    const times = { plain: [], wanvas: [] };
    for (let load = 0; load < LOADS; load += 1) {
      for (const [kind, work] of Object.entries(KINDS)) {
        await browser.open(`${site.origin}/tests/site/`);
        times[kind].push(await browser.run(work, [gateway.origin]));
      }
    }
    const [plain, wanvas] = [times.plain, times.wanvas].map(median);
    const words = `plain fetch ${plain.toFixed(1)}, wanvas ${wanvas.toFixed(1)}`;
    context.diagnostic(`${engine}, median of ${LOADS} page loads each, in ms: ${words}`);
  });
}
