/** In each engine: what was seen of jobs has the next one checked sooner, in a later page too. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine, "100..100");

    /** In a new page: milliseconds from a submit to the first check, as they arrived. */
    async function firstCheck(options = {}, request = {}) {
      await page.gateway.reset();
      await page.browser.open(`${page.gateway.origin}/`);
      const left = await page.browser.run(
        async (options, request) => {
          const app = await import("/app.js");
          const { generate, pending } = await app.wanvas();
          // By the time of the submit's answer, what earlier pages saw has been read.
          const slow = async (url, init) => {
            const answer = await fetch(url, init);
            if (init.method === "POST") await app.sleep(1_000);
            return answer;
          };
          const own = { fetch: slow, pollIntervalMs: undefined, stream: "never" };
          const at = app.at("vtrix", { ...own, ...options });
          await generate({ ...app.A_FOX, ...request }, at);
          return pending(at);
        },
        [options, request],
      );
      assert.deepEqual(left, []);
      const [submit] = await page.gateway.arrived("submit");
      const [check] = await page.gateway.arrived("status");
      return check.at - submit.at;
    }

    test("the next job is waited for better than the first, by what was seen", async () => {
      const first = await firstCheck();
      // Tells well how long the job took.
      await firstCheck({ pollIntervalMs: 50 });
      // A busy machine can make one late.
      const next = Math.min(await firstCheck(), await firstCheck());
      assert.ok(next < first, "a page learns of an earlier one");
      assert.ok((await firstCheck({}, { count: 2 })) > next, "several pictures are another matter");
      assert.ok((await firstCheck({ journal: false })) > next, "without a journal nothing is read");
      await page.browser.run(async () =>
        (await (await import("/app.js")).wanvas()).forget("durations"),
      );
      assert.ok((await firstCheck()) > next, "what was forgotten is gone");
    });
  });
}
