import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/lib/paths.mjs";
import { useDemo } from "./harness.mjs";

const demo = useDemo();

const [firstPicture, resumed, handedOver, laterPoll, failure] = [
  ...readFileSync(join(ROOT, "README.md"), "utf8").matchAll(/```js\n(.*?)```/gs),
].map(([, code]) => code);

/** Runs an example as it stands, in a page of its own that finds the package by an import map. */
async function run(example) {
  const page = await demo.blank();
  const logged = [];
  page.on("console", (message) => logged.push(message.text()));
  // Any document of the gateway's, to be on its origin without the demo's own policy.
  await page.goto(`${demo.gateway.origin}/__gateway/requests`);
  const imports = { wanvas: `${demo.gateway.origin}/pkg/wanvas.js` };
  await page.setContent(
    `<script type="importmap">${JSON.stringify({ imports })}</script>
    <script type="module">${example}; document.body.dataset.done = "";</script>`,
  );
  await page.locator("[data-done]").waitFor({ state: "attached" });
  return { page, logged };
}

test("the first example shows a picture of the ratio asked for", async () => {
  const { page } = await run(firstPicture);
  const size = await page.locator("img").evaluate(async (picture) => {
    await picture.decode();
    return [picture.naturalWidth, picture.naturalHeight];
  });
  assert.deepEqual(size, [1696, 960]);
});

test("the second example goes on with what an earlier page left", async () => {
  const earlier = `const { generate } = await import("wanvas");
    const options = { provider: "vtrix", apiKey: "any", baseUrl: location.origin };
    await generate({ prompt: "a heron", count: 2 }, { ...options, wait: false });`;
  const { logged } = await run(`await (async () => { ${earlier} })(); ${resumed}`);
  assert.deepEqual(logged, ["2 pictures of 1280x1280"]);
  assert.equal((await demo.gateway.arrived("submit")).length, 1);
});

test("the third example hands a picture over with its prompt", async () => {
  const { logged } = await run(handedOver);
  assert.deepEqual(logged, ["a heron in the reeds"]);
});

test("the fourth example finishes a kept job", async () => {
  const { logged } = await run(laterPoll);
  assert.equal(logged.at(-1), "4 0.12 USD");
  assert.equal((await demo.gateway.arrived("submit")).length, 1);
});

test("the fifth example uses the size that an error suggests", async () => {
  const { logged } = await run(failure);
  assert.equal(logged.at(-1), "1056x1408");
  const submits = await demo.gateway.arrived("submit");
  assert.deepEqual(
    submits.map(({ body }) => body.image_size),
    [{ width: 1056, height: 1408 }],
  );
});
