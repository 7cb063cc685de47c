/** The custom element among what else is in a page: styles, documents, policies, other scripts. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);

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
  });
}
