/** The key that somebody types into the page: where it goes, and where it never is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, stored, useDemo, user } from "./harness.mjs";

const demo = useDemo();
const KEY = "sk-3c1f9a-not-to-be-found";
const OTHER_KEY = "vx-77e0-not-either";

for (const [gateway, host] of [
  ["AIML API", "api.aimlapi.com"],
  ["Vtrix", "cloud.vtrix.ai"],
]) {
  test(`with a key alone the request goes to ${host}`, async () => {
    const page = await demo.open();
    const sent = [];
    await page.route(`https://${host}/**`, (route) => {
      sent.push(route.request());
      return route.abort();
    });
    await user.choose(page, gateway);
    await typeKey(page, "");
    await user.writePrompt(page, "far away");
    await user.generate(page);
    await page.getByText("Failed", { exact: true }).waitFor();
    const posts = sent.filter((request) => request.method() === "POST");
    assert.equal(posts.length, 1);
    assert.equal(await posts[0].headerValue("authorization"), `Bearer ${KEY}`);
    assert.equal((await demo.gateway.arrived("submit")).length, 0);
  });
}
test("a key goes to the base URL and nowhere else, and a reload forgets it", async () => {
  const page = await demo.open();
  const urls = [];
  page.on("request", (request) => urls.push(request.url()));
  await typeKey(page, demo.gateway.origin);
  await user.choose(page, "Vtrix");
  assert.equal(await keyIn(page), "", "the other gateway has its own");
  await page.getByLabel("Key", { exact: true }).fill(OTHER_KEY);
  await page.locator("summary").click();
  for (const [gateway, key] of [
    ["Vtrix", OTHER_KEY],
    ["AIML API", KEY],
  ]) {
    await user.choose(page, gateway);
    assert.equal(await keyIn(page), key);
    await user.writePrompt(page, "a secret garden");
    await user.generatePictures(page);
  }
  const submits = await demo.gateway.arrived("submit");
  assert.deepEqual(
    submits.map(({ provider, authorization }) => [provider, authorization]),
    [
      ["vtrix", "ok"],
      ["aimlapi", "ok"],
    ],
  );
  // A form that is filled again has the key of its gateway, and no other's.
  const run = page.getByRole("article").nth(1);
  await run.getByRole("button", { name: "Use again" }).click();
  assert.equal(await keyIn(page), OTHER_KEY);
  const [left] = [urls.filter((url) => url.includes(KEY) || url.includes(OTHER_KEY))];
  assert.deepEqual(left, []);
  assert.deepEqual(await traces(page), []);
  await page.reload();
  await ready(page);
  assert.deepEqual(await keysIn(page), ["", ""]);
});

test("a key is kept for the tab where that is chosen, and for no other tab", async () => {
  const page = await demo.open();
  await typeKey(page, "");
  await user.choose(page, "Vtrix");
  await page.getByLabel("Key", { exact: true }).fill(OTHER_KEY);
  assert.deepEqual(await traces(page), []);
  await page.getByLabel("Keep for this tab").check();
  assert.deepEqual(await traces(page), ["sessionStorage"]);
  await page.reload();
  await ready(page);
  assert.deepEqual(await keysIn(page), [KEY, OTHER_KEY]);
  assert.ok(await page.getByLabel("Keep for this tab").isChecked());

  const other = await page.context().newPage();
  await other.goto(demo.gateway.origin);
  await ready(other);
  assert.deepEqual(await keysIn(other), ["", ""]);
  assert.equal(await other.getByLabel("Keep for this tab").isChecked(), false);

  // Both are gone, also the one that does not show.
  await page.getByLabel("Keep for this tab").uncheck();
  assert.deepEqual(await traces(page), []);
  assert.deepEqual(await keysIn(page), [KEY, OTHER_KEY]);
  await page.reload();
  await ready(page);
  assert.deepEqual(await keysIn(page), ["", ""]);
});

test("a key that is emptied is kept no longer", async () => {
  const page = await demo.open();
  await typeKey(page, "");
  await page.getByLabel("Keep for this tab").check();
  await page.getByLabel("Key", { exact: true }).fill("");
  assert.deepEqual(await traces(page), []);
  await page.reload();
  await ready(page);
  assert.deepEqual(await keysIn(page), ["", ""]);
});

test("key and address are asked for only where they are needed", async () => {
  const page = await demo.open();
  for (const [place, isShown] of [
    ["Sandbox", false],
    ["With a key", true],
    ["Local gateway", false],
  ]) {
    await user.choose(page, place);
    assert.equal(await page.getByLabel("Key", { exact: true }).isVisible(), isShown);
    assert.equal(await page.getByLabel("Base URL").isVisible(), isShown);
  }
});

async function typeKey(page, baseUrl) {
  await user.choose(page, "With a key");
  await page.getByLabel("Key", { exact: true }).fill(KEY);
  await page.getByLabel("Base URL").fill(baseUrl);
}

function keyIn(page) {
  return page.getByLabel("Key", { exact: true }).inputValue();
}

/** The keys that the form has for each gateway. */
async function keysIn(page) {
  const found = [];
  await user.choose(page, "With a key");
  for (const gateway of ["AIML API", "Vtrix"]) {
    await user.choose(page, gateway);
    found.push(await keyIn(page));
  }
  return found;
}

/** Where in the page or in what it keeps one of the keys can be found. */
async function traces(page) {
  const places = await page.evaluate(async () => {
    const files = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        files.push(request.url, await (await cache.match(request)).text());
      }
    }
    return {
      page: [document.documentElement.outerHTML, document.body.innerText, location.href],
      cookies: document.cookie,
      localStorage: { ...localStorage },
      sessionStorage: { ...sessionStorage },
      history: history.state,
      caches: files,
      window: window.name,
    };
  });
  const all = { ...places, databases: await stored(page) };
  return Object.keys(all).filter((place) => {
    const words = JSON.stringify(all[place]);
    return words?.includes(KEY) || words?.includes(OTHER_KEY);
  });
}
