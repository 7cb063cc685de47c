/** An engine that crashes, in each browser: calls after it have a new one, and no job is lost. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine, "300..400");

    test("a trap ends its own call alone, and its job is resumed", async () => {
      const seen = await page.browser.run(async () => {
        const app = await import("/app.js");
        const trap = await (await import("/trap.js")).trappingEngines();
        const { generate, pending, sizes } = await app.wanvas();
        const accepted = (options) =>
          new Promise((resolve) => {
            options.onProgress = ({ phase }) => phase === "running" && resolve();
          });
        const [first, second] = [app.at("vtrix"), app.at("vtrix", { pollIntervalMs: 3000 })];
        const ready = Promise.all([accepted(first), accepted(second)]);
        const other = generate(app.A_FOX, second);
        const crashed = app.outcomeOf(generate(app.A_FOX, first));
        await ready;
        trap.arm();
        const { error } = await crashed;
        const later = await generate(app.A_FOX, app.at("aimlapi"));
        const presets = await sizes("vtrix");
        const kept = await pending(app.at("vtrix"));
        const outcomes = await app.resumed(app.at("vtrix"));
        return {
          error,
          later: later.status,
          presets: presets.length,
          kept: kept.map(({ job }) => job.id),
          outcomes: outcomes.map(({ generation }) => generation.job.id),
          other: (await other).status,
          instances: trap.instances,
        };
      });
      assert.equal(seen.error.code, "engine");
      assert.match(seen.error.message, /unreachable/i);
      assert.ok(seen.error.mayHaveBeenCharged && seen.error.job.id);
      assert.ok(seen.kept.includes(seen.error.job.id), "the job is kept");
      assert.ok(seen.outcomes.includes(seen.error.job.id), "and delivered");
      assert.deepEqual([seen.later, seen.other], ["succeeded", "succeeded"]);
      assert.ok(seen.presets > 0);
      assert.equal(seen.instances, 2, "one fresh instance for all later calls");
      assert.equal((await page.gateway.arrived("submit")).length, 3);
    });

    test("a crash names the job as soon as that is known, and else charges nothing", async () => {
      const seen = await page.browser.run(async () => {
        const app = await import("/app.js");
        const trap = await (await import("/trap.js")).trappingEngines();
        const { generate, poll } = await app.wanvas();
        const journal = app.memoryStore();
        const put = journal.put;
        journal.put = async (entry) => {
          await put(entry);
          if (entry.job) trap.arm();
        };
        const kept = await app.outcomeOf(generate(app.A_FOX, app.at("vtrix", { journal })));
        const send = (...request) => {
          trap.arm();
          return fetch(...request);
        };
        const options = app.at("vtrix", { fetch: send });
        const polled = await app.outcomeOf(poll(kept.error.job, options));
        return [kept.error, polled.error];
      });
      const [kept, polled] = seen;
      assert.deepEqual([kept.code, polled.code], ["engine", "engine"]);
      assert.ok(kept.job.id && kept.mayHaveBeenCharged && polled.mayHaveBeenCharged);
      assert.deepEqual(polled.job, kept.job);
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

    test("a crash before anything is sent costs nothing", async () => {
      const seen = await page.browser.run(async () => {
        const app = await import("/app.js");
        const trap = await (await import("/trap.js")).trappingEngines();
        const { generate, preload } = await app.wanvas();
        await preload();
        trap.arm();
        const { error } = await app.outcomeOf(generate(app.A_FOX, app.at("vtrix")));
        return { error, next: (await generate(app.A_FOX, app.at("vtrix"))).status };
      });
      assert.equal(seen.error.code, "engine");
      assert.equal(seen.error.mayHaveBeenCharged, false);
      assert.equal(seen.next, "succeeded");
    });
  });
}
