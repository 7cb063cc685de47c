/** How the engine is loaded, in each browser: when, from what, and what a page is told if it fails. */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chosenEngines, startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import { startSite } from "./site.mjs";

const CHOSEN = chosenEngines();

/** Of tests that would else wait for ever for what a page shows. */
const SOON = { timeout: 60_000 };

/** What `preload()` takes. */
const TAKEN = [
  "an address as text",
  "an address",
  "text/plain",
  "a Response",
  "a promise of a Response",
  "an ArrayBuffer",
  "a part of a buffer",
  "a WebAssembly.Module",
  "bytes of the right hash",
];

/** What it refuses, and by which words one knows why. */
const REFUSED = {
  "a 404 with a web page": /\/engine\/missing is no WebAssembly but text\/html.* \(HTTP 404\)/,
  "the app's page in its place":
    /\/engine\/fallback is no WebAssembly but text\/html.* \(HTTP 200\)/,
  "a 404 with an engine": /\/engine\/not-found .* \(HTTP 404\)/,
  "a web page's bytes": /WebAssembly|wasm/i,
  "bytes of a wrong hash": /integrity/,
  "another origin without CORS": /CORS/,
};

for (const engine of CHOSEN) {
  describe(engine, () => {
    let gateway;
    let site;
    let elsewhere;
    let browser;

    before(async () => {
      gateway = await Gateway.start("20..40");
      site = await startSite();
      elsewhere = await startSite();
      browser = await startBrowser(engine);
    });
    beforeEach(async () => {
      await gateway.reset();
      await browser.open(`${site.origin}/`);
      site.asked.length = 0;
    });
    after(async () => {
      await browser?.quit();
      await Promise.all([site, elsewhere, gateway].map((server) => server?.stop()));
    });

    /** What came of the call that a page makes under a policy. */
    const under = async (policy) => {
      const query = new URLSearchParams({ policy, gateway: gateway.origin });
      await browser.open(`${site.origin}/policy?${query}`);
      for (;;) {
        const text = await browser.session.findElement({ css: "pre" }).getText();
        if (text) return JSON.parse(text);
        await sleep(50);
      }
    };

    test("a policy without 'wasm-unsafe-eval' is named, and nothing is sent", SOON, async () => {
      const { error } = await under("script-src 'self'");
      assert.equal(error.name, "WanvasError");
      assert.equal(error.code, "engine");
      assert.match(error.message, /Content-Security-Policy.*'wasm-unsafe-eval'.*script-src/);
      assert.equal(error.mayHaveBeenCharged, false);
      assert.equal(error.retryable, false, "the page's policy stays as it is");
      assert.deepEqual(await gateway.requests(), []);
    });

    test("a policy with 'wasm-unsafe-eval' is enough", SOON, async () => {
      const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${gateway.origin}`;
      assert.deepEqual(await under(policy), { status: "succeeded" });
    });

    for (const name of TAKEN) {
      test(`preload() takes ${name}`, async () => {
        const seen = await browser.run(
          async (name, gateway) => {
            const app = await import("/page/loading.js");
            const counts = app.counted();
            const { error } = await app.preloaded(name);
            const status = error ?? (await app.generated(gateway));
            return { status, counts };
          },
          [name, gateway.origin],
        );
        assert.equal(seen.status, "succeeded");
        const { compile, instantiate } = seen.counts;
        const compiles = name === "a WebAssembly.Module" ? 0 : 1;
        assert.deepEqual([compile, instantiate], [compiles, 1], "no engine but the one given");
      });
    }

    for (const [name, cause] of Object.entries(REFUSED)) {
      test(`preload() tells what is wrong with ${name}, and can be tried again`, async () => {
        const seen = await browser.run(
          async (name, gateway, elsewhere) => {
            const app = await import("/page/loading.js");
            const refused = await app.preloaded(name, elsewhere);
            const other = await app.preloaded("a WebAssembly.Module");
            return { refused, other, status: await app.generated(gateway) };
          },
          [name, gateway.origin, elsewhere.origin],
        );
        const { error } = seen.refused;
        assert.deepEqual([error?.name, error?.code], ["WanvasError", "engine"]);
        assert.match(error.message, cause);
        assert.match(error.message, /; preload\(\) without an argument takes the package's own$/);
        assert.deepEqual([error.retryable, error.mayHaveBeenCharged], [true, false]);
        assert.deepEqual([seen.other, seen.status], [{}, "succeeded"]);
      });
    }

    test("a call beside a preload() that fails loads the engine by itself", async () => {
      const seen = await browser.run(
        async (gateway) => {
          const app = await import("/page/loading.js");
          const { preload } = await app.wanvas();
          let fail;
          const given = new Promise((_, reject) => {
            fail = reject;
          });
          const loaded = app.outcomeOf(preload(given));
          const statuses = [app.generated(gateway), app.generated(gateway)];
          fail(new Error("the network is down"));
          return { loaded: await loaded, statuses: await Promise.all(statuses) };
        },
        [gateway.origin],
      );
      assert.match(seen.loaded.error.message, /the network is down/);
      assert.deepEqual(seen.statuses, ["succeeded", "succeeded"]);
    });

    test("what a call rejects with is told as unhandled, what nobody needs any more is not", async () => {
      const unhandled = await browser.run(async () => {
        const { generate, preload } = await import("/pkg/wanvas.js");
        const unhandled = [];
        addEventListener("unhandledrejection", (event) => {
          event.preventDefault();
          unhandled.push(event.reason.message);
        });
        await preload();
        await preload(Promise.reject(new Error("not needed")));
        generate({}, { provider: "vtrix", apiKey: "any" });
        while (unhandled.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        return unhandled;
      });
      assert.equal(unhandled.length, 1);
      assert.match(unhandled[0], /prompt/);
    });

    test("after a failed load a call loads the engine by itself", async () => {
      const seen = await browser.run(
        async (gateway) => {
          const app = await import("/page/loading.js");
          const { error } = await app.preloaded("a 404 with a web page");
          return [error.code, await app.generated(gateway)];
        },
        [gateway.origin],
      );
      assert.deepEqual(seen, ["engine", "succeeded"]);
    });

    test("calls that race load one engine", async () => {
      const seen = await browser.run(
        async (gateway) => {
          const app = await import("/page/loading.js");
          const counts = app.counted();
          const statuses = await Promise.all([app.generated(gateway), app.generated(gateway)]);
          return { statuses, counts };
        },
        [gateway.origin],
      );
      assert.deepEqual(seen.statuses, ["succeeded", "succeeded"]);
      const none = { compileStreaming: 0, instantiateStreaming: 0 };
      assert.deepEqual(seen.counts, { compile: 1, instantiate: 1, ...none });
      assert.deepEqual(site.asked, ["/page/loading.js", "/page/app.js", "/pkg/wanvas.js"]);
    });

    test("calls that race with a preload() ask once for its file", async () => {
      const statuses = await browser.run(
        async (gateway) => {
          const app = await import("/page/loading.js");
          const { preload } = await app.wanvas();
          const loads = [preload("/engine/octets"), preload("/engine/octets")];
          const calls = [app.generated(gateway), app.generated(gateway)];
          await Promise.all(loads);
          return Promise.all(calls);
        },
        [gateway.origin],
      );
      assert.deepEqual(statuses, ["succeeded", "succeeded"]);
      assert.equal(site.asked.filter((path) => path.startsWith("/engine/")).length, 1);
    });

    test("an import does nothing", async () => {
      // Nothing was ever stored there.
      await browser.open(`${elsewhere.origin}/`);
      elsewhere.asked.length = 0;
      const seen = await browser.run(async () => {
        const app = await import("/page/loading.js");
        const done = [];
        /** From now on a method of the object tells that it is called. */
        const watch = (object, name) => {
          const real = object[name];
          object[name] = function (...args) {
            done.push(name);
            return new.target ? Reflect.construct(real, args) : Reflect.apply(real, this, args);
          };
        };
        for (const name of Object.getOwnPropertyNames(WebAssembly)) watch(WebAssembly, name);
        for (const name of ["addEventListener", "dispatchEvent"]) {
          watch(EventTarget.prototype, name);
        }
        const calls = ["fetch", "setTimeout", "setInterval", "queueMicrotask"];
        const classes = ["XMLHttpRequest", "WebSocket", "Worker", "BroadcastChannel"];
        for (const name of [...calls, ...classes]) watch(globalThis, name);
        watch(IDBFactory.prototype, "open");
        watch(Storage.prototype, "setItem");
        watch(console, "log");
        // Some engines make some members anew each time that they are read.
        const earlier = app.globals();
        const before = app.globals();
        await import("/pkg/wanvas.js");
        const later = app.globals();
        const names = [...new Set([...before.keys(), ...later.keys()])];
        const changed = names
          .filter((name) => earlier.get(name) === before.get(name))
          .filter((name) => before.get(name) !== later.get(name));
        const kept = [localStorage.length, sessionStorage.length, document.cookie];
        const asked = performance.getEntriesByType("resource").map(({ name }) => name);
        return { done, changed, kept, databases: await indexedDB.databases(), asked };
      });
      const asked = ["/page/loading.js", "/page/app.js", "/pkg/wanvas.js"];
      assert.deepEqual(elsewhere.asked, asked, "no request but the import's own");
      assert.deepEqual(seen, {
        done: [],
        changed: [],
        kept: [0, 0, ""],
        databases: [],
        asked: asked.map((path) => elsewhere.origin + path),
      });
    });
  });
}
