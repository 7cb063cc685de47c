/** When the custom element starts by itself, and when not. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);
    const submitted = async () => (await page.gateway.arrived("submit")).map(({ body }) => body);

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
  });
}
