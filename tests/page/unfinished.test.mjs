/** What a reload leaves unfinished, and how the page goes on with it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { picturesOf, ready, useDemo, user } from "./harness.mjs";

const demo = useDemo();

test("a Vtrix job is gone on with after a reload, with no second submit", async () => {
  // The job is still unfinished at the first checks of each page.
  await demo.withoutStreams();
  await demo.gateway.script({ on: "status", fault: "answer", status: 503, body: {}, times: 1 });
  const page = await demo.open();
  await user.choose(page, "Vtrix");
  await user.choosePreset(page, 960, 1696);
  await user.writePrompt(page, "a patient heron");
  await page.getByLabel("Seed").fill("41");
  await user.choose(page, "2");
  const run = await user.generate(page);
  await run.getByText(/^(Queued|Running)$/).waitFor();
  await demo.gateway.script({ on: "status", fault: "delay", ms: 1000 });
  await page.reload();
  await run.getByText("Going on after a reload").waitFor();
  assert.equal(await run.locator("h2").textContent(), "a patient heron");
  assert.match(await run.locator("dl").innerText(), /Seed\s+41\s+Gateway\s+Vtrix, local/);
  assert.equal(await run.locator(".frame").count(), 2);
  const box = await run.locator(".frame").first().boundingBox();
  assert.ok(Math.abs(box.width / box.height - 960 / 1696) < 0.01);
  const pictures = await picturesOf(run);
  assert.deepEqual(
    pictures.map(({ size }) => size),
    [
      [960, 1696],
      [960, 1696],
    ],
  );
  assert.equal((await demo.gateway.arrived("submit")).length, 1);
  // It has ended for the next page too.
  await page.reload();
  await ready(page);
  await picturesOf(run);
  assert.equal((await demo.gateway.arrived("submit")).length, 1);
});

test("an AIML request cut off by a reload is told as unknown, and not sent again", async () => {
  await demo.gateway.script({ on: "submit", fault: "delay", ms: 15_000 });
  const page = await demo.open();
  await user.choose(page, "With a key");
  await page.getByLabel("Key", { exact: true }).fill("k-1");
  await page.getByLabel("Base URL").fill(demo.gateway.origin);
  await user.writePrompt(page, "half a word");
  const run = await user.generate(page);
  await run.getByText("Submitting").waitFor();
  await demo.gateway.untilSubmits(1);
  for (const _ of ["first", "second"]) {
    await page.reload();
    await ready(page);
    await run.getByText(/unknown whether the gateway took the request/).waitFor();
    await run.getByText("The gateway may have charged for this request.").waitFor();
    await run.getByText("Failed", { exact: true }).waitFor();
    const buttons = await run.locator(".buttons button").allTextContents();
    assert.ok(!buttons.includes("Send now") && !buttons.includes("Go on waiting"), buttons);
  }
  assert.equal((await demo.gateway.arrived("submit")).length, 1);
});

test("what was never sent can be sent after a reload", async () => {
  await demo.gateway.script({ on: "submit", fault: "delay", ms: 15_000, times: 4 });
  const page = await demo.open();
  // No more than four are sent at once.
  for (let number = 1; number <= 5; number += 1) {
    await user.writePrompt(page, `number ${number}`);
    await user.generate(page);
    await page
      .getByRole("article")
      .nth(number - 1)
      .waitFor();
  }
  await demo.gateway.untilSubmits(4);
  const run = page.getByRole("article", { name: "number 5" });
  // It says so once it is kept.
  await run.getByText("Waiting", { exact: true }).waitFor();
  await page.reload();
  await ready(page);
  await run.getByText("The page was left before this was sent.").waitFor();
  assert.equal((await demo.gateway.arrived("submit")).length, 4);
  await run.getByRole("button", { name: "Send now" }).click();
  assert.equal((await picturesOf(run)).length, 1);
  const submits = await demo.gateway.arrived("submit");
  assert.equal(submits.length, 5);
  assert.equal(submits[4].body.prompt, "number 5");
});

test("a cancelled job can be waited for after a reload too", async () => {
  await demo.withoutStreams();
  // However slow the machine is, it goes on when it is cancelled.
  await demo.gateway.script({ on: "status", fault: "delay", ms: 10_000 });
  const page = await demo.open();
  await user.choose(page, "Vtrix");
  await user.writePrompt(page, "on third thoughts");
  const run = await user.generate(page);
  await run.getByText(/^(Queued|Running)$/).waitFor();
  await run.getByRole("button", { name: "Cancel" }).click();
  await run.getByText("Cancelled", { exact: true }).waitFor();
  await page.reload();
  await ready(page);
  const goOn = run.getByRole("button", { name: "Go on waiting" });
  await goOn.waitFor();
  assert.equal(await page.locator("[data-state=waiting]").count(), 0);
  await goOn.click();
  assert.equal((await picturesOf(run)).length, 1);
  assert.equal((await demo.gateway.arrived("submit")).length, 1);
});

for (const gateway of ["Vtrix", "AIML API"]) {
  test(`two tabs show the same ${gateway} generation: sent once, waited for once`, async () => {
    const [on, ms] = gateway === "Vtrix" ? ["status", 1500] : ["submit", 4000];
    await demo.gateway.script({ on, fault: "delay", ms });
    await demo.withoutStreams();
    const page = await demo.open();
    await user.choose(page, gateway);
    await user.writePrompt(page, "seen twice");
    const run = await user.generate(page);
    await run.getByText(gateway === "Vtrix" ? /^(Queued|Running)$/ : "Submitting").waitFor();
    await demo.gateway.untilSubmits(1);
    const other = await page.context().newPage();
    await other.goto(demo.gateway.origin);
    const there = other.getByRole("article", { name: "seen twice" });
    await there.waitFor();
    const [here] = await picturesOf(run);
    const [same] = await picturesOf(there);
    assert.equal(here.pixels, same.pixels);
    const requests = await (await fetch(`${demo.gateway.origin}/__gateway/requests`)).json();
    assert.equal(requests.filter(({ kind }) => kind === "submit").length, 1);
    // One tab checks: never two checks of the job at the same time.
    const checks = requests.filter(({ kind }) => kind === "status");
    assert.ok(checks.length <= (gateway === "Vtrix" ? 2 : 0), JSON.stringify(checks));
    // What the tabs have made of it is the same after a reload.
    await page.reload();
    await ready(page);
    assert.equal((await picturesOf(run))[0].pixels, here.pixels);
  });
}
