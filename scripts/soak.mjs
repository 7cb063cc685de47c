/**
 * `node scripts/soak.mjs [generations [seed]]`: many generations in one page of Chromium, with
 * random faults, aborts and jobs that are polled or resumed. Fails if one is lost or doubled, or if
 * memory grows.
 */

import { Ledger } from "../tests/soak/ledger.mjs";
import { planCalls, planFaults } from "../tests/soak/plans.mjs";
import { CHROMIUM_FLAGS } from "../tests/support/browser.mjs";
import { Gateway } from "../tests/support/gateway.mjs";
import { anySeed, randomNumbers } from "../tests/support/random.mjs";
import { buildGateway, buildPackage } from "./build.mjs";
import { isMain } from "./lib/paths.mjs";
import { Failure, heading, main } from "./lib/run.mjs";
import { programPath } from "./setup/browsers.mjs";
import { setUpTests } from "./setup.mjs";

const GENERATIONS = 10_000;
const BATCH = 50;
const JOB_MS = "1..10";
/** By how much memory may have grown, once it is warm: less than both. */
const GROWTH = 0.1;
const GROWTH_BYTES = 1024 * 1024;
/** In fewer generations nothing gets warm. */
const WARM = 1_000;
/** A batch that takes so long never ends. */
const BATCH_MS = 120_000;
/** How many batches go by between two lines of the output. */
const NEWS = 20;

/**
 * Runs it; rejects with a {@link Failure} that says what is wrong.
 *
 * @param {number} generations
 * @param {number} seed of all that is random
 */
export async function soak(generations, seed) {
  heading(`${generations} generations in one page, seed ${seed}`);
  const gateway = await Gateway.start("tests/soak/page", JOB_MS);
  // Only now are the packages sure to be there.
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: programPath("chromium"),
    args: CHROMIUM_FLAGS,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(BATCH_MS);
    await page.goto(gateway.origin);
    const { ledger, samples } = await runBatches(gateway, page, generations, seed);
    const growths = report(ledger, samples);
    judge(ledger, generations < WARM ? [] : growths);
  } finally {
    await browser.close();
    await gateway.stop();
  }
}

async function runBatches(gateway, page, generations, seed) {
  const random = randomNumbers(seed);
  const measure = await measuring(page);
  const ledger = new Ledger();
  const samples = [];
  const batches = Math.ceil(generations / BATCH);
  const began = performance.now();
  for (let batch = 1; batch <= batches; batch += 1) {
    const size = Math.min(BATCH, generations - (batch - 1) * BATCH);
    await gateway.reset();
    await gateway.script(planFaults(random, size));
    const told = await inTime(
      page.evaluate(
        async (plans) => {
          const { runBatch } = await import("/batch.js");
          return runBatch(plans);
        },
        planCalls(random, size),
      ),
    );
    ledger.add(told, await gateway.arrived("submit"), await gateway.totals());
    samples.push(await measure());
    if (batch % NEWS === 0 || batch === batches) {
      const seconds = Math.round((performance.now() - began) / 1000);
      const { heap, wasm } = samples.at(-1);
      const memory = `heap ${kilobytes(heap)}, wasm ${kilobytes(wasm)}`;
      console.log(`${Math.min(batch * BATCH, generations)} after ${seconds} s: ${memory}`);
    }
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

/** Prints what was counted and measured; returns by how much each memory has grown. */
function report({ counts }, samples) {
  console.log();
  for (const what of Object.keys(counts).sort()) {
    console.log(`${String(counts[what]).padStart(8)}  ${what}`);
  }
  console.log();
  return ["heap", "wasm"].map((name) => {
    const sizes = samples.map((sample) => sample[name]);
    const [before, after] = [fifth(sizes, 1), fifth(sizes, 4)].map(median);
    console.log(
      `${name}: ${kilobytes(before)} in the second fifth, ${kilobytes(after)} in the last`,
    );
    return { name, before, growth: after - before };
  });
}

function judge({ faults }, growths) {
  const words = [...faults.slice(0, 20)];
  if (faults.length > words.length) words.push(`and ${faults.length - words.length} more`);
  for (const { name, before, growth } of growths) {
    if (growth > Math.min(GROWTH * before, GROWTH_BYTES)) words.push(`${name} has grown`);
  }
  if (words.length > 0) throw new Failure(words.join("\n"));
  console.log(`None lost, none doubled${growths.length > 0 ? ", and memory is flat" : ""}.`);
}

/** One of the five equal parts of a list. */
function fifth(list, index) {
  const part = list.slice(
    Math.floor((list.length * index) / 5),
    Math.floor((list.length * (index + 1)) / 5),
  );
  return part.length > 0 ? part : list.slice(-1);
}

function median(numbers) {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)];
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1024)} kB`;
}

/** Rejects if the work never ends. */
async function inTime(work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failure("a batch does not end")), BATCH_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const [generations = GENERATIONS, seed = anySeed()] = process.argv.slice(2).map(Number);
    if (!(generations >= 1)) throw new Failure("How many generations?");
    await setUpTests();
    await buildPackage();
    await buildGateway();
    await soak(generations, seed);
  });
}
