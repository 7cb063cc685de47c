/** Pictures and prompts leave the page: as files, and by the clipboard. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, inflateSync } from "node:zlib";
import { pixelsOf, useDemo, user } from "./harness.mjs";

const demo = useDemo();
const CLIPBOARD = ["clipboard-read", "clipboard-write"];

test("a download is the picture, with a name and the words it was made from", async () => {
  const page = await demo.open();
  const prompt = "Ein Fuchs, schlafend! 狐が眠る 🦊";
  await user.writePrompt(page, prompt);
  await page.getByLabel("Negative prompt").fill("hunters");
  await page.getByLabel("Seed").fill("7");
  await user.generatePictures(page);
  const kept = Buffer.from(
    await page.evaluate(async () => {
      const { createStore, values } = await import("/built/idb-keyval.js");
      const [picture] = await values(createStore("wanvas-pictures", "pictures"));
      return [...new Uint8Array(await picture.arrayBuffer())];
    }),
  );
  const { name, bytes } = await downloaded(page);
  assert.equal(name, "ein-fuchs-schlafend-狐が眠る-7-1.png");
  const chunks = chunksOf(bytes);
  assert.deepEqual(Object.fromEntries(chunks.filter(isText).map(wordsOf)), {
    prompt,
    "negative prompt": "hunters",
    seed: "7",
    gateway: "drawn locally",
  });
  // Nothing but that was added, and what was there is as it was.
  const rest = chunks.filter((chunk) => !isText(chunk));
  assert.deepEqual(rest, chunksOf(kept));
  assert.equal(rest[0].type, "IHDR");
  assert.ok(inflateSync(Buffer.concat(rest.filter(isData).map(({ data }) => data))).length > 0);
  assert.equal(await pixelsOfFile(page, bytes), await pixelsOf(page.locator(".frame img")));
});

test("where the host lets no script read the picture, Download opens its link", async () => {
  const page = await demo.open();
  const links = [];
  await page.route("**/images/*.png*", (route) => {
    if (route.request().resourceType() !== "fetch") return route.continue();
    links.push(route.request().url());
    return route.abort();
  });
  await user.writePrompt(page, "a locked box");
  const [{ size }] = await user.generatePictures(page);
  assert.deepEqual(size, [1280, 1280]);
  const expires = Number(new URL(links[0]).searchParams.get("Expires"));
  const shown = await page.evaluate(
    (unixMs) =>
      new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(
        unixMs,
      ),
    expires * 1000,
  );
  const facts = await page.getByRole("article").locator("dl").innerText();
  assert.ok(facts.includes(shown), facts);
  const opening = page.waitForEvent("popup");
  await page.getByRole("button", { name: /^Download/ }).click();
  assert.equal((await opening).url(), links[0]);
});

test("a copied picture is in the clipboard, and a copied prompt", async () => {
  const page = await demo.open({ permissions: CLIPBOARD });
  const prompt = "two swans\n\nat dawn 白鳥";
  await user.writePrompt(page, prompt);
  const [{ pixels }] = await user.generatePictures(page);
  const copy = page.getByRole("figure").getByRole("button", { name: /^Copy/ });
  await copy.click();
  await copy.filter({ hasText: "Copied" }).waitFor();
  await announced(page, "Picture copied");
  const pasted = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const blob = await item.getType("image/png");
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  assert.equal(await pixelsOfFile(page, Buffer.from(pasted)), pixels);
  await page.getByRole("button", { name: "Copy prompt" }).click();
  await announced(page, "Copied the prompt");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), prompt);
});

test("a clipboard that is refused is told", async () => {
  const page = await demo.blank();
  await page.addInitScript(() => {
    const refuse = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    Object.assign(Clipboard.prototype, { write: refuse, writeText: refuse });
  });
  await page.goto(demo.gateway.origin);
  await user.writePrompt(page, "a closed door");
  await user.generatePictures(page);
  await page.getByRole("figure").getByRole("button", { name: /^Copy/ }).click();
  await announced(page, "The browser did not let the picture be copied");
  await page.getByRole("button", { name: "Copy prompt" }).click();
  await announced(page, "The browser did not let the prompt be copied");
});

async function announced(page, words) {
  await page.locator("#announcements").filter({ hasText: words }).waitFor({ state: "attached" });
}

async function downloaded(page) {
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Download/ }).click();
  const download = await downloading;
  const parts = await (await download.createReadStream()).toArray();
  return { name: download.suggestedFilename(), bytes: Buffer.concat(parts) };
}

/** The chunks of a PNG file, each with the checksum that its bytes have. */
function chunksOf(bytes) {
  assert.equal(bytes.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  const chunks = [];
  for (let at = 8; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    assert.equal(bytes.readUInt32BE(end), crc32(bytes.subarray(at + 4, end)), type);
    chunks.push({ type, data: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
  assert.equal(chunks.at(-1).type, "IEND");
  return chunks;
}

function isText({ type }) {
  return type === "iTXt";
}

function isData({ type }) {
  return type === "IDAT";
}

/** Keyword and text; neither compressed, nor of a language. */
function wordsOf({ data }) {
  const end = data.indexOf(0);
  assert.deepEqual([...data.subarray(end, end + 5)], [0, 0, 0, 0, 0]);
  return [data.toString("latin1", 0, end), data.toString("utf8", end + 5)];
}

/** What a file shows, as `pixelsOf` says it. */
async function pixelsOfFile(page, bytes) {
  const image = await page.evaluateHandle(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    return image;
  }, bytes.toString("base64"));
  return pixelsOf(image);
}
