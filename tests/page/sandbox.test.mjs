/** The page from any web server, in a folder of it: the sandbox, and the page without a network. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, relative } from "node:path";
import { after, before, test } from "node:test";
import { inProject } from "../../scripts/lib/paths.mjs";
import { serve } from "../support/site.mjs";
import { picturesOf, useDemo, user } from "./harness.mjs";

const demo = useDemo();
const WWW = inProject("www");
const FOLDER = "/some/folder";
/** What only the first picture needs. */
const LATER = ["sandbox/worker.js", "built/sandbox/sandbox.js", "built/sandbox/sandbox_bg.wasm"];

let root;
let site;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "wanvas-page-"));
  await mkdir(join(root, dirname(FOLDER)), { recursive: true });
  await symlink(WWW, join(root, FOLDER));
  site = await serve(root);
});
after(async () => {
  await site.stop();
  await rm(root, { recursive: true });
});

test("the sandbox makes pictures at both gateways, and nothing leaves the page's folder", async () => {
  const page = await demo.blank();
  const home = `${site.origin}${FOLDER}/`;
  const elsewhere = [];
  page.context().on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(home)) {
      elsewhere.push(request.url());
    }
  });
  await open(page, home);
  assert.equal(await page.getByRole("radio", { name: "Local gateway" }).isVisible(), false);
  const isLater = (path) => LATER.some((file) => path === `${FOLDER}/${file}`);
  assert.deepEqual(site.asked.filter(isLater), []);
  for (const [gateway, width, height] of [
    ["AIML API", 1408, 1056],
    ["Vtrix", 960, 1696],
  ]) {
    await user.choose(page, gateway);
    await user.choosePreset(page, width, height);
    await user.writePrompt(page, `a picture of nobody, by ${gateway}`);
    const [picture] = await user.generatePictures(page);
    assert.deepEqual(picture.size, [width, height]);
    const run = page.getByRole("article").first();
    const facts = await run.locator("dl").innerText();
    assert.match(facts, new RegExp(`Gateway\\s+${gateway}, sandbox`));
    assert.match(facts, /Cost\s.*not charged/);
    const { left, right } = await whiteInCorners(run.locator(".frame img"));
    assert.ok(left > 400 && right < left / 10, `no mark: ${left} and ${right}`);
  }
  for (const file of LATER) {
    assert.equal(site.asked.filter((path) => path === `${FOLDER}/${file}`).length, 1, file);
  }
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(await demo.gateway.arrived("submit"), []);
});

/** How many quite white points are in the lower corners: the mark is written in the left one. */
function whiteInCorners(image) {
  return image.evaluate((img) => {
    const { naturalWidth: width, naturalHeight: height } = img;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(img, 0, 0);
    const white = (x) => {
      const { data } = context.getImageData(x, height - 64, 320, 64);
      const points = new Uint32Array(data.buffer);
      return points.filter((point) => point === 0xffffffff).length;
    };
    return { left: white(0), right: white(width - 320) };
  });
}

test("once loaded, the page works without a server and without a network", async () => {
  const own = await serve(root);
  const page = await demo.blank({ serviceWorkers: "allow" });
  await open(page, `${own.origin}${FOLDER}/`);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await user.writePrompt(page, "before the storm");
  const [before] = await user.generatePictures(page);
  await own.stop();
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole("radio", { name: "Free" }).waitFor();
  const [kept] = await picturesOf(page.getByRole("article", { name: "before the storm" }));
  assert.equal(kept.pixels, before.pixels);
  await page.getByRole("button", { name: /^Open/ }).click();
  await page.getByRole("dialog").getByRole("img").waitFor();
  await page.keyboard.press("Escape");
  for (const gateway of ["Vtrix", "AIML API"]) {
    await user.choose(page, gateway);
    await user.writePrompt(page, `in the dark, by ${gateway}`);
    assert.equal((await user.generatePictures(page)).length, 1);
  }
});

test("on a page of plain http pictures are made too", async () => {
  const page = await demo.blank();
  const { port } = new URL(site.origin);
  await open(page, `http://plain.example:${port}${FOLDER}/`);
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await user.choose(page, "Vtrix");
  await user.writePrompt(page, "behind no lock");
  const run = await user.generate(page);
  await run.locator(".frame img").waitFor();
  await page.getByRole("button", { name: "Copy prompt" }).click();
  const told = page.locator("#announcements").filter({ hasText: "did not let the prompt" });
  await told.waitFor({ state: "attached" });
  await page.reload();
  await run.locator(".frame img").waitFor();
});

test("what is kept for times without a network is the page's own files, all of them", async () => {
  const script = await readFile(join(WWW, "offline.js"), "utf8");
  const [, list] = script.match(/const FILES = \[(.*?)\];/s);
  const listed = [...list.matchAll(/"(.+?)"/g)].map(([, file]) => file);
  const all = await readdir(WWW, { recursive: true, withFileTypes: true });
  const files = all
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(WWW, join(entry.parentPath ?? entry.path, entry.name)));
  // The page itself is asked for as its folder; the list cannot keep itself.
  const own = files
    .map((file) => (file === "index.html" ? "./" : file))
    .filter((file) => file !== "offline.js" && !LATER.includes(file));
  assert.deepEqual(listed.toSorted(), own.toSorted());
});

test("the page announces exactly the modules that it loads at once", async () => {
  const page = await readFile(join(WWW, "index.html"), "utf8");
  const announced = [...page.matchAll(/rel="modulepreload" href="(.+?)"/g)].map(([, to]) => to);
  const needed = new Set();
  const follow = async (file) => {
    const script = (await readFile(join(WWW, file), "utf8")).replace(/\/\*.*?\*\//gs, "");
    for (const [, to] of script.matchAll(/^(?:import|export)\s[^;]*?from "(\..+?)";$/gm)) {
      const module = normalize(join(dirname(file), to));
      if (needed.has(module)) continue;
      needed.add(module);
      await follow(module);
    }
  };
  await follow("main.js");
  assert.deepEqual(announced.toSorted(), [...needed].toSorted());
});

async function open(page, address) {
  await page.goto(address);
  await page.getByRole("radio", { name: "Free" }).waitFor();
}
