/** Calls that wait in each engine: for others of the page, and after a rate limit. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine, "1..10");
    const run = (work, ...args) => page.browser.run(work, args);

    test("only so many calls run at once, in order, and the rest are told to wait", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const order = [];
        const waited = new Set();
        let running = 0;
        let most = 0;
        const call = (number) => {
          let submitting = false;
          const onProgress = ({ phase }) => {
            if (phase === "waiting") waited.add(number);
            if (phase !== "submitting") return;
            submitting = true;
            order.push(number);
            running += 1;
            most = Math.max(most, running);
          };
          const done = generate(app.A_FOX, app.at("vtrix", { concurrency: 3, onProgress }));
          return done.finally(() => {
            if (submitting) running -= 1;
          });
        };
        const results = await Promise.all(Array.from({ length: 12 }, (_, number) => call(number)));
        const succeeded = results.filter(({ status }) => status === "succeeded").length;
        return { order, waited: [...waited], most, succeeded };
      });
      const all = Array.from({ length: 12 }, (_, number) => number);
      assert.deepEqual(seen, { order: all, waited: all.slice(3), most: 3, succeeded: 12 });
    });

    test("a gateway has a lane of its own", async () => {
      await page.gateway.script([{ on: "submit", provider: "vtrix", fault: "hang" }]);
      const status = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const stop = new AbortController();
        const hanging = app.at("vtrix", { concurrency: 1, signal: stop.signal });
        const stuck = app.outcomeOf(generate(app.A_FOX, hanging));
        const other = await generate(app.A_FOX, app.at("aimlapi", { concurrency: 1 }));
        stop.abort();
        await stuck;
        return other.status;
      });
      assert.equal(status, "succeeded");
    });

    test("a call that is aborted while it waits sends nothing and makes way", async () => {
      const outcomes = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const stop = new AbortController();
        const options = app.at("vtrix", { concurrency: 1 });
        const calls = [
          generate(app.A_FOX, options),
          generate(app.A_FOX, { ...options, signal: stop.signal }),
          generate(app.A_FOX, options),
        ];
        const settled = Promise.all(calls.map((call) => app.outcomeOf(call)));
        stop.abort("changed my mind");
        return (await settled).map(({ value, error }) => value?.status ?? error);
      });
      assert.deepEqual(outcomes, ["succeeded", "changed my mind", "succeeded"]);
      assert.equal((await page.gateway.arrived("submit")).length, 2);
    });

    test("calls with different limits keep their order, and each its own limit", async () => {
      const { order, beside } = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const order = [];
        const running = new Set();
        let beside = 0;
        const limits = [2, 2, 1, 4, 4];
        const calls = limits.map(async (concurrency, number) => {
          const onProgress = ({ phase }) => {
            if (phase !== "submitting") return;
            order.push(number);
            running.add(number);
            if (number === 2) beside = running.size - 1;
          };
          await generate(app.A_FOX, app.at("vtrix", { concurrency, onProgress }));
          running.delete(number);
        });
        await Promise.all(calls);
        return { order, beside };
      });
      assert.deepEqual([order, beside], [[0, 1, 2, 3, 4], 0]);
    });

    test("a look at a job does not wait for calls that run", async () => {
      await page.gateway.script([{ on: "submit", provider: "vtrix", fault: "stuck", after: 1 }]);
      const status = await run(async () => {
        const app = await import("/app.js");
        const { generate, poll } = await app.wanvas();
        const job = await app.submitted("vtrix");
        const stop = new AbortController();
        const options = app.at("vtrix", { concurrency: 1 });
        const stuck = app.outcomeOf(generate(app.A_FOX, { ...options, signal: stop.signal }));
        const { status } = await poll(job, { ...options, wait: false });
        stop.abort();
        await stuck;
        return status;
      });
      assert.match(status, /queued|running|succeeded/);
    });

    test("time is counted from a call's turn", async () => {
      // The first alone takes longer than the others may, each of which takes a small part of that.
      await page.gateway.script([{ on: "submit", fault: "delay", ms: 6000 }]);
      const { statuses, elapsed } = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        let elapsed = 0;
        const onProgress = ({ elapsedMs }) => {
          elapsed = Math.max(elapsed, elapsedMs);
        };
        const options = app.at("vtrix", { concurrency: 1, onProgress });
        const calls = Array.from({ length: 6 }, (_, number) =>
          generate(app.A_FOX, { ...options, timeoutMs: number === 0 ? 60_000 : 5000 }),
        );
        const results = await Promise.all(calls);
        return { statuses: results.map(({ status }) => status), elapsed };
      });
      assert.deepEqual(statuses, Array(6).fill("succeeded"));
      assert.ok(elapsed > 5000, `${elapsed} ms since the call, its wait included`);
    });

    test("a thousand calls at once come to a thousand results", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        const calls = Array.from({ length: 1000 }, (_, number) =>
          generate({ prompt: `fox ${number}` }, app.at("aimlapi")),
        );
        const results = await Promise.all(calls);
        const urls = new Set(results.map(({ images: [{ url }] }) => url));
        return { pictures: urls.size, left: (await pending(app.at("aimlapi"))).length };
      });
      assert.deepEqual(seen, { pictures: 1000, left: 0 });
      assert.equal((await page.gateway.totals()).aimlapi.submits, 1000);
    });

    for (const provider of ["aimlapi", "vtrix"]) {
      test(`a submit that met too many others is sent again: ${provider}`, async () => {
        await page.gateway.script([{ on: "submit", fault: "rate_limited", times: 2 }]);
        const { status, phases } = await run(async (name) => {
          const app = await import("/app.js");
          const { generate } = await app.wanvas();
          const phases = [];
          const onProgress = ({ phase }) => phases.push(phase);
          const { status } = await generate(app.A_FOX, app.at(name, { onProgress }));
          return { status, phases };
        }, provider);
        assert.equal(status, "succeeded");
        const again = ["submitting", "waiting"];
        assert.deepEqual(phases.slice(0, 5), [...again, ...again, "submitting"]);
        assert.equal((await page.gateway.arrived("submit")).length, 3);
        assert.equal((await page.gateway.totals())[provider].accepted, 1);
      });
    }
  });
}
