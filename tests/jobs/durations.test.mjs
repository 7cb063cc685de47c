/** In each engine: what was seen of jobs has the next one told of sooner, in a later page too. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine, "100..100");

    /** In a new page: milliseconds until a picture is told of, and what is pending after it. */
    async function waited(options = {}, request = {}) {
      await page.browser.open(`${page.gateway.origin}/`);
      return page.browser.run(
        async (options, request) => {
          const app = await import("/app.js");
          const { generate, pending } = await app.wanvas();
          // By the time of its answer, what earlier pages saw has been read.
          const slow = async (...request) => {
            await app.sleep(200);
            return fetch(...request);
          };
          const at = app.at("vtrix", {
            fetch: slow,
            pollIntervalMs: undefined,
            stream: "never",
            ...options,
          });
          const begun = performance.now();
          await generate({ ...app.A_FOX, ...request }, at);
          return { ms: performance.now() - begun, pending: (await pending(at)).length };
        },
        [options, request],
      );
    }

    test("the second job is waited for better than the first", async () => {
      const first = await waited();
      const second = await waited();
      const third = await waited();
      assert.ok(second.ms < first.ms && third.ms < first.ms, "a page learns of an earlier one");
      assert.deepEqual([first.pending, second.pending], [0, 0]);
      const several = await waited({}, { count: 2 });
      assert.ok(several.ms > third.ms, "several pictures take another time");
      const unkept = await waited({ journal: false });
      assert.ok(unkept.ms > third.ms, "without a journal nothing is read");
      await page.browser.run(async () =>
        (await (await import("/app.js")).wanvas()).forget("durations"),
      );
      const forgotten = await waited();
      assert.ok(forgotten.ms > third.ms, "what was forgotten is gone");
    });
  });
}
