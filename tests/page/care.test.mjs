import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, useDemo, user } from "./harness.mjs";

const demo = useDemo();

test("markup in a prompt and in an answer stays text", async () => {
  const markup = "<img src=x onerror=document.title='owned'><b>bold</b>";
  await demo.gateway.script({ on: "submit", fault: "failed", message: markup });
  const page = await demo.open();
  await user.choose(page, "Vtrix");
  await user.writePrompt(page, markup);
  const run = await user.generate(page);
  await run.getByText("Failed", { exact: true }).waitFor();
  assert.ok((await run.innerText()).includes(markup));
  assert.equal(await run.locator("img, b").count(), 0);
  const [made] = await user.generatePictures(page);
  assert.match(made.text, /Download/);
  await page.getByRole("button", { name: /^Open/ }).click();
  const large = page.getByRole("dialog");
  await large.getByText(markup).waitFor();
  assert.deepEqual([await large.locator("img").count(), await large.locator("b").count()], [1, 0]);
  assert.equal(await page.title(), "wanvas: pictures from a prompt");
});

test("a run has no error in the console and breaks no content security policy", async () => {
  const page = await demo.open({ serviceWorkers: "allow" });
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.reload();
  await ready(page);
  for (const gateway of ["AIML API", "Vtrix"]) {
    await user.choose(page, gateway);
    await user.writePrompt(page, "a quiet street");
    await user.generatePictures(page);
  }
  assert.deepEqual(complaints, []);
});

test("the content security policy lets no inline script run", async () => {
  const page = await demo.open();
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.inlineRan = true";
    document.body.append(script);
    return window.inlineRan === true;
  });
  assert.equal(ran, false);
});

test("every control has a name", async () => {
  const page = await demo.open();
  await page.locator("summary").click();
  await user.choose(page, "Free any size");
  await user.choose(page, "With a key");
  const nameless = await page.locator("input, textarea, button, summary").evaluateAll((controls) =>
    controls
      .filter((control) => control.checkVisibility())
      .filter((control) => {
        const label = [...(control.labels ?? [])].map(({ textContent }) => textContent).join("");
        return (label + control.textContent).trim() === "";
      })
      .map(({ outerHTML }) => outerHTML),
  );
  assert.deepEqual(nameless, []);
});

test("whatever the keyboard reaches shows a focus ring", async () => {
  const page = await demo.open();
  const reached = new Set();
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press("Tab");
    const { name, isEnd, ring } = await page.evaluate(() => {
      const focused = document.activeElement;
      const drawn = focused.matches("[type=radio]") ? focused.nextElementSibling : focused;
      const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
      return {
        name: focused.name || focused.id || focused.textContent.trim(),
        isEnd: focused === document.body,
        ring: outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth),
      };
    });
    if (isEnd) break;
    reached.add(name);
    assert.ok(ring >= 2, `${name} shows no focus`);
  }
  for (const name of [
    "prompt",
    "negative-prompt",
    "provider",
    "place",
    "size",
    "count",
    "seed",
    "generate",
  ])
    assert.ok(reached.has(name), `${name} was not reached`);
});

for (const width of [320, 900, 3840]) {
  test(`at ${width} pixels nothing sticks out sideways`, async () => {
    await demo.gateway.script({ on: "submit", fault: "refused_content" });
    const page = await demo.open({ viewport: { width, height: 800 } });
    await page.locator("summary").click();
    await user.typeFreeSize(page, 1104, 1472);
    await page.getByRole("button", { name: "Use 1056 × 1408" }).waitFor();
    assert.deepEqual(await overflowing(page), []);
    await user.choosePreset(page, 1408, 1056);
    await user.writePrompt(page, `an unbroken ${"word".repeat(60)}`);
    const refused = await user.generate(page);
    await refused.getByText("Failed", { exact: true }).waitFor();
    assert.deepEqual(await overflowing(page), []);
    await user.choose(page, "4");
    await user.generatePictures(page);
    assert.deepEqual(await overflowing(page), []);
  });
}

test("a prompt written from right to left is shown so", async () => {
  const page = await demo.open();
  await user.writePrompt(page, "بيت على التل");
  await user.generatePictures(page);
  await page.getByRole("button", { name: /^Open/ }).click();
  await page.getByRole("dialog").getByRole("img").waitFor();
  const directions = await page
    .locator("#prompt, .run h2, #viewer p")
    .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).direction));
  assert.deepEqual(directions, ["rtl", "rtl", "rtl"]);
});

/** What reaches beyond the width of the window. */
function overflowing(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.body.querySelectorAll("*:not(.visually-hidden)")]
      .filter((element) => element.checkVisibility())
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName}#${element.id}.${element.className}`);
  });
}
