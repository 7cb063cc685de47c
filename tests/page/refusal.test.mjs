import assert from "node:assert/strict";
import { test } from "node:test";
import { isFocused, picturesOf, useDemo, user } from "./harness.mjs";

const demo = useDemo();

test("an empty prompt is refused beside the field, and nothing is sent", async () => {
  const page = await demo.open();
  await user.generate(page);
  const prompt = page.getByLabel("Prompt", { exact: true });
  await page.locator("#prompt-problem").filter({ hasText: "prompt" }).waitFor();
  assert.equal(await prompt.getAttribute("aria-invalid"), "true");
  assert.ok(await isFocused(prompt));
  assert.equal(await page.getByRole("article").count(), 0);
  assert.equal((await demo.gateway.arrived("submit")).length, 0);
  await prompt.fill("better");
  assert.equal(await prompt.getAttribute("aria-invalid"), null);
  assert.equal(await page.locator("#prompt-problem").isVisible(), false);
});

test("what is no seed is told while typing, and not sent", async () => {
  const page = await demo.open();
  for (const seed of ["-1", "2147483648", "1.5", "seven"]) {
    // Also while there is no prompt yet, of which nothing is said.
    await page.getByLabel("Seed").fill(seed);
    await page.locator("#seed-problem").filter({ hasText: "seed" }).waitFor();
    assert.equal(await page.getByLabel("Seed").getAttribute("aria-invalid"), "true");
    await page.getByLabel("Seed").fill("7");
    await page.locator("#seed-problem").waitFor({ state: "hidden" });
  }
  assert.equal(await page.locator("#prompt-problem").isVisible(), false);
  await user.writePrompt(page, "a die");
  await page.getByLabel("Seed").fill("-1");
  await page.getByRole("button", { name: "Generate" }).focus();
  await user.generate(page);
  await page.waitForFunction(() => document.activeElement.id === "seed");
  assert.equal(await page.getByRole("article").count(), 0);
  assert.equal((await demo.gateway.arrived("submit")).length, 0);
});

test("too long a prompt is told while typing", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "🐻".repeat(2000));
  await page.getByText("2000 / 2000").waitFor();
  assert.equal(await page.locator("#prompt-problem").isVisible(), false);
  await user.writePrompt(page, "🐻".repeat(2001));
  await page.locator("#prompt-problem").filter({ hasText: "2000" }).waitFor();
  await page.getByText("2001 / 2000").waitFor();
  await page.getByLabel("Negative prompt").fill("x".repeat(501));
  await user.writePrompt(page, "short");
  await page.locator("#negative-prompt-problem").filter({ hasText: "500" }).waitFor();
  assert.equal(await page.locator("#prompt-problem").isVisible(), false);
});

test("an illegal size is told while typing, and the nearest is one click away", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "a poster");
  await user.typeFreeSize(page, 1104, 1472);
  await page.getByText("AIML API does not draw 1104 × 1472.").waitFor();
  await page.getByRole("button", { name: "Use 1056 × 1408" }).click();
  await page.getByText("AIML API draws this size.").waitFor();
  const [picture] = await user.generatePictures(page);
  assert.deepEqual(picture.size, [1056, 1408]);
});

test("an illegal size is not sent, and the refusal offers the nearest as well", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "a poster");
  await user.typeFreeSize(page, 1104, 1472);
  await user.generate(page);
  await page.getByRole("button", { name: "Use 1056 × 1408" }).waitFor();
  assert.equal(await page.getByLabel("Width").getAttribute("aria-invalid"), "true");
  assert.ok(await isFocused(page.getByLabel("Width")));
  assert.equal((await demo.gateway.arrived("submit")).length, 0);
});

test("a free size that suits one gateway is checked anew for the other", async () => {
  const page = await demo.open();
  await user.typeFreeSize(page, 1104, 1472);
  await page.getByText("AIML API does not draw 1104 × 1472.").waitFor();
  await user.choose(page, "Vtrix");
  await page.getByText("Vtrix draws this size.").waitFor();
});

test("a side left empty is asked for", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "half a frame");
  await user.typeFreeSize(page, 1024, "");
  await page.getByText("Both width and height are needed.").waitFor();
  await user.generate(page);
  assert.equal((await demo.gateway.arrived("submit")).length, 0);
});

test("what is wrong with the address is told while typing, and nothing is sent", async () => {
  const page = await demo.open();
  const urls = [];
  page.on("request", (request) => urls.push(request.url()));
  await user.choose(page, "With a key");
  await page.getByLabel("Key", { exact: true }).fill("k-1");
  for (const [address, words] of [
    ["nowhere", "baseUrl"],
    ["http://gateway.example", "https"],
  ]) {
    await page.getByLabel("Base URL").fill("");
    await page.locator("#base-url-problem").waitFor({ state: "hidden" });
    await page.getByLabel("Base URL").fill(address);
    await page.locator("#base-url-problem").filter({ hasText: words }).waitFor();
  }
  await user.writePrompt(page, "a postcard");
  await user.generate(page);
  await page.waitForFunction(() => document.activeElement.id === "base-url");
  assert.deepEqual(urls, []);
});

