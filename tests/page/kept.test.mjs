/** What the browser keeps of pictures, until they are deleted. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, holdSubmits, picturesOf, ready, stored, useDemo, user } from "./harness.mjs";

const demo = useDemo();

test("pictures are there after a reload, although their links are dead", async () => {
  const page = await demo.open();
  await user.choose(page, "Vtrix");
  await user.writePrompt(page, "a thing of beauty");
  await user.choose(page, "2");
  const made = await user.generatePictures(page);
  await demo.gateway.reset();
  await demo.gateway.script({ on: "image", fault: "answer", status: 404, body: {}, times: 0 });
  const before = await page.getByRole("article").innerText();
  await page.reload();
  await ready(page);
  const run = page.getByRole("article");
  const kept = await picturesOf(run);
  assert.deepEqual(
    kept.map(({ pixels }) => pixels),
    made.map(({ pixels }) => pixels),
  );
  // All but the time it took, which is of no more interest.
  assert.equal((await run.innerText()).replace(/\s+/g, " "), withoutTime(before));
  assert.equal((await demo.gateway.arrived("submit")).length, 0);
});

function withoutTime(words) {
  return words.replace(/\b\d+ s\b/, "").replace(/\s+/g, " ");
}

test("what is kept is counted, and deleted one by one or all at once", async () => {
  const page = await demo.open();
  const usage = page.locator("#usage");
  assert.equal(await page.locator("#kept").isVisible(), false);
  for (const [prompt, count] of [
    ["first", "1"],
    ["second", "2"],
    ["third", "1"],
  ]) {
    await user.writePrompt(page, prompt);
    await user.choose(page, count);
    await user.generatePictures(page);
  }
  await usage.filter({ hasText: /^4 pictures, .*, kept in this browser$/ }).waitFor();
  assert.match(await usage.textContent(), / \d+(\.\d)? [kM]B, /);
  const kept = await stored(page);
  assert.equal(kept["wanvas-studio/generations"].length, 3);
  assert.equal(kept["wanvas-pictures/pictures"].length, 4);

  const second = page.getByRole("article", { name: "second" });
  let asked = answer(page, false);
  await second.getByRole("button", { name: "Delete" }).click();
  assert.match(await asked, /2 pictures/);
  assert.equal(await page.getByRole("article").count(), 3);

  asked = answer(page, true);
  await second.getByRole("button", { name: "Delete" }).click();
  await asked;
  await usage.filter({ hasText: /^2 pictures/ }).waitFor();
  await second.waitFor({ state: "detached" });
  // The focus is at the one that has taken its place.
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "first");

  await page.reload();
  await page.getByRole("article").nth(1).waitFor();
  assert.equal(await page.getByRole("article").count(), 2);
  asked = answer(page, false);
  await page.getByRole("button", { name: "Delete all" }).click();
  await asked;
  assert.equal(await page.getByRole("article").count(), 2);
  asked = answer(page, true);
  await page.getByRole("button", { name: "Delete all" }).click();
  await asked;
  await page.getByText("Your pictures will appear here.").waitFor();
  await page.locator("#kept").waitFor({ state: "hidden" });
  await assertEmpty(page);
  await page.reload();
  await ready(page);
  assert.equal(await page.getByRole("article").count(), 0);
});

async function assertEmpty(page) {
  const found = await stored(page);
  assert.ok("wanvas-studio/generations" in found && "wanvas-pictures/pictures" in found);
  assert.deepEqual(Object.values(found).flat(), []);
}

test("Delete all leaves what is still waited for, which comes", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "done");
  await user.generatePictures(page);
  const letGo = await holdSubmits(page);
  await user.writePrompt(page, "on its way");
  const run = page.getByRole("article", { name: "on its way" });
  await user.generate(page);
  await run.getByText("Submitting").waitFor();
  const asked = answer(page, true);
  await page.getByRole("button", { name: "Delete all" }).click();
  await asked;
  await page.getByRole("article", { name: "done" }).waitFor({ state: "detached" });
  letGo();
  assert.equal((await picturesOf(run)).length, 1);
  await page.reload();
  await ready(page);
  assert.equal((await picturesOf(run)).length, 1);
  assert.equal(await page.getByRole("article").count(), 1);
});

test("what was compared leaves nothing behind, and the focus goes on", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "below");
  await user.generatePictures(page);
  await user.writePrompt(page, "twin");
  await user.generatePictures(page);
  await page.getByRole("button", { name: "Compare with Vtrix" }).first().click();
  await page.locator(".pair .run img").nth(1).waitFor();
  await user.writePrompt(page, "above");
  await user.generatePictures(page);
  for (const [name, next] of [
    ["above", "twin"],
    ["twin", "twin"],
    ["twin", "below"],
  ]) {
    const before = await page.getByRole("article").count();
    const asked = answer(page, true);
    const run = page.getByRole("article", { name }).first();
    await run.getByRole("button", { name: "Delete" }).click();
    await asked;
    await page.waitForFunction((count) => document.querySelectorAll(".run").length < count, before);
    await page.waitForFunction((label) => document.activeElement.ariaLabel === label, next);
  }
  assert.equal(await page.locator("#runs > *").count(), 1);
});

for (const [name, block] of [
  [
    "IndexedDB is refused",
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("not here", "SecurityError");
      };
    },
  ],
  [
    "all storage is refused",
    () => {
      const refuse = () => {
        throw new DOMException("not here", "SecurityError");
      };
      for (const name of ["indexedDB", "sessionStorage", "localStorage"])
        Object.defineProperty(window, name, { get: refuse });
    },
  ],
]) {
  test(`where ${name} pictures are made, and kept until the page is closed`, async () => {
    const page = await demo.blank();
    await page.addInitScript(block);
    await page.goto(demo.gateway.origin);
    await ready(page);
    await user.choose(page, "Vtrix");
    await user.writePrompt(page, "written in sand");
    assert.equal((await user.generatePictures(page)).length, 1);
    await page
      .getByText("1 picture,")
      .filter({ hasText: "kept until this page is closed" })
      .waitFor();
    await page.getByRole("button", { name: /^Open/ }).click();
    await page.getByRole("dialog").getByRole("img").waitFor();
    await page.keyboard.press("Escape");
    const asked = answer(page, true);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await asked;
    await page.getByText("Your pictures will appear here.").waitFor();
    assert.equal((await demo.gateway.arrived("submit")).length, 1);
  });
}
