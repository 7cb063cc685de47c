/**
 * Every fault of the table at both gateways in each engine, through the built package in a page.
 *
 * `WANVAS_ENGINES=firefox node --test tests/faults/` runs one engine.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findFreePort } from "selenium-webdriver/net/portprober.js";
import { chosenEngines, startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import { inEngine } from "./outcomes.mjs";
import { GROUPS } from "./table.mjs";

/** These run in the page. */
const WARM_UP = async (plans) => (await import("/faults.js")).warmUp(plans);
const MEET_ALL = async (plans, setClockByMs) =>
  (await import("/faults.js")).meetAll(plans, setClockByMs);

const KEY = "a-key-for-tests";
const PROVIDERS = ["aimlapi", "vtrix"];
const CHOSEN = chosenEngines();
/** Jobs end soon, but not before the first status check. */
const JOB_MS = "60..120";
/** By how much a browser's clock and the gateway's may differ over a second. */
const CLOCK_MS = 20;
/** Errors by which a gateway says that a job is over and that there are no pictures. */
const ENDED = ["content_rejected", "generation_failed"];

for (const engine of CHOSEN) {
  describe(engine, () => {
    const here = useEngine(engine);
    for (const { on, faults, keepAlive } of GROUPS) {
      for (const fault of faults) {
        test(`${on}: ${fault.what}`, async () => {
          if (!keepAlive) return holds(here, here.gateway, fault, PROVIDERS);
          // One after the other, so that each submit finds a connection that is free.
          for (const provider of PROVIDERS) await holds(here, here.keepAlive, fault, [provider]);
        });
      }
    }
  });
}

/** A browser, a gateway with a connection for each request, and one that keeps them alive. */
function useEngine(engine) {
  const here = { engine };
  before(async () => {
    here.gateway = await Gateway.start(JOB_MS);
    here.keepAlive = await Gateway.start(JOB_MS, { more: ["--keep-alive"] });
    here.browser = await startBrowser(engine);
  });
  after(async () => {
    await here.browser?.quit();
    await here.gateway?.stop();
    await here.keepAlive?.stop();
  });
  return here;
}

/** Asserts that a fault comes to what the table promises, at all providers that can have it. */
async function holds({ engine, browser }, gateway, fault, among) {
  const providers = among.filter((provider) => fault[provider]);
  const promises = providers.map((provider) => inEngine(engine, fault[provider]));
  const base = fault.nobodyListens ? `http://127.0.0.1:${await findFreePort()}` : undefined;
  const plans = providers.map((provider, index) =>
    planFor(fault, provider, base ?? gateway.origin, promises[index]),
  );
  await browser.open(`${gateway.origin}/`);
  const met = await meetAll(browser, gateway, fault, plans);
  for (const [index, promised] of promises.entries()) {
    const about = `${providers[index]}: ${JSON.stringify(met[index])}`;
    assertOutcome(met[index], promised, about);
    assertSends(met[index], promised, plans[index], about);
    assertNothingLost(met[index], promised, about);
    if (fault.isStreamed) assert.ok(met[index].streams > 0, `no stream was asked for: ${about}`);
    const isSet = met[index].clockWasSet;
    assert.equal(
      isSet,
      fault.setClockByMs !== undefined,
      "the call ended before the clock was set",
    );
  }
}

/** What an app does at a gateway, in words that a page can be given. */
function planFor({ what, request, options, keyFails }, provider, baseUrl, promised) {
  const common = { provider, baseUrl, apiKey: KEY, timeoutMs: 20_000, pollIntervalMs: 20 };
  return {
    request: { prompt: `a heron, ${what}`, ...request },
    options: { ...common, ...options },
    keyFails,
    poll: promised.delivers,
    download: promised.downloads !== undefined,
    warmUp: promised.reused !== undefined,
  };
}

/** Makes calls that meet the fault; tells what page and gateway saw of each. */
async function meetAll(browser, gateway, { script = [], setClockByMs }, plans) {
  await gateway.reset();
  await browser.run(WARM_UP, [plans.filter((plan) => plan.warmUp)]);
  const old = (await gateway.requests()).map(({ connection }) => connection);
  const faults = typeof script === "function" ? script() : script;
  await gateway.reset();
  await gateway.script(
    plans.flatMap(({ options: { provider } }) => faults.map((fault) => ({ ...fault, provider }))),
  );
  const met = await browser.run(MEET_ALL, [plans, setClockByMs]);
  const requests = await gateway.requests();
  const totals = await gateway.totals();
  return plans.map(({ options: { provider } }, index) => {
    const of = (kind) => requests.filter((one) => one.kind === kind && one.provider === provider);
    return {
      ...met[index],
      submits: of("submit").map(({ at, connection }) => ({ at, reused: old.includes(connection) })),
      accepted: totals[provider].accepted,
      streams: of("stream").length,
      imageKeys: of("image").map(({ authorization }) => authorization),
    };
  });
}

function assertOutcome({ outcome, progress, downloads, submits }, promised, about) {
  const { error } = outcome;
  assert.equal(error?.code, promised.code, about);
  if (error) {
    assert.equal(error.mayHaveBeenCharged, promised.charged, about);
    assert.equal(error.job !== undefined, promised.job, about);
  } else {
    assert.equal(outcome.status, "succeeded", about);
    assert.equal(outcome.images.filter(({ url }) => url).length, promised.images, about);
  }
  assert.deepEqual(downloads, promised.downloads, about);
  if (promised.reused !== undefined) assert.equal(submits[0].reused, promised.reused, about);
  const known = progress.filter((part) => part !== null);
  assert.deepEqual(
    known,
    known.toSorted((left, right) => left - right),
    `progress goes back: ${about}`,
  );
}

/** One call is one submit, and the key goes where the caller said and nowhere else. */
function assertSends({ sent, submits, imageKeys }, promised, { options: { baseUrl } }, about) {
  assert.equal(sent.filter(({ method }) => method === "POST").length, promised.sends, about);
  assert.equal(submits.length, promised.submits, about);
  if (promised.gapMs) assert.ok(submits[1].at - submits[0].at >= promised.gapMs - CLOCK_MS, about);
  for (const { url, hasKey } of sent) {
    assert.ok(url.startsWith(`${baseUrl}/`), about);
    assert.ok(hasKey, about);
  }
  assert.ok(
    imageKeys.every((key) => key === "none"),
    about,
  );
}

/**
 * A job that the gateway accepted and the call did not deliver is known, or the caller is told that
 * there may be one, unless the gateway itself has ended it; and what may yet be delivered is in the
 * journal, and nothing else.
 */
function assertNothingLost(met, promised, about) {
  const { error } = met.outcome;
  const mayBeLost = error && met.accepted > 0 && !ENDED.includes(error.code);
  if (mayBeLost) assert.ok(error.job || error.mayHaveBeenCharged, about);
  assert.deepEqual(met.pending, promised.kept ? [error.job.id] : [], about);
  if (!promised.delivers) return;
  assert.equal(met.polled.status, "succeeded", about);
  assert.equal(met.pendingAfterPoll, 0, about);
}
