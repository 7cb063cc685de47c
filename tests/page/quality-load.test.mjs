/** What the page costs to open, and how long its first picture takes. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { StaticPage } from "./states.mjs";

/** Most that a first visit may take over the wire, in bytes. */
const BUDGET = 182_000;

const demo = new StaticPage();
afterEach(() => demo.stop());

for (const gzip of [true, false]) {
  test(`a first visit, ${gzip ? "compressed" : "as it is"}`, async (context) => {
    await demo.start({ gzip });
    const page = await demo.open();
    await page.waitForLoadState("load");
    const toOpen = demo.site.sent();
    // The worker which keeps the page for when there is no network has all its files now.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    const inAll = demo.site.sent();
    context.diagnostic(`${toOpen} bytes to open, ${inAll} with what is kept for offline use`);
    if (gzip) assert.ok(inAll <= BUDGET, `${inAll} bytes`);
    assert.deepEqual(demo.site.asked.filter(isOfSandbox), []);
  });
}

test("the first picture comes from files alone, and only for it is the sandbox loaded", async (context) => {
  await demo.start({ gzip: true });
  const page = await demo.open();
  await page.getByLabel("Prompt", { exact: true }).fill("A lighthouse at dusk");
  const begun = performance.now();
  await page.getByRole("button", { name: "Generate" }).click();
  await page.locator(".frame img").waitFor();
  context.diagnostic(`${Math.round(performance.now() - begun)} ms to the first picture`);
  assert.deepEqual(new Set(demo.site.asked.filter(isOfSandbox)), new Set(SANDBOX));
});

const SANDBOX = [
  "/sandbox/worker.js",
  "/built/sandbox/sandbox.js",
  "/built/sandbox/sandbox_bg.wasm",
];

function isOfSandbox(path) {
  return path === "/sandbox/worker.js" || path.startsWith("/built/sandbox/");
}
