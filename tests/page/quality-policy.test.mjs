/** What the page allows itself, and how it heeds what a person has set. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { inProject } from "../../scripts/lib/paths.mjs";
import { STATES, StaticPage } from "./states.mjs";

const WWW = inProject("www");
/** What reads text as markup or as code. */
const UNSAFE =
  /\b(innerHTML|outerHTML\s*=|insertAdjacentHTML|createContextualFragment|document\.write|eval\s*\(|new Function)/;

const demo = new StaticPage();
before(() => demo.start());
afterEach(() => demo.closePages());
after(() => demo.stop());

test("the policy lets scripts and styles come from the page's own files only", () => {
  const [policy] = readFileSync(join(WWW, "index.html"), "utf8").match(
    /content="default-src[^"]*"/,
  );
  assert.match(
    policy,
    /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'/,
  );
  assert.doesNotMatch(policy, /'unsafe-/);
});

test("no file reads text as markup or as code", () => {
  const files = readdirSync(WWW, { recursive: true }).filter(
    (name) => name.endsWith(".js") && !name.startsWith("built"),
  );
  assert.ok(files.includes("main.js") && files.includes(join("sandbox", "worker.js")));
  const unsafe = files.filter((name) => UNSAFE.test(readFileSync(join(WWW, name), "utf8")));
  assert.deepEqual(unsafe, []);
});

test("nothing moves for who wants less motion", async () => {
  const moving = async (reducedMotion) => {
    const page = await demo.open({ reducedMotion });
    await STATES.generating(page);
    return page.evaluate(() => ({
      animations: document.getAnimations().length > 0,
      scrolling: getComputedStyle(document.documentElement).scrollBehavior,
    }));
  };
  assert.deepEqual(await moving("no-preference"), { animations: true, scrolling: "smooth" });
  assert.deepEqual(await moving("reduce"), { animations: false, scrolling: "auto" });
});

test("in forced colours what is chosen still differs", async () => {
  const page = await demo.open({ forcedColors: "active" });
  const outlines = await page
    .locator("[name=provider] + span")
    .evaluateAll((choices) => choices.map((choice) => getComputedStyle(choice).outlineStyle));
  assert.deepEqual(outlines, ["solid", "none"]);
});
