/**
 * Many generations in one page of Chromium, with random faults, aborts and jobs that are polled or
 * resumed: none is lost or doubled, and memory does not grow.
 *
 * `WANVAS_GENERATIONS=10000 WANVAS_SEED=7 node --test tests/soak/` says how many, and makes all that
 * is random that of another run.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium } from "../page/chromium.mjs";
import { Gateway } from "../support/gateway.mjs";
import { median } from "../support/median.mjs";
import { anySeed, randomNumbers } from "../support/random.mjs";
import { Ledger } from "./ledger.mjs";
import { planCalls, planFaults } from "./plans.mjs";

/** As few as are enough for the page to get warm. */
const GENERATIONS = Number(process.env.WANVAS_GENERATIONS ?? 1_000);
const SEED = Number(process.env.WANVAS_SEED ?? anySeed());
const BATCH = 50;
const JOB_MS = "1..10";
/** By how much memory may have grown, once it is warm: less than both. */
const GROWTH = 0.1;
const GROWTH_BYTES = 1024 * 1024;
/** In fewer generations nothing gets warm. */
const WARM = 1_000;
/** Far more than a generation takes, and a browser to start. */
const TIMEOUT_MS = GENERATIONS * 500 + 60_000;

const MEMORIES = ["heap", "wasm"];
const here = {};

before(async () => {
  here.gateway = await Gateway.start(JOB_MS);
  here.browser = await launchChromium();
});
after(async () => {
  await here.browser?.close();
  await here.gateway?.stop();
});

const title = `${GENERATIONS} generations in one page, seed ${SEED}`;
test(title, { timeout: TIMEOUT_MS }, async (context) => {
  const page = await here.browser.newPage();
  await page.goto(`${here.gateway.origin}/soak.html`);
  const { ledger, samples } = await runBatches(page);
  for (const what of Object.keys(ledger.counts).sort()) {
    context.diagnostic(`${String(ledger.counts[what]).padStart(8)}  ${what}`);
  }
  assert.deepEqual(ledger.faults.slice(0, 20), [], `${ledger.faults.length} are wrong`);
  assert.ok(ledger.counts["streams asked for"] > 0);
  for (const memory of MEMORIES) {
    const [early, late] = [fifth(samples, 1), fifth(samples, 4)].map((part) =>
      median(part.map((sample) => sample[memory])),
    );
    const kilobytes = [early, late].map((bytes) => `${Math.round(bytes / 1024)} kB`);
    const words = `${memory}: ${kilobytes.join(" in the second fifth, ")} in the last`;
    context.diagnostic(words);
    const allowed = GENERATIONS < WARM ? late : Math.min(GROWTH * early, GROWTH_BYTES);
    assert.ok(late - early <= allowed, `memory has grown: ${words}`);
  }
});

async function runBatches(page) {
  const random = randomNumbers(SEED);
  const measure = await measuring(page);
  const ledger = new Ledger();
  const samples = [];
  for (let left = GENERATIONS; left > 0; left -= BATCH) {
    const size = Math.min(BATCH, left);
    await here.gateway.reset();
    await here.gateway.script(planFaults(random, size));
    const told = await page.evaluate(
      async (plans) => {
        const { runBatch } = await import("/soak.js");
        return runBatch(plans);
      },
      planCalls(random, size),
    );
    ledger.add(told, await here.gateway.arrived("submit"), await here.gateway.totals());
    ledger.count("streams asked for", (await here.gateway.arrived("stream")).length);
    samples.push(await measure());
  }
  return { ledger, samples };
}

/** A function that measures the page's memory when all garbage is gone. */
async function measuring(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.enable");
  return async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    return { heap: usedSize, wasm: await page.evaluate(() => globalThis.wasmBytes()) };
  };
}

/** One of the five equal parts of a list; its end, where that is shorter than five. */
function fifth(list, index) {
  const [from, to] = [index, index + 1].map((part) => Math.floor((list.length * part) / 5));
  return from < to ? list.slice(from, to) : list.slice(-1);
}
