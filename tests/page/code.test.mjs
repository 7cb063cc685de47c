/** "Code of this request": run as it stands, it sends what Generate sends. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { submitted, useDemo, user } from "./harness.mjs";

const demo = useDemo();
const KEY = "sk-code-51b7";

/** What needs care in a string, and nothing at its default. */
const FULL = {
  prompt: 'a "quoted" \\ path,\n`location` ${</script> \u2028 狐 🦊',
  negativePrompt: "fog's",
  freeSize: [1000, 2000],
  count: "2",
  seed: "0",
  isPlain: true,
};
const PLAIN = { prompt: "a plain heron" };

for (const { name, ...wanted } of [
  { name: "Local gateway, a prompt alone", place: "Local gateway", provider: "AIML API", ...PLAIN },
  { name: "Local gateway, everything", place: "Local gateway", provider: "Vtrix", ...FULL },
  {
    name: "Sandbox, a preset",
    place: "Sandbox",
    provider: "AIML API",
    ...PLAIN,
    preset: [736, 1312],
  },
  { name: "Sandbox, everything", place: "Sandbox", provider: "Vtrix", ...FULL },
  {
    name: "with a key",
    place: "With a key",
    provider: "AIML API",
    ...{ ...FULL, freeSize: [1440, 512] },
    key: KEY,
  },
  {
    name: "with a key that the relay has",
    place: "With a key",
    provider: "Vtrix",
    ...PLAIN,
    key: "",
  },
]) {
  test(`the code does what Generate does: ${name}`, async () => {
    const page = await demo.open();
    await page.locator("summary").click();
    await fill(page, wanted);
    const code = await page.locator("#code").textContent();
    assert.ok(!code.includes(KEY));
    assert.ok(!(await page.content()).includes(KEY));
    await user.generate(page);
    const byGenerate = await arrivals(page, wanted.place, 1);
    await page.close();

    const own = await ownPage(page.context());
    const questions = [];
    own.on("dialog", (dialog) => {
      questions.push(dialog.message());
      dialog.accept(KEY);
    });
    await own.addScriptTag({ type: "module", content: code });
    // What arrived at a sandbox is known to the page alone that asked it.
    const byCode = await arrivals(own, wanted.place, wanted.place === "Sandbox" ? 1 : 2);
    const [first, second] = [byGenerate[0], byCode.at(-1)].map(said);
    if (!wanted.seed) {
      // One is left to chance in the page, the other to the gateway or the package.
      delete first.seed;
      delete second.seed;
    }
    assert.deepEqual(second, first);
    assert.equal(first.prompt, wanted.prompt);
    assert.deepEqual(questions, wanted.key ? ["Key"] : []);
  });
}

test("with a key and no address, the code asks the same host with the key", async () => {
  const page = await demo.open();
  const sent = [];
  await page.context().route("https://cloud.vtrix.ai/**", async (route) => {
    const request = route.request();
    if (request.method() === "POST") {
      sent.push([request.url(), await request.headerValue("authorization"), request.postData()]);
    }
    await route.abort();
  });
  await fill(page, { place: "With a key", provider: "Vtrix", ...FULL, key: KEY, baseUrl: "" });
  const code = await page.locator("#code").textContent();
  const run = await user.generate(page);
  await run.getByText("Failed", { exact: true }).waitFor();
  const own = await ownPage(page.context());
  own.on("dialog", (dialog) => dialog.accept(KEY));
  const failing = own.waitForEvent("pageerror");
  await own.addScriptTag({ type: "module", content: code }).catch(() => {});
  await failing;
  assert.equal(sent.length, 2);
  assert.equal(sent[0][1], `Bearer ${KEY}`);
  assert.deepEqual(sent[1], sent[0]);
});

test("Copy code copies what is shown", async () => {
  const page = await demo.open({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator("summary").click();
  await fill(page, { place: "Local gateway", provider: "Vtrix", ...FULL });
  await page.getByRole("button", { name: "Copy code" }).click();
  const told = page.locator("#announcements").filter({ hasText: "Copied the code" });
  await told.waitFor({ state: "attached" });
  const shown = await page.locator("#code").textContent();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), shown);
  assert.ok(shown.includes("fog's"));
});

async function fill(page, wanted) {
  const { place, provider, prompt, negativePrompt, freeSize, preset, count, seed, isPlain } =
    wanted;
  await user.choose(page, provider);
  await user.choose(page, place);
  if (place === "With a key") {
    await page.getByLabel("Key", { exact: true }).fill(wanted.key);
    await page.getByLabel("Base URL").fill(wanted.baseUrl ?? demo.gateway.origin);
  }
  await user.writePrompt(page, prompt);
  if (negativePrompt) await page.getByLabel("Negative prompt").fill(negativePrompt);
  if (preset) await user.choosePreset(page, ...preset);
  if (freeSize) await user.typeFreeSize(page, ...freeSize);
  if (count) await user.choose(page, count);
  if (seed) await page.getByLabel("Seed").fill(seed);
  if (isPlain) {
    await page.getByLabel("Prompt rewriting").uncheck();
    await page.getByLabel("Watermark").check();
  }
}

/** A page on the gateway's origin, as an app there has it: with an import map for the package. */
async function ownPage(context) {
  const page = await context.newPage();
  await page.goto(`${demo.gateway.origin}/__gateway/requests`);
  const imports = { wanvas: `${demo.gateway.origin}/pkg/wanvas.js` };
  await page.setContent(
    `<base href="/"><script type="importmap">${JSON.stringify({ imports })}</script>`,
  );
  return page;
}

/** The submits that arrived where the page sends them, once there are so many. */
async function arrivals(page, place, count) {
  for (const until = Date.now() + 30_000; ; ) {
    const submits =
      place === "Sandbox" ? await sandboxSubmits(page) : await demo.gateway.arrived("submit");
    if (submits.length >= count) return submits;
    assert.ok(Date.now() < until, "it was not sent");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function sandboxSubmits(page) {
  const requests = await page.evaluate(async () => {
    const { SANDBOX_URL, sandboxFetch } = await import("/sandbox/sandbox.js");
    return (await sandboxFetch(`${SANDBOX_URL}/__gateway/requests`)).json();
  });
  return requests.filter(({ kind }) => kind === "submit");
}

/** What arrived, whichever call sent it. */
function said(submit) {
  const { provider, authorization } = submit;
  return { provider, authorization, ...submitted(submit) };
}
