/**
 * Pages that are reloaded, and browsers that are killed, at random moments of a generation: every
 * picture that was paid for is delivered exactly once, and what nobody can know is told once.
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
import { startListener } from "./listener.mjs";
import { judge, RIGHT } from "./verdict.mjs";

const PROVIDERS = ["aimlapi", "vtrix"];
const MOMENTS = process.env.WANVAS_MOMENTS;
const RELOADS = Number(MOMENTS ?? 6);
const KILLS = Number(MOMENTS ?? 2);
const SEED = Number(process.env.WANVAS_SEED ?? anySeed());
/** Somewhat more than a generation's whole time. */
const LAST_MOMENT_MS = 600;
const JOB_MS = 300;
/**
 * A browser that is killed so soon after the last answer may have forgotten the job without having
 * told of the picture: no two places can be written at once.
 */
const LOST_WITHIN_MS = 50;
/**
 * And one that is killed so soon after it told may not have forgotten yet: what a dying browser has
 * begun to send still leaves it, what it has begun to store does not.
 */
const TOLD_WITHIN_MS = 500;

for (const engine of CHOSEN) {
  describe(engine, () => {
    const here = useProfile(engine);

    test(`${RELOADS} reloads`, async () => {
      await here.start(`${here.gateway.origin}/recovery.html`);
      const reload = () => here.browser.tab.reload();
      await tryMoments(`${engine}, reload`, here, RELOADS, reload, () => []);
    });

    test(`${KILLS} kills`, async () => {
      const page = `${here.gateway.origin}/recovery.html?listener=${here.listener.url}`;
      const kill = async () => {
        const killedAt = Date.now();
        await here.browser.kill();
        await here.start(page);
        return killedAt;
      };
      await here.start(page);
      await tryMoments(`${engine}, kill`, here, KILLS, kill, here.listener.take);
    });
  });
}

/** For each test: a gateway, a listener, and a profile with which it starts browsers. */
function useProfile(engine) {
  const here = {};
  let profile;
  beforeEach(async () => {
    here.gateway = await Gateway.start(`${JOB_MS}..${JOB_MS}`);
    here.listener = await startListener();
    profile = await mkdtemp(join(tmpdir(), "wanvas-profile-"));
  });
  here.start = async (url) => {
    here.browser = await startBrowser(engine, profile);
    await here.browser.open(url);
  };
  afterEach(async () => {
    await here.browser?.quit();
    here.listener?.stop();
    await here.gateway?.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return here;
}

/**
 * Begins a generation at each gateway, interrupts it, and sees what becomes of it; again and again.
 *
 * @param {string} name
 * @param {object} here
 * @param {number} moments how often
 * @param {() => Promise<number | undefined>} interrupt has the page go away and come again; tells
 *   when the browser was killed, if it was
 * @param {() => object[]} heard the deliveries that were written down outside the browser
 */
async function tryMoments(name, here, moments, interrupt, heard) {
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
    const killedAt = await interrupt();
    const stock = await here.browser.run(async () => {
      const { recovered, takeStock } = await import("/recovery.js");
      await recovered;
      return takeStock();
    });
    const outside = heard();
    const told = [...stock.deliveries, ...outside];
    const checks = (await here.gateway.arrived("status")).slice(checksBefore);
    const submits = (await here.gateway.arrived("submit")).filter((one) => runOf(one) === run);
    for (const provider of PROVIDERS) {
      const of = (list) => list.filter((item) => item.provider === provider);
      const seen = {
        provider,
        run,
        deliveries: of(told),
        kept: of(stock.kept),
        submits: of(submits),
        checks: of(checks),
      };
      const verdict = judge(seen);
      const isExcused = killedAt !== undefined && isSameMoment(verdict, killedAt, seen, outside);
      verdicts.push({
        moment,
        ...seen,
        isRight: isExcused || RIGHT.includes(verdict),
        verdict: isExcused ? `${verdict}, as it was killed in that moment` : verdict,
      });
    }
  }
  // Whatever was sent late.
  const submits = await here.gateway.arrived("submit");
  const names = new Set(submits.map((submit) => `${submit.provider} ${runOf(submit)}`));
  report(name, verdicts);
  const wrong = verdicts.filter(({ isRight }) => !isRight);
  assert.equal(wrong.length, 0, JSON.stringify(wrong, null, 2));
  assert.equal(submits.length, names.size, "a generation was submitted twice");
  const isDelivered = ({ deliveries }) => deliveries.some(({ url }) => url);
  assert.ok(verdicts.some(isDelivered), "nothing was delivered: all moments were too early");
}

/** Whether a kill came between the delivery of a picture and the note of it, or the other way round. */
function isSameMoment(verdict, killedAt, seen, heard) {
  if (verdict === "lost") {
    const gap = killedAt - lastAnswerAt(seen);
    return gap >= 0 && gap <= LOST_WITHIN_MS;
  }
  if (verdict !== "told twice") return false;
  const [first, second] = seen.deliveries;
  const id = seen.submits[0]?.clientRequestId;
  const forgottenAt = heard.find(({ forgotten }) => forgotten === id)?.heardAt;
  // The journal forgets after the second delivery too.
  return !(forgottenAt < second.heardAt) && killedAt - first.heardAt <= TOLD_WITHIN_MS;
}

/** When the answer left that tells of the picture. */
function lastAnswerAt({ provider, submits: [submit], checks }) {
  const madeAt = submit.at + JOB_MS;
  return provider === "vtrix" ? checks.find(({ at }) => at >= madeAt)?.at : madeAt;
}

/** The run that a submit is of: pictures are asked for with its number as their seed. */
function runOf({ provider, body }) {
  return provider === "aimlapi" ? body.seed : body.input[0].params.parameters.seed;
}

function report(name, verdicts) {
  for (const provider of PROVIDERS) {
    const ours = verdicts.filter((item) => item.provider === provider);
    const kinds = [...new Set([...RIGHT, ...ours.map(({ verdict }) => verdict)])];
    const counts = kinds.map((kind) => {
      const such = ours.filter(({ verdict }) => verdict === kind);
      const later = such.filter(({ deliveries }) => deliveries.some(({ by }) => by === "resume"));
      return such.length > 0 ? [`${such.length} ${kind} (${later.length} by the next page)`] : [];
    });
    console.log(
      `${name}, ${provider}: of ${ours.length} ${counts.flat().join(", ")}; seed ${SEED}`,
    );
  }
}