const FAULTS = [
  {
    name: "too many requests, with a time",
    // The submit is sent three times.
    fault: { on: "submit", fault: "rate_limited", retryAfter: "1", times: 3 },
    words: "The gateway has too many requests just now. Try again in 1 s.",
  },
  {
    name: "too many requests, without a time",
    fault: { on: "submit", fault: "rate_limited", times: 3 },
    words: "The gateway has too many requests just now. Wait a little, then try again.",
  },
  {
    name: "a content refusal",
    gateways: ["Vtrix"],
    fault: { on: "submit", fault: "refused_content" },
    words: "The gateway’s content check refused this. Try other words.",
  },
  {
    name: "a content refusal without a code",
    gateways: ["AIML API"],
    fault: { on: "submit", fault: "refused_content" },
    words: /inappropriate content/,
  },
  {
    name: "a failed job",
    gateways: ["Vtrix"],
    fault: { on: "submit", fault: "failed", message: "the canvas tore" },
    words: "The gateway could not make this picture. Try again, or try other words.",
    detail: "the canvas tore",
  },
  {
    name: "a refused key",
    fault: { on: "submit", fault: "answer", status: 401, body: {} },
    words: "The gateway did not accept the key. Check it under “With a key”.",
  },
  {
    name: "a connection cut after sending",
    fault: { on: "submit", fault: "cut", when: "after" },
    words: "No proper answer came. Nothing is charged here: try again.",
  },
];

for (const gateway of ["AIML API", "Vtrix"]) {
  for (const { name, gateways = [gateway], fault, words, detail = "" } of FAULTS) {
    if (!gateways.includes(gateway)) continue;
    test(`${gateway}: ${name} is told in words, and the form goes on working`, async () => {
      await demo.gateway.script(fault);
      const page = await demo.open();
      await user.choose(page, gateway);
      await user.writePrompt(page, "a hard day");
      const run = await user.generate(page);
      await run.getByText(words).waitFor();
      assert.ok((await run.innerText()).includes(detail));
      const sends = fault.times ?? 1;
      assert.equal((await demo.gateway.arrived("submit")).length, sends);
      assert.equal((await user.generatePictures(page)).length, 1);
      assert.equal((await demo.gateway.arrived("submit")).length, sends + 1);
    });
  }
}

test("of four pictures the missing ones are told, and the others shown", async () => {
  await demo.gateway.script({ on: "submit", fault: "partial", images: 3 });
  const page = await demo.open();
  await user.choose(page, "Vtrix");
  await user.writePrompt(page, "a quartet");
  await user.choose(page, "4");
  const run = await user.generate(page);
  await run.getByText("3 of 4 pictures").waitFor();
  await run.getByRole("img").nth(2).waitFor();
  assert.equal(await run.getByRole("img").count(), 3);
  assert.equal(await run.locator(".frame .problem").count(), 1);
});

test("Cancel ends a blocking request at once and leaves the form usable", async () => {
  await demo.gateway.script({ on: "submit", fault: "delay", ms: 15_000 });
  const page = await demo.open();
  await user.writePrompt(page, "never mind");
  const run = await user.generate(page);
  await run.getByText("Submitting").waitFor();
  await demo.gateway.untilSubmits(1);
  const pressedAt = Date.now();
  await run.getByRole("button", { name: "Cancel" }).click();
  await run.getByText("Cancelled", { exact: true }).waitFor();
  assert.ok(Date.now() - pressedAt < 2000);
  await run.getByText("This page has stopped waiting.").waitFor();
  assert.equal((await user.generatePictures(page)).length, 1);
  assert.equal((await demo.gateway.arrived("submit")).length, 2);
});

test("a cancelled wait for a job can be taken up again without a second submit", async () => {
  await demo.withoutStreams();
  const page = await demo.open();
  await user.choose(page, "Vtrix");
  await user.writePrompt(page, "on second thoughts");
  const run = await user.generate(page);
  await run.getByText(/^(Queued|Running)$/).waitFor();
  await run.getByRole("button", { name: "Cancel" }).click();
  await run.getByText("Cancelled", { exact: true }).waitFor();
  await run.getByRole("button", { name: "Go on waiting" }).click();
  assert.equal((await picturesOf(run)).length, 1);
  assert.equal((await demo.gateway.arrived("submit")).length, 1);
});
