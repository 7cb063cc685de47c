/** An engine that crashes, in each browser: every call is told, nothing is left, the next call works. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CRASHING } from "../../scripts/lib/paths.mjs";
import { CHOSEN, usePage } from "./setup.mjs";

const CRASHES = ["panic", "stack", "memory"];

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine, "1000..1100", CRASHING);

    for (const how of CRASHES) {
      test(`every open call is told of a crash, and the next one works: ${how}`, async () => {
        await page.gateway.script([{ on: "submit", provider: "aimlapi", fault: "hang" }]);
        const seen = await page.browser.run(
          async (how) => {
            const app = await import("/app.js");
            const { crash, generate, pending, resume, sizes, WanvasError } = await app.wanvas();
            const unheard = app.unheard();
            const aborted = [];
            // What an earlier page left, and had no time to take out.
            await app.resumed(app.at("vtrix"));
            // However slow the machine is, the job is not told as done before the crash.
            let isHeld = false;
            const send = async (url, init) => {
              init.signal.addEventListener("abort", () => aborted.push(url));
              // A check can be due at once, in the very turn of its progress.
              await app.sleep(0);
              return isHeld && init.method === "GET" ? new Promise(() => {}) : fetch(url, init);
            };
            let running;
            const isRunning = new Promise((resolve) => {
              running = ({ phase }) => phase === "running" && resolve();
            });
            const polled = generate(
              app.A_FOX,
              app.at("vtrix", { onProgress: running, fetch: send, id: "own", tag: ["album"] }),
            );
            await isRunning;
            isHeld = true;
            const submits = generate(app.A_FOX, app.at("aimlapi", { fetch: send }));
            await app.arrivedSubmit("aimlapi");
            // Only one of these: who says what an abort does to the network?
            const unsent = generate(
              app.A_FOX,
              app.at("vtrix", { apiKey: () => new Promise(() => {}) }),
            );
            const loop = resume(app.at("vtrix"))[Symbol.asyncIterator]().next();
            await app.sleep(50);
            crash(how);
            const thrown = await Promise.all(
              [polled, submits, unsent, loop].map((open) => open.catch((error) => error)),
            );
            const later = await generate(app.A_FOX, app.at("aimlapi"));
            const kept = await pending(app.at("vtrix"));
            const outcomes = await app.resumed(app.at("vtrix"));
            return {
              isWanvasError: thrown.map((error) => error instanceof WanvasError),
              errors: thrown.map((error) => error?.toJSON?.() ?? { resolved: error }),
              aborted: aborted.length,
              later: later.status,
              presets: (await sizes("vtrix")).length,
              kept: kept.map(({ job }) => job?.id),
              outcomes: outcomes.map(({ generation }) => generation?.job.id),
              unheard: unheard(),
            };
          },
          [how],
        );
        const [polled, submits, unsent, loop] = seen.errors;
        const about = JSON.stringify(seen.errors);
        assert.deepEqual(seen.isWanvasError, [true, true, true, true], about);
        for (const error of seen.errors) {
          assert.deepEqual([error.code, error.retryable], ["engine", false]);
        }
        if (how === "panic") assert.match(polled.message, /a task panics/);
        assert.ok(polled.mayHaveBeenCharged && polled.job.id);
        assert.deepEqual([polled.id, polled.tag, "tag" in submits], ["own", ["album"], false]);
        assert.ok(submits.mayHaveBeenCharged && !submits.job);
        assert.ok(!unsent.mayHaveBeenCharged && !unsent.job);
        assert.ok(loop.mayHaveBeenCharged);
        assert.ok(seen.aborted > 0, "requests are given up");
        assert.equal(seen.later, "succeeded");
        assert.ok(seen.presets > 0);
        assert.ok(seen.kept.includes(polled.job.id), "the job is kept");
        assert.ok(seen.outcomes.includes(polled.job.id), "and its lock was free: it is delivered");
        assert.deepEqual(seen.unheard, [], "the engine that crashed ends nowhere else");
        assert.equal((await page.gateway.arrived("submit")).length, 3);
      });
    }

    test("a crash names the job as soon as that is known", async () => {
      const [kept, polled] = await page.browser.run(async () => {
        const app = await import("/app.js");
        const { crash, generate, poll } = await app.wanvas();
        const journal = app.memoryStore();
        const put = journal.put;
        journal.put = async (entry) => {
          await put(entry);
          if (entry.job) crash("panic");
        };
        const kept = await app.outcomeOf(generate(app.A_FOX, app.at("vtrix", { journal })));
        const send = (...request) => {
          crash("panic");
          return fetch(...request);
        };
        const options = app.at("vtrix", { fetch: send });
        return [kept.error, (await app.outcomeOf(poll(kept.error.job, options))).error];
      });
      assert.deepEqual([kept.code, polled.code], ["engine", "engine"]);
      assert.ok(kept.job.id && kept.mayHaveBeenCharged && polled.mayHaveBeenCharged);
      assert.deepEqual(polled.job, kept.job);
    });

    test("a loop over resume() that comes for more after a crash is told, and ends", async () => {
      const seen = await page.browser.run(async () => {
        const app = await import("/app.js");
        const { crash, resume, sizes } = await app.wanvas();
        await app.submitted("vtrix");
        await app.submitted("vtrix");
        const codes = [];
        try {
          for await (const { generation } of resume(app.at("vtrix"))) {
            codes.push(generation.status);
            crash("panic");
            await app.sleep(50);
            // Another call has begun a fresh engine by then.
            await sizes("vtrix");
          }
        } catch (error) {
          codes.push(error.code);
        }
        return { codes, left: (await app.resumed(app.at("vtrix"))).length };
      });
      assert.deepEqual(seen.codes, ["succeeded", "engine"]);
      assert.ok(seen.left >= 1, "what was not delivered is still there");
    });

    test("the timers of a crashed engine are gone", async () => {
      const left = await page.browser.run(async () => {
        const app = await import("/app.js");
        const timers = new Set();
        const { setTimeout, clearTimeout } = globalThis;
        globalThis.setTimeout = (work, ms) => {
          const timer = setTimeout(() => timers.delete(timer) && work(), ms);
          timers.add(timer);
          return timer;
        };
        globalThis.clearTimeout = (timer) => {
          timers.delete(timer);
          clearTimeout(timer);
        };
        const { crash, generate } = await app.wanvas();
        const apiKey = () => new Promise(() => {});
        const call = app.outcomeOf(generate(app.A_FOX, app.at("vtrix", { apiKey })));
        // Until the engine is loaded, and waits.
        while (timers.size === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        crash("panic");
        await call;
        return timers.size;
      });
      assert.equal(left, 0);
    });

    test("a call is aborted while the engine loads", async () => {
      const seen = await page.browser.run(async () => {
        const app = await import("/app.js");
        const { generate, preload, resume } = await app.wanvas();
        preload(new Promise(() => {}));
        const controller = new AbortController();
        const options = app.at("vtrix", { signal: controller.signal });
        const calls = [generate(app.A_FOX, options), resume(options).next()].map(app.outcomeOf);
        controller.abort("enough");
        calls.push(app.outcomeOf(generate(app.A_FOX, options)));
        return (await Promise.all(calls)).map(({ error }) => error);
      });
      assert.deepEqual(seen, ["enough", "enough", "enough"]);
    });

    test("a wrong module given to preload() does no lasting harm", async () => {
      const outcomes = await page.browser.run(async () => {
        const app = await import("/app.js");
        const { preload, sizes } = await app.wanvas();
        const empty = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        const { error } = await app.outcomeOf(preload(empty));
        return [error.code, error.retryable, (await sizes("vtrix")).length > 0];
      });
      assert.deepEqual(outcomes, ["engine", true, true]);
    });
  });

  describe(`${engine}, with short jobs`, () => {
    const page = usePage(engine, "20..40", CRASHING);

    for (const how of ["panic", "memory"]) {
      test(`a crash right after a result is heard nowhere: ${how}`, async () => {
        const seen = await page.browser.run(
          async (how) => {
            const app = await import("/app.js");
            const { crash, generate, sizes } = await app.wanvas();
            const unheard = app.unheard();
            for (let turn = 0; turn < 12; turn += 1) {
              await generate(app.A_FOX, app.at("aimlapi"));
              for (let later = 0; later < turn; later += 1) await undefined;
              crash(how);
              await sizes("vtrix").catch(() => {});
            }
            await app.sleep(100);
            return unheard();
          },
          [how],
        );
        assert.deepEqual(seen, []);
      });
    }
  });
}
