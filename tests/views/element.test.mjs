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

    test("nothing starts by itself", async () => {
      await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        view.added({ prompt: "a red fox", gateway: "vtrix" });
        await app.sleep(300);
      });
      assert.deepEqual(await submitted(), []);
    });

    test("with auto, one generation starts in the element's life", async () => {
      const pictures = await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const element = view.added({ prompt: "a red fox", gateway: "vtrix", auto: "" });
        await app.until(() => view.look(element).parts("image").length > 0);
        element.remove();
        await app.sleep(50);
        document.body.append(element);
        element.toggleAttribute("auto");
        element.toggleAttribute("auto");
        await app.sleep(300);
        return view.look(element).parts("image").length;
      });
      assert.equal(pictures, 1);
      assert.equal((await submitted()).length, 1);
    });

    test("with auto, it waits for what the page's scripts set", async () => {
      await page.browser.open(`${page.gateway.origin}/auto.html`);
      const failures = await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const { part } = view.look(document.querySelector("wan-image"));
        await app.until(() => part("status").textContent === "1 picture");
        return window.failures;
      });
      assert.deepEqual(failures, []);
      assert.equal((await submitted()).length, 1);
    });

    test("with auto, it waits for what is set once its module is loaded", async () => {
      const failures = await run(async () => {
        const app = await import("/app.js");
        const failures = [];
        document.addEventListener("wanvas-error", ({ detail }) => failures.push(detail.message));
        document.body.insertAdjacentHTML(
          "beforeend",
          `<wan-image auto prompt="a red fox" gateway="vtrix"></wan-image>`,
        );
        const element = document.querySelector("wan-image");
        await import("/pkg/element.js");
        const { apiKey, baseUrl, pollIntervalMs } = app.at("vtrix");
        element.apiKey = apiKey;
        element.options = { baseUrl, pollIntervalMs };
        await app.until(() => element.shadowRoot.querySelector("img"));
        return failures;
      });
      assert.deepEqual(failures, []);
      assert.equal((await submitted()).length, 1);
    });

    for (const late of ["apiKey", "options", "gateway"]) {
      for (const when of ["after it failed", "meanwhile"]) {
        test(`with auto, it starts when its ${late} is set ${when}`, async () => {
          const failures = await run(
            async (late, isMeanwhile) => {
              const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
              const given = { prompt: "a red fox", gateway: "vtrix", auto: "" };
              const element = view.made(given);
              const { options } = element;
              if (late === "apiKey") element.apiKey = 5;
              if (late === "options") element.options = { ...options, timeoutMs: -1 };
              if (late === "gateway") element.removeAttribute(late);
              const failures = [];
              element.addEventListener("wanvas-error", ({ detail }) => failures.push(detail.code));
              const { part, parts } = view.look(element);
              const isAt = () =>
                isMeanwhile ? part("status").textContent === "Waiting…" : failures.length > 0;
              const ready = new Promise((resolve) => {
                const look = () => isAt() && resolve();
                element.addEventListener("wanvas-error", look);
                new MutationObserver(look).observe(part("status"), { childList: true });
              });
              document.body.append(element);
              await ready;
              const setAll = () => {
                element.apiKey = "any";
                element.options = options;
                element.setAttribute("gateway", "vtrix");
              };
              setAll();
              await app.until(() => parts("image").length > 0);
              setAll();
              await app.sleep(300);
              return failures;
            },
            late,
            when === "meanwhile",
          );
          assert.deepEqual(failures, ["invalid_request"]);
          assert.equal((await submitted()).length, 1);
        });
      }
    }

    test("with auto, it starts when another key is set than one that could not be had", async () => {
      const failures = await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const element = view.made({ prompt: "a red fox", gateway: "vtrix", auto: "" });
        const failures = [];
        element.addEventListener("wanvas-error", ({ detail }) => failures.push(detail.code));
        element.apiKey = () => Promise.reject(new Error("not signed in"));
        document.body.append(element);
        await app.until(() => failures.length > 0);
        element.apiKey = "any";
        await app.until(() => view.look(element).parts("image").length > 0);
        return failures;
      });
      assert.deepEqual(failures, ["unauthorized"]);
      assert.equal((await submitted()).length, 1);
    });

    test("with auto, what failed or was cancelled is not sent again", async () => {
      await page.gateway.script([{ on: "submit", fault: "refused_content" }]);
      await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const refused = view.added({ prompt: "a red fox", gateway: "vtrix", auto: "" });
        await app.until(() => view.look(refused).parts("error").length > 0);
        const cancelled = view.added({ prompt: "a heron", gateway: "vtrix", auto: "" });
        cancelled.cancel();
        for (const element of [refused, cancelled]) {
          element.apiKey = "another";
          element.setAttribute("seed", "7");
        }
        await app.sleep(300);
      });
      assert.equal((await submitted()).length, 1);
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

    test("a prompt with markup stays text", async () => {
      const prompt = `"><img src=x onerror="document.title='broken into'"><b>a fox</b>`;
      const { alt, title, elements } = await run(async (prompt) => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const element = view.added({ prompt, gateway: "vtrix" });
        await element.generate();
        const { parts } = view.look(element);
        await app.sizesOf(parts("image"));
        const { shadowRoot } = element;
        const elements = [...shadowRoot.querySelectorAll("*")].map(({ localName }) => localName);
        return { alt: parts("image")[0].alt, title: document.title, elements };
      }, prompt);
      assert.deepEqual([alt, title], [prompt, "Views"]);
      assert.deepEqual(elements, ["p", "progress", "div", "img"]);
    });

    test("an error with markup stays text", async () => {
      const message = "<b>no</b>";
      await page.gateway.script([{ on: "submit", fault: "failed", code: "X", message }]);
      const { text, bold } = await run(async () => {
        const view = await import("/element.js");
        const element = view.added({ prompt: "a red fox", gateway: "vtrix" });
        await element.generate();
        const { part } = view.look(element);
        const bold = element.shadowRoot.querySelectorAll("b").length;
        return { text: part("status").textContent, bold };
      });
      assert.ok(text.includes(message), text);
      assert.equal(bold, 0);
    });

    test("parts can be styled from outside", async () => {
      const styles = await run(async () => {
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const style = document.createElement("style");
        style.textContent = `
          wan-image::part(image) { border: 3px solid rgb(1, 2, 3); }
          wan-image::part(status) { color: rgb(4, 5, 6); }
          wan-image::part(error) { color: rgb(7, 8, 9); }
          wan-image::part(images) { display: grid; }
          wan-image::part(progress) { opacity: 0.5; }`;
        document.head.append(style);
        const element = view.added({ prompt: "a red fox", gateway: "vtrix" });
        const { part } = view.look(element);
        const of = (name) => getComputedStyle(part(name));
        const running = element.generate();
        await app.until(() => view.isVisible(part("progress")));
        const { opacity } = of("progress");
        await running;
        const seen = [
          opacity,
          of("image").borderTopWidth,
          of("status").color,
          of("images").display,
        ];
        await element.generate({ count: 0 });
        return [...seen, of("status").color];
      });
      assert.deepEqual(styles, ["0.5", "3px", "rgb(4, 5, 6)", "grid", "rgb(7, 8, 9)"]);
    });

    test("in another document it has its style, and goes on", async () => {
      const { displays, status } = await run(async () => {
        const view = await import("/element.js");
        const frame = document.body.appendChild(document.createElement("iframe"));
        const element = view.made({ prompt: "a red fox", gateway: "vtrix" });
        const template = document.createElement("template");
        const displays = [];
        const moveTo = (place, { defaultView }) => {
          place.append(element);
          displays.push(defaultView ? defaultView.getComputedStyle(element).display : "none");
        };
        moveTo(document.body, document);
        const generated = element.generate();
        moveTo(frame.contentDocument.body, frame.contentDocument);
        moveTo(template.content, template.content.ownerDocument);
        moveTo(document.body, document);
        return { displays, status: (await generated)?.status };
      });
      assert.deepEqual(displays, ["block", "block", "none", "block"]);
      assert.equal(status, "succeeded");
    });

    test("screen readers hear of it", async () => {
      const roles = await run(async () => {
        const view = await import("/element.js");
        const { part } = view.look(view.added({ prompt: "a red fox", gateway: "vtrix" }));
        return [part("status").getAttribute("role"), part("progress").ariaLabel];
      });
      assert.deepEqual(roles, ["status", "Progress"]);
    });

    test("what is set before the element is defined is not lost", async () => {
      const isMade = await run(async () => {
        const { at } = await import("/app.js");
        const element = document.createElement("wan-image");
        element.setAttribute("prompt", "a red fox");
        const { apiKey, ...options } = at("vtrix");
        Object.assign(element, { apiKey, options });
        document.body.append(element);
        await import("/pkg/element.js");
        return (await element.generate())?.status;
      });
      assert.equal(isMade, "succeeded");
    });

    test("to define it twice does no harm", async () => {
      const isFirst = await run(async () => {
        const first = await import("/pkg/element.js");
        const second = await import("/pkg/element.js?again");
        const defined = customElements.get("wan-image");
        return defined === first.WanImageElement && defined !== second.WanImageElement;
      });
      assert.equal(isFirst, true);
    });

    test("the page and its elements have one engine", async () => {
      const modules = await run(async () => {
        const view = await import("/element.js");
        await import("/pkg/wanvas.js");
        await view.added({ prompt: "a red fox", gateway: "vtrix" }).generate();
        const names = performance.getEntriesByType("resource").map(({ name }) => name);
        return names.filter((name) => name.includes("/pkg/")).map((name) => name.split("/pkg/")[1]);
      });
      assert.deepEqual([...new Set(modules)].sort(), ["element.js", "wanvas.js"]);
    });

    test("under a strict Content-Security-Policy it works and is styled", async () => {
      const { status, display, broken } = await run(async () => {
        const policy = document.createElement("meta");
        policy.httpEquiv = "Content-Security-Policy";
        policy.content = "style-src 'self'; img-src 'self'; connect-src 'self'";
        document.head.append(policy);
        const broken = [];
        document.addEventListener("securitypolicyviolation", (event) => {
          broken.push(event.violatedDirective);
        });
        const [app, view] = await Promise.all([import("/app.js"), import("/element.js")]);
        const element = view.added({ prompt: "a red fox", gateway: "vtrix" });
        const { status } = await element.generate();
        await app.sizesOf(view.look(element).parts("image"));
        return { status, display: getComputedStyle(element).display, broken };
      });
      assert.deepEqual([status, display, broken], ["succeeded", "block", []]);
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
