/** A picture shown large. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, pixelsOf, useDemo, user } from "./harness.mjs";

const demo = useDemo();

test("a click opens it, Escape closes it, and the focus comes back", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "a single leaf");
  const [small] = await user.generatePictures(page);
  const open = page.getByRole("button", { name: /^Open a-single-leaf-\d+-1$/ });
  const dialog = page.getByRole("dialog");
  await open.click();
  const image = dialog.getByRole("img", { name: "a single leaf" });
  await image.waitFor();
  assert.equal(await pixelsOf(image), small.pixels);
  await dialog.getByText("a single leaf").waitFor();
  // Alone, it has no others to turn to.
  assert.equal(await dialog.getByRole("button", { name: /picture$/ }).count(), 0);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await isFocused(open));
  await page.keyboard.press("Enter");
  await image.waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await isFocused(open));
});

test("arrows and buttons turn to the others, and the focus is at the one seen last", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "older");
  const [older] = await user.generatePictures(page);
  await user.writePrompt(page, "newer");
  await user.choose(page, "2");
  const [first, second] = await user.generatePictures(page);
  const order = [first, second, older].map(({ pixels }) => pixels);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: /^Open newer-\d+-1$/ }).click();
  const shown = async (index) => {
    await dialog.getByText(`${index + 1} of 3`).waitFor();
    const image = dialog.locator("img");
    await image.evaluate((img) => img.decode());
    assert.equal(await pixelsOf(image), order[index]);
  };
  await shown(0);
  await page.keyboard.press("ArrowRight");
  await shown(1);
  await page.keyboard.press("ArrowRight");
  await shown(2);
  await page.keyboard.press("ArrowRight");
  await shown(0);
  await page.keyboard.press("ArrowLeft");
  await shown(2);
  const previous = dialog.getByRole("button", { name: "Previous picture" });
  await previous.click();
  await shown(1);
  assert.ok(await isFocused(previous));
  await page.keyboard.press("Enter");
  await shown(0);
  const next = dialog.getByRole("button", { name: "Next picture" });
  await next.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await shown(2);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await isFocused(page.getByRole("button", { name: /^Open older/ })));
});

test("it can be downloaded and copied from there", async () => {
  const page = await demo.open({ permissions: ["clipboard-read", "clipboard-write"] });
  await user.writePrompt(page, "a large leaf");
  await user.generatePictures(page);
  await page.getByRole("button", { name: /^Open/ }).click();
  const dialog = page.getByRole("dialog");
  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: /^Download/ }).click();
  assert.match((await downloading).suggestedFilename(), /^a-large-leaf-\d+-1\.png$/);
  const copy = dialog.getByRole("button", { name: /^Copy/ });
  await copy.click();
  await copy.filter({ hasText: "Copied" }).waitFor();
});
