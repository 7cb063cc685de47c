/** What was made once is made again: the same or at the other gateway; and what it all costs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { picturesOf, ready, submitted, useDemo, user } from "./harness.mjs";

const demo = useDemo();

/** A form in which nothing is as it was at first. */
const FULL = {
  prompt: "ein Bär\nim Schnee 🐻",
  negativePrompt: "fog, 雾",
  size: [1000, 2000],
  count: 2,
  seed: 20,
  enhancePrompt: false,
  watermark: true,
};

test("a form is filled again exactly, with the seed or with another", async () => {
  const page = await demo.open();
  await fill(page, FULL);
  assert.equal((await user.generatePictures(page)).length, 2);
  for (const [button, isSame] of [
    ["Use again", false],
    ["Same seed again", true],
  ]) {
    await page.reload();
    await ready(page);
    const first = page.getByRole("article").last();
    await first.getByRole("button", { name: button, exact: true }).click();
    assert.equal(await page.getByLabel("Seed").inputValue(), isSame ? "20" : "");
    await page.getByText("Vtrix draws this size.").waitFor();
    await user.generatePictures(page);
    const submit = (await demo.gateway.arrived("submit")).at(-1);
    assert.equal(submit.provider, "vtrix");
    const { seed, ...rest } = submitted(submit);
    assert.equal(seed === 20, isSame);
    assert.deepEqual({ ...rest, seed: 20 }, FULL);
  }
});

test("a preset is filled in as the preset", async () => {
  const page = await demo.open();
  await user.choosePreset(page, 1312, 736);
  await user.writePrompt(page, "a wide screen");
  await user.generatePictures(page);
  await user.choose(page, "Vtrix");
  await page.getByLabel("Negative prompt").fill("left over");
  await page.getByRole("button", { name: "Use again" }).click();
  assert.ok(await page.getByRole("radio", { name: "AIML API" }).isChecked());
  const preset = page.getByRole("radio", { name: "1312 × 736" });
  await preset.waitFor();
  assert.ok(await preset.isChecked());
  assert.equal(await page.getByLabel("Negative prompt").inputValue(), "");
});

test("the same at the other gateway stands beside it, also after a reload", async () => {
  const page = await demo.open({ viewport: { width: 1440, height: 900 } });
  await user.writePrompt(page, "one of two");
  await user.choosePreset(page, 1056, 1408);
  await user.choose(page, "2");
  await page.getByLabel("Negative prompt").fill("three");
  await page.getByLabel("Seed").fill("12");
  await page.getByLabel("Prompt rewriting").uncheck();
  await user.generatePictures(page);
  await page.getByRole("button", { name: "Compare with Vtrix" }).click();
  await assertSideBySide(page);
  const [one, other] = await demo.gateway.arrived("submit");
  assert.deepEqual([one.provider, other.provider], ["aimlapi", "vtrix"]);
  const { size, ...same } = submitted(other);
  const { size: first, ...wanted } = submitted(one);
  assert.deepEqual(same, wanted);
  // Both gateways take it.
  assert.deepEqual([size, first], [first, [1056, 1408]]);

  await page.reload();
  await ready(page);
  await assertSideBySide(page);

  await page.setViewportSize({ width: 390, height: 844 });
  const [above, below] = await boxes(page);
  assert.ok(below.y >= above.y + above.height, "one under the other on a phone");
  assert.equal(await page.getByRole("article").count(), 2);
  assert.equal((await demo.gateway.arrived("submit")).length, 2);
});

test("a size that the other gateway does not draw becomes the nearest", async () => {
  const page = await demo.open();
  await user.choose(page, "Vtrix");
  await user.typeFreeSize(page, 1104, 1472);
  await user.writePrompt(page, "a nearby shape");
  await user.generatePictures(page);
  await page.getByRole("button", { name: "Compare with AIML API" }).click();
  const [picture] = await picturesOf(page.getByRole("article").nth(1));
  assert.deepEqual(picture.size, [1056, 1408]);
  const at = (await demo.gateway.arrived("submit")).map((submit) => submitted(submit).size);
  assert.deepEqual(at, [
    [1104, 1472],
    [1056, 1408],
  ]);
});

test("each cost and their sums are told, what was drawn locally apart from what was paid", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "cheap");
  await user.choose(page, "2");
  await user.generatePictures(page);
  await told(page, "$0.063, not charged");
  await user.choose(page, "Vtrix");
  await user.choose(page, "3");
  await user.generatePictures(page);
  await told(page, "$0.09, not charged");
  await page.getByText("Drawn locally, not charged: $0.153", { exact: true }).waitFor();
  assert.equal(await page.getByText("Spent").count(), 0);
  // As a hosted gateway, the local one behind its address.
  await user.choose(page, "With a key");
  await page.getByLabel("Key", { exact: true }).fill("k-1");
  await page.getByLabel("Base URL").fill(demo.gateway.origin);
  await user.choose(page, "4");
  await user.generatePictures(page);
  await told(page, "$0.12");
  await user.choose(page, "AIML API");
  await page.getByLabel("Key", { exact: true }).fill("k-2");
  await user.choose(page, "1");
  await user.generatePictures(page);
  await told(page, "$0.0315");
  for (const _ of ["at once", "after a reload"]) {
    await page.getByText("Spent: $0.1515", { exact: true }).waitFor();
    await page.getByText("Drawn locally, not charged: $0.153", { exact: true }).waitFor();
    await page.getByText(/^10 pictures, /).waitFor();
    await page.reload();
    await ready(page);
  }
});

test("a cost that is told in credits alone is told in dollars too", async () => {
  const image = `${demo.gateway.origin}/favicon.svg`;
  const body = { data: [{ url: image }], meta: { usage: { credits_used: 63000 } } };
  await demo.gateway.script({ on: "submit", fault: "answer", status: 200, body });
  const page = await demo.open();
  await user.writePrompt(page, "counted in credits");
  await user.generatePictures(page);
  await told(page, "63000 credits ($0.0315), not charged");
  await page.getByText("Drawn locally, not charged: $0.0315", { exact: true }).waitFor();
});

/** Waits for the cost of the newest generation. */
async function told(page, cost) {
  const fact = page.getByRole("article").first().locator("dd").last();
  await fact.filter({ hasText: cost }).waitFor();
  assert.equal(await fact.textContent(), cost);
}

async function fill(page, { prompt, negativePrompt, size, count, seed }) {
  await user.choose(page, "Vtrix");
  await user.writePrompt(page, prompt);
  await page.getByLabel("Negative prompt").fill(negativePrompt);
  await user.typeFreeSize(page, ...size);
  await user.choose(page, String(count));
  await page.getByLabel("Seed").fill(String(seed));
  await page.getByLabel("Prompt rewriting").uncheck();
  await page.getByLabel("Watermark").check();
}

async function assertSideBySide(page) {
  for (const run of [page.getByRole("article").first(), page.getByRole("article").nth(1)]) {
    assert.equal((await picturesOf(run)).length, 2);
  }
  const [left, right] = await boxes(page);
  assert.ok(Math.abs(left.y - right.y) < 1, "at the same height");
  assert.ok(right.x >= left.x + left.width, "side by side");
  assert.ok(Math.abs(left.width - right.width) < 1, "equally wide");
}

async function boxes(page) {
  const runs = await page.getByRole("article").all();
  return Promise.all(runs.map((run) => run.boundingBox()));
}
