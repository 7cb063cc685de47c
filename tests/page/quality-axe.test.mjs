/**
 * Every state of the page, on a phone and on a desktop, light and dark: accessible by axe-core's
 * rules, and nothing is written to the console or stopped by the content security policy.
 */

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import axe from "axe-core";
import { STATES, StaticPage, show, VIEWS } from "./states.mjs";

const demo = new StaticPage();
before(() => demo.start());
afterEach(() => demo.closePages());
after(() => demo.stop());

for (const [name, reach] of Object.entries(STATES)) {
  test(`${name}: accessible, and nothing is complained of`, async () => {
    const complaints = [];
    const page = await demo.open(VIEWS[0], (page) => listen(page, complaints));
    await reach(page);
    await page.evaluate(axe.source);
    for (const view of VIEWS) {
      await show(page, view);
      assert.deepEqual(await violations(page), [], `${view.viewport.width}, ${view.colorScheme}`);
    }
    assert.deepEqual(complaints, []);
  });
}

test("both kinds of complaint are heard, and axe sees what is wrong", async () => {
  const complaints = [];
  const page = await demo.open(VIEWS[0], (page) => listen(page, complaints));
  await page.evaluate(axe.source);
  await page.evaluate(() => {
    console.warn("a warning");
    const image = document.createElement("img");
    image.setAttribute("style", "color: red");
    document.querySelector("main").append(image);
  });
  assert.deepEqual(await violations(page), ["image-alt: main > img"]);
  assert.ok(complaints.includes("a warning"));
  assert.ok(complaints.includes("policy: style-src-attr inline"), complaints.join());
});

/** Gathers what the page writes to the console, throws, or is kept from by its policy. */
async function listen(page, complaints) {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.exposeFunction("complain", (words) => complaints.push(words));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
      window.complain(`policy: ${effectiveDirective} ${blockedURI}`);
    });
  });
}

/** What axe-core finds wrong, and where. */
async function violations(page) {
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run({ resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target) }));
  });
  return found.map(({ id, targets }) => `${id}: ${targets.join(", ")}`);
}
