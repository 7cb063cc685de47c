/**
 * Several tabs, and several calls of one, that go on with the same job: one of them asks the
 * gateway, all get the picture, and another takes over where the one that asked is gone.
 *
 * `WANVAS_ENGINES=firefox node --test tests/recovery/tabs.test.mjs` runs one engine.
 */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import { CHOSEN } from "./engines.mjs";

const JOB_MS = 6_000;
/** As the page has it. */
const INTERVAL_MS = 100;
/**
 * What else may lie between two checks: a browser runs the timers of a hidden tab once a second, and
 * the machine may be busy. Half of what a job takes, so that a tab must take over to be in time.
 */
const SLACK_MS = 3_000;
/** How often a tab has asked before it goes. */
const CHECKS_BEFORE = 2;

/** Ways in which a tab goes; only Chromium can be told to crash one. */
const WAYS = {
  chromium: { "is closed": close, crashes: crash },
  firefox: { "is closed": close },
};

for (const engine of CHOSEN) {
  describe(engine, () => {
    const here = { engine };
    before(async () => {
      here.gateway = await Gateway.start(`${JOB_MS}..${JOB_MS}`);
      here.browser = await startBrowser(engine);
    });
    beforeEach(() => here.gateway.reset());
    after(async () => {
      await here.browser?.quit();
      await here.gateway?.stop();
    });

    test("of three tabs one asks, and each gets the picture", async () => {
      const [first, ...others] = await begin(here, ["first", "second", "third"]);
      await assertOnePicture([first, ...others]);
      assert.deepEqual(await askedBy(here), ["first"]);
      await assertInTime(here, first);
      await closeAll([first, ...others]);
    });

    for (const [words, go] of Object.entries(WAYS[engine])) {
      for (const names of [
        ["first", "second"],
        ["first", "second", "third"],
      ]) {
        test(`of ${names.length} tabs the one that asks ${words}`, async () => {
          const [first, ...others] = await begin(here, names);
          while ((await here.gateway.arrived("status")).length < CHECKS_BEFORE) await sleep(20);
          await go(first);
          await assertOnePicture(others);
          await assertTakenOver(here);
          await assertInTime(here, others[0]);
          await closeAll(others);
        });
      }
    }

    test("of two resume() in a page one asks, and each gets the picture", async () => {
      const tab = await openTab(here);
      await tab.call("submitOnly", "submit");
      const calls = [];
      for (const name of ["one", "other"]) calls.push(await beginResume(tab, name));
      await assertOnePicture(calls);
      assert.equal((await askedBy(here)).length, 1);
      await assertInTime(here, tab);
      await closeAll([tab]);
    });

    test("beside a generate() in a page resume() does not ask, and gets the picture", async () => {
      const tab = await openTab(here);
      await tab.call("beginGenerate", "generate");
      await assertOnePicture([{ ...tab, name: "generate" }, await beginResume(tab, "resume")]);
      assert.deepEqual(await askedBy(here), ["generate"]);
      await assertInTime(here, tab);
      await closeAll([tab]);
    });
  });
}

/** A generation in the first of some tabs; the others go on with what is unfinished. */
async function begin(here, names) {
  const tabs = [];
  for (const name of names) tabs.push({ ...(await openTab(here)), name });
  const [first, ...others] = tabs;
  await first.call("beginGenerate", first.name);
  for (const { call, name } of others) await beginResume({ call }, name);
  return tabs;
}

async function beginResume({ call }, name) {
  assert.equal(await call("beginResume", name), 1, "jobs that are unfinished");
  return { call, name };
}

/** A tab, and `call`, which calls a function of its page. */
async function openTab({ gateway, browser }) {
  // A driver that was left in a tab that is gone opens no other.
  await browser.open("about:blank");
  const tab = await browser.newTab();
  await tab.open(`${gateway.origin}/`);
  const work = async (what, name) => (await import("/tab.js"))[what](name);
  return { tab, call: (what, name) => tab.run(work, [what, name]) };
}

/** Asserts that each call was told one picture, the same. */
async function assertOnePicture(calls) {
  const outcomes = [];
  for (const { call, name } of calls) outcomes.push(await call("outcomeOf", name));
  const urls = outcomes.flatMap(({ urls }) => urls);
  assert.equal(urls.length, calls.length, JSON.stringify(outcomes));
  assert.equal(new Set(urls).size, 1, JSON.stringify(outcomes));
  assert.ok(
    outcomes.every((outcome) => outcome.urls?.length === 1),
    JSON.stringify(outcomes),
  );
}

/** The names of those who asked for the job, in the order of their first checks. */
async function askedBy({ gateway }) {
  const checks = await gateway.arrived("status");
  return [...new Set(checks.map(({ clientRequestId }) => clientRequestId))];
}

/** Asserts that after the first tab one other asked, alone, and soon. */
async function assertTakenOver(here) {
  const checks = await here.gateway.arrived("status");
  const [first, ...successors] = await askedBy(here);
  assert.equal(first, "first");
  assert.equal(successors.length, 1, `these asked: ${successors}`);
  const isFirst = ({ clientRequestId }) => clientRequestId === first;
  const last = checks.findLast(isFirst);
  const next = checks.find((check) => !isFirst(check));
  assert.ok(next.at >= last.at, "both asked");
  const gap = next.at - last.at;
  console.log(`${here.engine}: the next tab asked ${gap} ms after the last`);
  assert.ok(gap <= INTERVAL_MS + SLACK_MS, `nobody asked for ${gap} ms`);
}

/** Asserts that one submit was sent, that its end was soon seen, and that nothing is left. */
async function assertInTime({ gateway }, { call }) {
  const submits = await gateway.arrived("submit");
  assert.equal(submits.length, 1);
  const late = (await gateway.arrived("status")).at(-1).at - (submits[0].at + JOB_MS);
  assert.ok(late <= INTERVAL_MS + SLACK_MS, `the end was seen ${late} ms late`);
  assert.equal(await call("countPending"), 0);
}

async function close({ tab }) {
  await tab.close();
}

async function crash({ tab }) {
  await assert.rejects(tab.open("chrome://crash"), /crashed/);
}

async function closeAll(tabs) {
  for (const { tab } of tabs) await tab.close();
}
