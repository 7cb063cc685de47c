/**
 * `npm run bench`: how long the package takes from its import to its first request, beside a plain
 * `fetch` of the same page, in each engine. Page loads of both kinds take turns; the package is in
 * the browser's cache, as on a second visit.
 */

import { chosenEngines, startBrowser } from "../tests/support/browser.mjs";
import { Gateway } from "../tests/support/gateway.mjs";
import { serve } from "../tests/support/site.mjs";
import { buildGateway, buildPackage } from "./build.mjs";
import { isMain, ROOT } from "./lib/paths.mjs";
import { heading, main } from "./lib/run.mjs";
import { setUpTests } from "./setup.mjs";

const LOADS = 30;

/** These run in the page, and resolve with milliseconds until a request is sent. */
const PLAIN = async (gateway) => {
  const begun = performance.now();
  const sent = fetch(`${gateway}/__gateway/totals`);
  const ms = performance.now() - begun;
  await sent;
  return ms;
};
const PACKAGE = async (gateway) => {
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
};

async function measure(engine) {
  const gateway = await Gateway.start("tests/jobs/page", "1..5");
  // As files with a hash in their name are served, which a browser need not ask for again.
  const site = await serve(ROOT, { "Cache-Control": "max-age=3600, immutable" });
  const browser = await startBrowser(engine);
  const times = { plain: [], package: [] };
  try {
    for (let load = 0; load < LOADS; load += 1) {
      for (const [kind, work] of [
        ["plain", PLAIN],
        ["package", PACKAGE],
      ]) {
        await browser.open(`${site.origin}/tests/jobs/page/`);
        times[kind].push(await browser.run(work, [gateway.origin]));
      }
    }
  } finally {
    await browser.quit();
    await site.stop();
    await gateway.stop();
  }
  return times;
}

function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpTests();
    await buildPackage();
    await buildGateway();
    heading(`From import to the first request, median of ${LOADS} page loads each, in ms`);
    for (const engine of chosenEngines()) {
      const times = await measure(engine);
      const [plain, ours] = [median(times.plain), median(times.package)];
      const parts = [`plain fetch ${plain.toFixed(1)}`, `wanvas ${ours.toFixed(1)}`];
      console.log(`${engine}: ${parts.join(", ")}, ${(ours - plain).toFixed(1)} more`);
    }
  });
}
