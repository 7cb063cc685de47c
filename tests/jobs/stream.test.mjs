/** The stream of a job's events in each engine, and what becomes of the job where it fails. */

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

/** What can go wrong, and whether the job is checked for it, where that does not depend on the browser. */
const FAULTS = [
  ["tells of pieces first", { fault: "pieces" }, false],
  ["is late", { fault: "delay", ms: 300 }, false],
  ["is refused", { fault: "answer", status: 405 }, true],
  ["is a web page", { fault: "answer", status: 200, text: "<html>" }, true],
  ["fails for now", { fault: "answer", status: 503 }, true],
  ["never answers", { fault: "hang" }, true],
  // Firefox asks again.
  ["is cut before it begins", { fault: "cut", when: "before" }, undefined],
  ["breaks off within an event", { fault: "cut", when: "body" }, true],
  ["stays silent", { fault: "silent" }, true],
  ["ends without an end", { fault: "unfinished" }, true],
  ["has malformed events", { fault: "bad_json" }, true],
];

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine, "900..900");
    const run = (work, ...args) => page.browser.run(work, args);

    /** Makes a picture in the open page; resolves with the result, and with what is left. */
    const made = (options = {}) =>
      run(async (options) => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        const at = app.at("vtrix", { pollIntervalMs: undefined, ...options });
        const generation = await generate(app.A_FOX, at).catch((error) => ({ error: error.code }));
        return { ...generation, left: await pending(at) };
      }, options);

    /** How many requests of a kind arrived. */
    const count = async (kind) => (await page.gateway.arrived(kind)).length;

    beforeEach(async () => {
      await run(async () => (await (await import("/app.js")).wanvas()).forget("durations"));
    });

    test("a stream tells of the pictures, and nothing is checked", async () => {
      const { status, images, raw, left } = await made();
      assert.deepEqual(
        [status, images.length, raw.status, left],
        ["succeeded", 1, "completed", []],
      );
      assert.deepEqual(
        [await count("submit"), await count("stream"), await count("status")],
        [1, 1, 0],
      );
    });

    test("a job that failed is told of by the stream too", async () => {
      await page.gateway.script({ on: "submit", fault: "refused_content" });
      const { error, left } = await made();
      assert.deepEqual([error, left], ["content_rejected", []]);
      assert.equal(await count("status"), 1, "which a check confirms");
    });

    for (const [what, fault, isChecked] of FAULTS) {
      test(`where the stream ${what} the picture comes all the same`, async () => {
        await page.gateway.script({ on: "stream", ...fault });
        const { status, images, left } = await made();
        assert.deepEqual([status, images.length, left], ["succeeded", 1, []]);
        assert.equal(await count("submit"), 1);
        if (isChecked !== undefined) assert.equal((await count("status")) > 0, isChecked);
      });
    }

    test("a gateway without streams is remembered, in later pages too", async () => {
      const body = { status: "in_progress" };
      await page.gateway.script([
        { on: "stream", times: 0, fault: "answer", status: 404 },
        { on: "status", fault: "answer", status: 200, body },
      ]);
      await made();
      await made();
      await page.browser.open(`${page.gateway.origin}/`);
      await made();
      assert.equal(await count("stream"), 2, "asked once more after a check that knew the job");
    });

    test("no stream is asked for where the caller wants none, or checks at an interval", async () => {
      await made({ stream: "never" });
      await made({ pollIntervalMs: 100 });
      assert.equal(await count("stream"), 0);
    });

    test("a hidden page keeps its stream", async () => {
      const status = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const at = app.at("vtrix", { pollIntervalMs: undefined });
        const call = generate(app.A_FOX, at);
        await app.sleep(300);
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
        const { status } = await call;
        delete document.visibilityState;
        return status;
      });
      assert.deepEqual([status, await count("stream"), await count("status")], ["succeeded", 1, 0]);
    });

    test("a page that is left closes its stream, and has the job checked when it comes back", async () => {
      await page.gateway.script({ on: "submit", fault: "stuck" });
      const aborted = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const controller = new AbortController();
        const open = [];
        const send = async (url, init) => {
          const answer = await fetch(url, init);
          if (String(url).endsWith("/stream")) open.push(init.signal);
          return answer;
        };
        const { signal } = controller;
        const at = app.at("vtrix", { pollIntervalMs: undefined, fetch: send, signal });
        const call = app.outcomeOf(generate(app.A_FOX, at));
        while (open.length === 0) await app.sleep(10);
        await app.sleep(100);
        const aborted = [open[0].aborted];
        dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        await app.sleep(0);
        aborted.push(open[0].aborted);
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        const isChecked = async () => {
          const requests = await (await fetch("/__gateway/requests")).json();
          return requests.some(({ kind }) => kind === "status");
        };
        while (!(await isChecked())) await app.sleep(20);
        controller.abort();
        await call;
        return aborted;
      });
      assert.deepEqual([...aborted, await count("stream")], [false, true, 1]);
    });

    test("a page has so many streams open that requests get through, and an abort closes them", async () => {
      await page.gateway.script({ on: "submit", times: 0, fault: "stuck" });
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const controller = new AbortController();
        const { signal } = controller;
        const open = [];
        const send = (url, init) => {
          if (String(url).includes("/stream")) open.push(init.signal);
          return fetch(url, init);
        };
        const at = app.at("vtrix", {
          pollIntervalMs: undefined,
          concurrency: 8,
          signal,
          fetch: send,
        });
        const calls = Array.from({ length: 8 }, () => app.outcomeOf(generate(app.A_FOX, at)));
        // Checks, too, get through beside the streams.
        const arrived = async (kind) => {
          const requests = await (await fetch("/__gateway/requests")).json();
          return requests.filter((request) => request.kind === kind).length;
        };
        while ((await arrived("status")) < 4) await app.sleep(50);
        const streams = await arrived("stream");
        controller.abort("enough");
        await Promise.all(calls);
        return [streams, open.map(({ aborted }) => aborted)];
      });
      assert.deepEqual(seen, [3, [true, true, true]]);
    });
  });
}
