/** Loops over `resume()` in each engine. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);
    const submits = async () => (await page.gateway.arrived("submit")).length;

    test("an entry that cannot be read is told each time, and holds up nothing", async () => {
      const codes = await run(async () => {
        const app = await import("/app.js");
        const job = { provider: "vtrix", id: "7", model: "m", submittedAt: "today", count: 1 };
        const entry = { version: 1, id: "odd", provider: "vtrix", baseUrl: location.origin, job };
        const journal = { put() {}, delete() {}, list: () => [entry] };
        const codes = [];
        for (let time = 0; time < 3; time += 1) {
          const outcomes = await app.resumed(app.at("vtrix", { journal }));
          codes.push(...outcomes.map(({ error }) => error.code));
        }
        return codes;
      });
      assert.deepEqual(codes, Array(3).fill("invalid_request"));
    });

    test("to leave the loop, or to abort it, keeps what is open", async () => {
      await page.gateway.script([{ on: "submit", fault: "stuck", times: 2 }]);
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { pending, resume } = await app.wanvas();
        await app.submitted("vtrix");
        await app.submitted("vtrix");
        await app.submitted("vtrix");
        const { sent, send } = app.counting();
        const options = app.at("vtrix", { fetch: send });
        for await (const { generation } of resume(options)) if (generation) break;
        await app.sleep(50);
        const after = sent.GET;
        await app.sleep(200);
        const quiet = sent.GET === after;
        const counts = [(await pending(options)).length];
        const controller = new AbortController();
        const loop = async () => {
          const { signal } = controller;
          for await (const { generation } of resume(app.at("vtrix", { signal }))) {
            // When the loop waits for the next.
            if (generation) setTimeout(() => controller.abort("enough"), 100);
          }
        };
        const aborted = await app.outcomeOf(loop());
        counts.push((await pending(options)).length);
        return { counts, quiet, aborted: aborted.error };
      });
      assert.deepEqual(seen.counts, [3, 2], "and what the body was dealing with");
      assert.ok(seen.quiet, "a loop that was left sends nothing");
      assert.equal(seen.aborted, "enough");
    });

    test("a journal of many jobs is resumed whole", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { pending } = await app.wanvas();
        const more = { concurrency: 20 };
        const jobs = Array.from({ length: 200 }, () => app.submitted("vtrix", more));
        const ids = (await Promise.all(jobs)).map(({ id }) => id);
        const outcomes = await app.resumed(app.at("vtrix", more));
        const delivered = new Set(outcomes.map(({ generation }) => generation.job.id));
        const left = await pending(app.at("vtrix"));
        return [outcomes.length, ids.filter((id) => delivered.has(id)).length, left.length];
      });
      assert.deepEqual(seen, [200, 200, 0]);
    });

    test("what a loop has not given out, or taken over, is given by the next one", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { pending, resume } = await app.wanvas();
        const jobs = [await app.submitted("vtrix"), await app.submitted("vtrix")];
        for await (const _ of resume(app.at("vtrix"))) {
          // Meanwhile the other job ends as well.
          await app.sleep(1000);
          break;
        }
        const listed = await pending(app.at("vtrix"));
        const outcomes = await app.resumed(app.at("vtrix"));
        return { jobs, listed, outcomes };
      });
      assert.deepEqual(
        seen.listed.map(({ job }) => job),
        seen.jobs,
      );
      const byId = (one, other) => one.id.localeCompare(other.id);
      const given = seen.outcomes.map(({ generation }) => generation.job);
      assert.deepEqual(given.sort(byId), seen.jobs.sort(byId));
    });

    test("loops of one page share a job, also where the browser has no locks", async () => {
      for (const locks of [true, false]) {
        await page.gateway.reset();
        // Until the loops have begun, also on a busy machine.
        await page.gateway.script([{ on: "status", fault: "delay", ms: 2000 }]);
        await page.browser.open(`${page.gateway.origin}/`);
        const { results, senders } = await run(async (keep) => {
          if (!keep) Object.defineProperty(navigator, "locks", { value: undefined });
          const app = await import("/app.js");
          const { generate } = await app.wanvas();
          const calls = [app.counting(), app.counting(), app.counting()];
          const [mine, second, third] = calls.map(({ send }) => app.at("vtrix", { fetch: send }));
          const running = new Promise((resolve) => {
            mine.onProgress = ({ phase }) => phase === "running" && resolve();
          });
          const made = generate(app.A_FOX, mine);
          await running;
          const loops = [app.resumed(second), app.resumed(third)];
          const results = [[{ generation: await made }], ...(await Promise.all(loops))];
          return { results, senders: calls.filter(({ sent }) => sent.GET > 0).length };
        }, locks);
        assert.deepEqual(
          results.map((outcomes) => outcomes.map(({ generation }) => generation.status)),
          [["succeeded"], ["succeeded"], ["succeeded"]],
          `locks: ${locks}`,
        );
        assert.equal(senders, 1, `one polls, locks: ${locks}`);
        assert.equal(await submits(), 1);
      }
    });

    test("strangers on the channel break nothing", async () => {
      await page.gateway.script([{ on: "submit", fault: "delay", ms: 2000 }]);
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        const problems = [];
        addEventListener("unhandledrejection", ({ reason }) => problems.push(String(reason)));
        addEventListener("error", ({ message }) => problems.push(message));
        const made = generate(app.A_FOX, app.at("vtrix"));
        let entry;
        while (!entry) [entry] = await pending(app.at("vtrix"));
        const { id } = entry;
        const loop = app.resumed(app.at("vtrix"));
        await app.sleep(200);
        const channel = new BroadcastChannel("wanvas/1");
        for (const message of [null, 7, {}, { id }, { id, outcome: null }, { id, outcome: {} }]) {
          channel.postMessage(message);
        }
        const [{ generation }] = await loop;
        channel.close();
        return [(await made).status, generation.status, problems];
      });
      assert.deepEqual(seen, ["succeeded", "succeeded", []]);
    });

    test("a worker's job is resumed by its page", async () => {
      const outcomes = await run(async () => {
        const app = await import("/app.js");
        const source = `
          const app = await import("${location.origin}/app.js");
          await app.submitted("vtrix", { baseUrl: "${location.origin}" });
          postMessage("accepted");`;
        const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
        const worker = new Worker(url, { type: "module" });
        await new Promise((resolve, reject) => {
          Object.assign(worker, { onmessage: resolve, onerror: reject });
        });
        worker.terminate();
        return app.resumed(app.at("vtrix"));
      });
      assert.equal(outcomes[0].generation.status, "succeeded");
      assert.equal(await submits(), 1);
    });
  });
}
