/** The custom element in each engine. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { inProject } from "../../scripts/lib/paths.mjs";
import { CHOSEN, example, usePage } from "./setup.mjs";

test("an import where there are no elements does nothing", async () => {
  assert.equal(globalThis.HTMLElement, undefined);
  const { WanImageElement } = await import(inProject("pkg", "element.js"));
  assert.equal(typeof WanImageElement, "function");
});

test("a bundler keeps an import that only defines it", async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'import "wanvas/element";', resolveDir: inProject("tests", "views") },
    bundle: true,
    format: "esm",
    write: false,
  });
  assert.match(outputFiles[0].text, /define\("wan-image"/);
});

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);
    const submitted = async () => (await page.gateway.arrived("submit")).map(({ body }) => body);

    test("attributes become the request, and the pictures are shown", async () => {
      const { sizes, alts, words, isBusy } = await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const element = view.added({
          prompt: "a red fox",
          "negative-prompt": "snow",
          size: "16:9",
          count: "2",
          seed: "7",
          gateway: "vtrix",
          "base-url": location.origin,
        });
        await element.generate();
        const { part, parts } = view.look(element);
        return {
          sizes: await app.sizesOf(parts("image")),
          alts: parts("image").map(({ alt }) => alt),
          words: part("status").textContent,
          isBusy: view.isVisible(part("progress")),
        };
      });
      assert.deepEqual(sizes, Array(2).fill([1696, 960]));
      assert.deepEqual(alts, Array(2).fill("a red fox"));
      assert.deepEqual([words, isBusy], ["2 pictures", false]);
      const [{ input }, ...others] = await submitted();
      assert.deepEqual(others, []);
      const { input: words_, parameters } = input[0].params;
      assert.deepEqual(
        [words_.prompt, words_.negative_prompt, parameters.size, parameters.n, parameters.seed],
        ["a red fox", "snow", "1696*960", 2, 7],
      );
    });

    test("the members of generate() come before attributes", async () => {
      await run(async () => {
        const view = await import("/element.js");
        const element = view.added({ prompt: "a red fox", gateway: "vtrix", count: "4" });
        await element.generate({ prompt: "a heron", count: 1 });
      });
      const [{ input }] = await submitted();
      const { input: words, parameters } = input[0].params;
      assert.deepEqual([words.prompt, parameters.n], ["a heron", 1]);
    });

    test("its progress is shown and told by events that leave a shadow tree", async () => {
      const { heard, said, sawBar } = await run(async () => {
        const view = await import("/element.js");
        const outer = document.body.appendChild(document.createElement("div"));
        const root = outer.attachShadow({ mode: "open" });
        const element = view.made({ prompt: "a red fox", gateway: "vtrix" });
        root.append(element);
        const heard = [];
        const said = new Set();
        let sawBar = false;
        document.addEventListener("wanvas-progress", ({ detail }) => {
          heard.push(detail.phase);
          const { part } = view.look(element);
          said.add(part("status").textContent);
          sawBar ||= view.isVisible(part("progress"));
        });
        document.addEventListener("wanvas-success", ({ detail }) => heard.push(detail.status));
        await element.generate();
        return { heard, said: [...said], sawBar };
      });
      assert.equal(heard[0], "submitting");
      assert.ok(heard.includes("running"), heard.join());
      assert.equal(heard.at(-1), "succeeded");
      assert.equal(heard.filter((word) => word === "succeeded").length, 1);
      assert.ok(said.includes("Sending…") && said.includes("Generating…"), said.join());
      assert.equal(sawBar, true);
    });

    test("an error is shown and told, and the next generation takes its place", async () => {
      await page.gateway.script([{ on: "submit", fault: "refused_content" }]);
      const { told, failed, end } = await run(async () => {
        const view = await import("/element.js");
        const element = view.added({ prompt: "a red fox", gateway: "vtrix" });
        const told = [];
        element.addEventListener("wanvas-error", ({ detail }) => told.push(detail.toJSON()));
        const result = await element.generate();
        const look = () => {
          const { part, parts } = view.look(element);
          const { textContent } = part("status");
          return [textContent, parts("error").length, parts("image").length];
        };
        const failed = [result, ...look()];
        await element.generate();
        return { told, failed, end: look() };
      });
      assert.equal(told.length, 1);
      assert.equal(told[0].code, "content_rejected");
      assert.deepEqual(failed, [null, told[0].message, 1, 0]);
      assert.deepEqual(end, ["1 picture", 0, 1]);
    });

    test("a count that is no number is refused before anything is sent", async () => {
      const field = await run(async () => {
        const view = await import("/element.js");
        const element = view.added({ prompt: "a red fox", gateway: "vtrix", count: "many" });
        let field;
        element.addEventListener("wanvas-error", ({ detail }) => {
          field = detail.field;
        });
        await element.generate();
        return field;
      });
      assert.equal(field, "count");
      assert.deepEqual(await submitted(), []);
    });

    test("a picture that could not be made says so in its place", async () => {
      await page.gateway.script([{ on: "submit", fault: "partial", images: 1 }]);
      const shown = await run(async () => {
        const view = await import("/element.js");
        const element = view.added({ prompt: "a red fox", gateway: "vtrix", count: "2" });
        const { images } = await element.generate();
        const { part, parts } = view.look(element);
        const asked = images.map(({ error }) => error?.message).filter(Boolean);
        const said = parts("error").map(({ textContent }) => textContent);
        return { asked, said, pictures: parts("image").length, words: part("status").textContent };
      });
      assert.deepEqual([shown.pictures, shown.words], [1, "1 picture"]);
      assert.deepEqual(shown.said, shown.asked);
    });

    test("to remove it ends the waiting, and keeps the job; to move it does not", async () => {
      const { moved, result, checks, words, kept } = await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        let sent = 0;
        const send = (...request) => {
          sent += 1;
          return fetch(...request);
        };
        const element = view.added({ prompt: "a red fox", gateway: "vtrix" }, { fetch: send });
        const moving = element.generate();
        document.body.prepend(element);
        const moved = (await moving)?.images.length;
        const accepted = new Promise((resolve) => {
          element.addEventListener("wanvas-progress", ({ detail }) => detail.job && resolve());
        });
        const removed = element.generate();
        await accepted;
        element.remove();
        const result = await removed;
        const before = sent;
        await app.sleep(300);
        const words = view.look(element).part("status").textContent;
        return { moved, result, checks: sent - before, words, kept: await app.pendingJobs() };
      });
      assert.deepEqual([moved, result, checks, words], [1, null, 0, "Cancelled"]);
      assert.equal(kept.length, 1);
    });

    test("a double click is paid once", async () => {
      const { results, alts } = await run(async () => {
        const view = await import("/element.js");
        const element = view.added({ prompt: "a red fox", gateway: "vtrix" });
        const calls = [element.generate(), element.generate({ prompt: "a heron" })];
        const results = (await Promise.all(calls)).map((result) => result?.images.length ?? null);
        const alts = view.look(element).parts("image");
        return { results, alts: alts.map(({ alt }) => alt) };
      });
      assert.deepEqual([results, alts], [[1, null], ["a red fox"]]);
      assert.equal((await submitted()).length, 1);
    });

    test("two on a page have each their own pictures", async () => {
      const { alts, urls } = await run(async () => {
        const view = await import("/element.js");
        const elements = ["a red fox", "a heron"].map((prompt) =>
          view.added({ prompt, gateway: "vtrix" }),
        );
        await Promise.all(elements.map((element) => element.generate()));
        const pictures = elements.map((element) => view.look(element).parts("image"));
        const all = pictures.flat();
        return { alts: all.map(({ alt }) => alt), urls: new Set(all.map(({ src }) => src)).size };
      });
      assert.deepEqual([alts, urls], [["a red fox", "a heron"], 2]);
    });

    test("the README's example generates", async () => {
      const heard = await run(async (html) => {
        const app = await import("/app.js");
        const heard = [];
        console.log = (word) => heard.push(word);
        document.body.append(document.createRange().createContextualFragment(html));
        await app.until(() => heard.length > 0);
        return heard;
      }, example("html"));
      assert.deepEqual(heard, [2]);
    });
  });
}
