/**
 * Pages that are reloaded, and browsers that are killed, at random moments of some calls, of which one
 * runs at each gateway and the others wait: every picture that was paid for is in the app's own store
 * after that, once and with the app's own words, and what nobody can know is told.
 *
 * `WANVAS_ENGINES=firefox WANVAS_MOMENTS=50 WANVAS_SEED=7 node --test tests/recovery/` tries more
 * moments in one engine; the seed makes the moments those of another run.
 */

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import { anySeed, randomNumbers } from "../support/random.mjs";
import { CHOSEN } from "./engines.mjs";
import { judge, RIGHT } from "./verdict.mjs";

const PROVIDERS = ["aimlapi", "vtrix"];
/** As the page has it. */
const CALLS = 4;
const MOMENTS = process.env.WANVAS_MOMENTS;
const RELOADS = Number(MOMENTS ?? 6);
const KILLS = Number(MOMENTS ?? 2);
const SEED = Number(process.env.WANVAS_SEED ?? anySeed());
/** Somewhat more than the first calls take, with the app's own saving. */
const LAST_MOMENT_MS = 700;
const JOB_MS = 300;

for (const engine of CHOSEN) {
  describe(engine, () => {
    const here = useProfile(engine);

    test(`${RELOADS} reloads`, async () => {
      await tryMoments(`${engine}, reload`, here, RELOADS, () => here.browser.tab.reload());
    });

    test(`${KILLS} kills`, async () => {
      const kill = async () => {
        await here.browser.kill();
        await here.start();
      };
      await tryMoments(`${engine}, kill`, here, KILLS, kill);
    });
  });
}

/** For each test: a gateway, and a profile with which it starts browsers. */
function useProfile(engine) {
  const here = {};
  let profile;
  beforeEach(async () => {
    here.gateway = await Gateway.start(`${JOB_MS}..${JOB_MS}`);
    profile = await mkdtemp(join(tmpdir(), "wanvas-profile-"));
    await here.start();
  });
  here.start = async () => {
    here.browser = await startBrowser(engine, profile);
    await here.browser.open(`${here.gateway.origin}/recovery.html`);
  };
  afterEach(async () => {
    await here.browser?.quit();
    await here.gateway?.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return here;
}

/**
 * Begins calls at each gateway, interrupts them, and sees what becomes of them; again and again.
 *
 * @param {string} name
 * @param {object} here
 * @param {number} moments how often
 * @param {() => Promise<void>} interrupt has the page go away and come again
 */
async function tryMoments(name, here, moments, interrupt) {
  const random = randomNumbers(SEED);
  const verdicts = [];
  for (let run = 1; run <= moments; run += 1) {
    const checksBefore = (await here.gateway.arrived("status")).length;
    // Spread, so that of few moments, too, one is late enough for a picture.
    const moment = Math.floor(((run - 1 + random()) / moments) * LAST_MOMENT_MS);
    await here.browser.run(async (run) => (await import("/recovery.js")).begin(run), [run]);
    await sleep(moment);
    // A busy machine can make every moment too early, but not this one: a job that is checked is known.
    const isChecked = async () => (await here.gateway.arrived("status")).length > checksBefore;
    while (run === moments && !(await isChecked())) await sleep(20);
    await interrupt();
    const { saved, kept } = await here.browser.run(async () => {
      const { recovered, takeStock } = await import("/recovery.js");
      await recovered;
      return takeStock();
    });
    const submits = await submitsOf(here.gateway);
    for (const provider of PROVIDERS) {
      for (let call = 0; call < CALLS; call += 1) {
        const of = (list) =>
          list.filter((it) => it.provider === provider && it.run === run && it.call === call);
        const entries = kept.map((entry) => ({ ...entry.tag, entry }));
        const seen = { provider, saved: of(saved), kept: of(entries), submits: of(submits) };
        verdicts.push({ moment, run, call, ...seen, verdict: judge(seen) });
      }
    }
  }
  report(name, verdicts);
  const wrong = verdicts.filter(({ verdict }) => !RIGHT.includes(verdict));
  assert.equal(wrong.length, 0, JSON.stringify(wrong, null, 2));
  // Whatever was sent late.
  const seeds = (await submitsOf(here.gateway)).map(({ provider, seed }) => `${provider} ${seed}`);
  assert.equal(seeds.length, new Set(seeds).size, "a call was submitted twice");
  const isSaved = ({ verdict }) => verdict === "saved";
  assert.ok(verdicts.some(isSaved), "nothing was saved: all moments were too early");
}

/** The submits that arrived, with the run and the call that each is of, as its seed tells. */
async function submitsOf(gateway) {
  const submits = await gateway.arrived("submit");
  const checks = await gateway.arrived("status");
  const checked = new Set(checks.map(({ clientRequestId }) => clientRequestId));
  return submits.map(({ provider, body, clientRequestId }) => {
    const seed = provider === "aimlapi" ? body.seed : body.input[0].params.parameters.seed;
    const [run, call] = [Math.floor(seed / CALLS), seed % CALLS];
    return { provider, seed, run, call, isChecked: checked.has(clientRequestId) };
  });
}

function report(name, verdicts) {
  for (const provider of PROVIDERS) {
    const ours = verdicts.filter((item) => item.provider === provider);
    const kinds = [...new Set([...RIGHT, ...ours.map(({ verdict }) => verdict)])];
    const counts = kinds.map((kind) => {
      const such = ours.filter(({ verdict }) => verdict === kind);
      return such.length > 0 ? [`${such.length} ${kind}`] : [];
    });
    console.log(
      `${name}, ${provider}: of ${ours.length} ${counts.flat().join(", ")}; seed ${SEED}`,
    );
  }
}
