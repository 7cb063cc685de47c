import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { picturesOf, submitted, useDemo, user } from "./harness.mjs";

const demo = useDemo();

/** Every preset in pixels, by gateway; what the page asks for and must get. */
const PRESETS = {
  "AIML API": [
    [1440, 1440],
    [1280, 1280],
    [1056, 1408],
    [1408, 1056],
    [736, 1312],
    [1312, 736],
  ],
  Vtrix: [
    [1440, 1440],
    [1280, 1280],
    [1104, 1472],
    [1472, 1104],
    [960, 1696],
    [1696, 960],
  ],
};
/** A size that is no preset, legal at the gateway. */
const FREE_SIZES = { "AIML API": [1440, 512], Vtrix: [768, 2700] };

for (const [gateway, presets] of Object.entries(PRESETS)) {
  describe(gateway, () => {
    test("offers exactly its own presets", async () => {
      const page = await demo.open();
      await user.choose(page, gateway);
      await page.getByRole("radio", { name: presets[2].join(" × ") }).waitFor();
      const shown = await page.getByRole("group", { name: "Size" }).getByRole("radio").count();
      assert.equal(shown, presets.length + 1);
    });

    test("each preset makes a picture of its size", async () => {
      const page = await demo.open();
      await user.choose(page, gateway);
      for (const [width, height] of presets) {
        await user.writePrompt(page, `a heron in the reeds, ${width} by ${height}`);
        await user.choosePreset(page, width, height);
        const [picture, ...more] = await user.generatePictures(page);
        assert.deepEqual([picture.size, more], [[width, height], []]);
        assert.match(picture.text, new RegExp(`${width} × ${height}`));
      }
      const submits = await demo.gateway.arrived("submit");
      assert.deepEqual(
        submits.map((submit) => submitted(submit).size),
        presets,
      );
    });

    test("a free size is drawn as typed", async () => {
      const [width, height] = FREE_SIZES[gateway];
      const page = await demo.open();
      await user.choose(page, gateway);
      await user.writePrompt(page, "a long river");
      await user.typeFreeSize(page, width, height);
      await page.getByText(`${gateway} draws this size.`).waitFor();
      const [picture] = await user.generatePictures(page);
      assert.deepEqual(picture.size, [width, height]);
    });

    test("four pictures come from one submit", async () => {
      const page = await demo.open();
      await user.choose(page, gateway);
      await user.writePrompt(page, "four seasons");
      await user.choose(page, "4");
      const pictures = await user.generatePictures(page);
      assert.equal(pictures.length, 4);
      assert.equal(new Set(pictures.map(({ pixels }) => pixels)).size, 4);
      const submits = await demo.gateway.arrived("submit");
      assert.deepEqual(
        submits.map((submit) => submitted(submit).count),
        [4],
      );
    });

    test("the frames have the picture's shape before there is a picture", async () => {
      await demo.gateway.script({ on: "submit", fault: "delay", ms: 1500 });
      const page = await demo.open();
      await user.choose(page, gateway);
      await user.writePrompt(page, "a tall door");
      const [width, height] = presets[4];
      await user.choosePreset(page, width, height);
      await user.choose(page, "2");
      const run = await user.generate(page);
      await run.getByText("Submitting").waitFor();
      const frames = await run.locator(".frame").all();
      assert.equal(frames.length, 2);
      for (const frame of frames) {
        const box = await frame.boundingBox();
        assert.ok(Math.abs(box.width / box.height - width / height) < 0.01);
      }
      await picturesOf(run);
    });

    test("everything that can be set arrives", async () => {
      const page = await demo.open();
      await user.choose(page, gateway);
      await user.writePrompt(page, "ein Bär\nim Schnee 🐻");
      await page.getByLabel("Negative prompt").fill("fog");
      await page.getByLabel("Seed").fill("0");
      await page.getByLabel("Prompt rewriting").uncheck();
      await page.getByLabel("Watermark").check();
      await user.generatePictures(page);
      const [submit] = await demo.gateway.arrived("submit");
      assert.deepEqual(submitted(submit), {
        prompt: "ein Bär\nim Schnee 🐻",
        negativePrompt: "fog",
        size: [1280, 1280],
        count: 1,
        seed: 0,
        enhancePrompt: false,
        watermark: true,
      });
    });

    test("seed, cost and gateway are told", async () => {
      const page = await demo.open();
      await user.choose(page, gateway);
      await user.writePrompt(page, "a paper boat");
      await user.generatePictures(page);
      const [submit] = await demo.gateway.arrived("submit");
      const facts = page.getByRole("article").locator("dl");
      assert.match(await facts.innerText(), new RegExp(`Seed\\s+${submitted(submit).seed}\\b`));
      assert.match(await facts.innerText(), /Cost\s+\$?\d+(\.\d+)?.*, not charged/);
      assert.match(await facts.innerText(), new RegExp(`Gateway\\s+${gateway}, local`));
    });
  });
}

test("rewriting is on and the watermark off unless changed", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "a plain request");
  await user.generatePictures(page);
  const { enhancePrompt, watermark, negativePrompt } = submitted(
    (await demo.gateway.arrived("submit"))[0],
  );
  assert.deepEqual([enhancePrompt, watermark, negativePrompt], [true, false, undefined]);
});

test("a seed used again gives the same picture, another seed another one", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "one of a kind");
  const [first] = await user.generatePictures(page);
  await page.getByRole("button", { name: "Same seed again" }).click();
  const [second] = await user.generatePictures(page);
  await page.getByRole("button", { name: "Use again" }).first().click();
  const [third] = await user.generatePictures(page);
  assert.equal(first.pixels, second.pixels);
  assert.notEqual(first.pixels, third.pixels);
});

test("everything can be done by keyboard alone", async () => {
  const page = await demo.open();
  const { keyboard } = page;
  await keyboard.press("Tab");
  await keyboard.type("a typed wish");
  await keyboard.press("Tab");
  await keyboard.type("mice");
  await keyboard.press("Tab");
  await keyboard.press("ArrowRight");
  await page.getByRole("radio", { name: "1104 × 1472" }).waitFor();
  // Past who makes it.
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await keyboard.press("ArrowRight");
  await keyboard.press("Tab");
  await keyboard.press("ArrowRight");
  await keyboard.press("Tab");
  await keyboard.type("99");
  await keyboard.press("Control+Enter");
  const pictures = await picturesOf(page.getByRole("article"));
  assert.equal(pictures.length, 2);
  const submits = await demo.gateway.arrived("submit");
  assert.equal(submits.length, 1);
  const { prompt, negativePrompt, count, seed, size } = submitted(submits[0]);
  assert.deepEqual([prompt, negativePrompt, count, seed], ["a typed wish", "mice", 2, 99]);
  assert.equal(submits[0].provider, "vtrix");
  assert.notDeepEqual(size, [1280, 1280]);
});

test("waiting is told in words and whole seconds, with no bar where no number is known", async () => {
  await demo.gateway.script({ on: "submit", fault: "delay", ms: 2500 });
  const page = await demo.open();
  await user.writePrompt(page, "patience");
  const run = await user.generate(page);
  await run.getByText("Submitting").waitFor();
  await run.getByText("1 s", { exact: true }).waitFor();
  assert.equal(await run.getByRole("progressbar").count(), 0);
  assert.equal(await page.locator("#announcements").textContent(), "Submitting");
  await picturesOf(run);
  assert.equal(await page.locator("#announcements").textContent(), "1 picture");
});
