/** How a generation begins, and several at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { holdSubmits, picturesOf, submitted, useDemo, user } from "./harness.mjs";

const demo = useDemo();

test("an example becomes the prompt", async () => {
  const page = await demo.open();
  const prompt = page.getByLabel("Prompt", { exact: true });
  for (const example of await page.locator("#examples button").all()) {
    await example.click();
    assert.equal(await prompt.inputValue(), await example.textContent());
    assert.ok(await prompt.evaluate((element) => element === document.activeElement));
  }
  await user.generatePictures(page);
  const [submit] = await demo.gateway.arrived("submit");
  assert.equal(submitted(submit).prompt, await prompt.inputValue());
  assert.equal(await page.locator("#examples").isVisible(), false);
});

test("Control and Enter begin, and so do Meta and Enter, once each", async () => {
  const page = await demo.open();
  const prompt = page.getByLabel("Prompt", { exact: true });
  for (const [index, keys] of ["Control+Enter", "Meta+Enter"].entries()) {
    await user.writePrompt(page, `pressed with ${keys}`);
    const [modifier, enter] = keys.split("+");
    await prompt.focus();
    await page.keyboard.down(modifier);
    await page.keyboard.down(enter);
    // A key that is held down repeats.
    await page.keyboard.down(enter);
    await page.keyboard.down(enter);
    await page.keyboard.up(enter);
    await page.keyboard.up(modifier);
    await page.getByRole("article").nth(index).waitFor();
    await picturesOf(page.getByRole("article").first());
  }
  const prompts = (await demo.gateway.arrived("submit")).map((submit) => submitted(submit).prompt);
  assert.deepEqual(prompts, ["pressed with Control+Enter", "pressed with Meta+Enter"]);
  assert.equal(await page.getByRole("article").count(), 2);
});

test("a double click begins one", async () => {
  await demo.gateway.script({ on: "submit", fault: "delay", ms: 500 });
  const page = await demo.open();
  await user.writePrompt(page, "impatience");
  await page.getByRole("button", { name: "Generate" }).dblclick();
  await picturesOf(page.getByRole("article"));
  // A later one was not forgotten either.
  await user.generatePictures(page);
  assert.equal((await demo.gateway.arrived("submit")).length, 2);
});

test("three at once all end, each with its own words, shape and pictures", async () => {
  const page = await demo.open();
  const letGo = await holdSubmits(page);
  const wanted = [
    ["AIML API", "a tall tower", 736, 1312],
    ["Vtrix", "a wide plain", 1696, 960],
    ["AIML API", "a round pond", 1280, 1280],
  ];
  for (const [gateway, prompt, width, height] of wanted) {
    await user.choose(page, gateway);
    await user.choosePreset(page, width, height);
    await user.writePrompt(page, prompt);
    await user.generate(page);
    const frame = page.getByRole("article", { name: prompt }).locator(".frame");
    await frame.waitFor();
    const box = await frame.boundingBox();
    assert.ok(Math.abs(box.width / box.height - width / height) < 0.01, prompt);
  }
  await page
    .locator("[data-state=waiting]")
    .nth(wanted.length - 1)
    .waitFor();
  assert.equal(await page.locator("[data-state=waiting]").count(), wanted.length);
  letGo();
  for (const [, prompt, width, height] of wanted) {
    const [picture] = await picturesOf(page.getByRole("article", { name: prompt }));
    assert.deepEqual(picture.size, [width, height]);
  }
  const titles = await page.locator(".run h2").allTextContents();
  assert.deepEqual(titles, ["a round pond", "a wide plain", "a tall tower"]);
  assert.equal((await demo.gateway.arrived("submit")).length, 3);
});
