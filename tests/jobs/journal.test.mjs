/** The journal in each engine: what is kept of a job, and how a page goes on from it. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);
    const submits = async () => (await page.gateway.arrived("submit")).length;

    test("a job that was not waited for is pending, and resumed by another page", async () => {
      const job = await run(async () => (await import("/app.js")).submitted("vtrix"));
      await page.browser.open(`${page.gateway.origin}/`);
      const { listed, outcomes, left } = await run(async () => {
        const app = await import("/app.js");
        const { pending } = await app.wanvas();
        const listed = await pending(app.at("vtrix"));
        const outcomes = await app.resumed(app.at("vtrix"));
        return { listed, outcomes, left: await pending(app.at("vtrix")) };
      });
      assert.equal(listed.length, 1);
      const [{ id, calledAt, submittedAt, ...entry }] = listed;
      assert.ok(id && calledAt <= submittedAt && submittedAt === job.submittedAt);
      assert.deepEqual(entry, {
        version: 1,
        provider: "vtrix",
        baseUrl: page.gateway.origin,
        model: job.model,
        count: 1,
        size: "1280x1280",
        job,
      });
      assert.equal(outcomes.length, 1);
      const [{ generation }] = outcomes;
      assert.equal(generation.status, "succeeded");
      assert.deepEqual(generation.job, job);
      assert.deepEqual(generation.requested, { count: 1, size: "1280x1280" });
      assert.deepEqual(left, []);
      assert.equal(await submits(), 1);
    });

    test("poll() and forget() settle an entry too", async () => {
      const left = await run(async () => {
        const app = await import("/app.js");
        const { forget, pending, poll } = await app.wanvas();
        const [first, second] = [await app.submitted("vtrix"), await app.submitted("vtrix")];
        await app.submitted("vtrix");
        const counts = [(await pending(app.at("vtrix"))).length];
        await poll(first, app.at("vtrix"));
        counts.push((await pending(app.at("vtrix"))).length);
        await forget(second);
        const [third, ...others] = await pending(app.at("vtrix"));
        counts.push(others.length + 1);
        await forget(third);
        counts.push((await pending(app.at("vtrix"))).length);
        const refused = await app.outcomeOf(forget("a job"));
        return { counts, field: refused.error.field };
      });
      assert.deepEqual(left, { counts: [3, 2, 1, 0], field: "job" });
    });

    test("an aborted call keeps its job, which is delivered later", async () => {
      const outcomes = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const controller = new AbortController();
        const onProgress = ({ phase }) => phase === "running" && controller.abort("enough");
        const signal = controller.signal;
        const aborted = generate(app.A_FOX, app.at("vtrix", { signal, onProgress }));
        return [await app.outcomeOf(aborted), ...(await app.resumed(app.at("vtrix")))];
      });
      assert.equal(outcomes[0].error, "enough");
      assert.equal(outcomes[1].generation.status, "succeeded");
      assert.equal(outcomes.length, 2);
      assert.equal(await submits(), 1);
    });

    for (const provider of ["aimlapi", "vtrix"]) {
      test(`a submit cut off before its answer is reported once: ${provider}`, async () => {
        await page.gateway.script([{ on: "submit", fault: "hang" }]);
        await run(async (name) => {
          const app = await import("/app.js");
          const { generate } = await app.wanvas();
          app.outcomeOf(generate(app.A_FOX, app.at(name)));
          await app.arrivedSubmit(name);
        }, provider);
        await page.browser.open(`${page.gateway.origin}/`);
        const outcomes = await run(async (name) => {
          const app = await import("/app.js");
          const entries = await (await app.wanvas()).pending(app.at(name));
          const first = await app.resumed(app.at(name));
          return { entries, first, second: await app.resumed(app.at(name)) };
        }, provider);
        assert.equal(outcomes.entries[0].job, null);
        assert.equal(outcomes.first.length, 1);
        const { entry, error } = outcomes.first[0];
        assert.deepEqual(entry, outcomes.entries[0]);
        assert.equal(error.code, "submit_outcome_unknown");
        assert.ok(error.mayHaveBeenCharged && error.provider === provider);
        assert.deepEqual(outcomes.second, []);
        assert.equal(await submits(), 1, "and it is not sent again");
      });
    }

    test("a call that is aborted before its submit left is not kept", async () => {
      const listed = await run(async () => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        const controller = new AbortController();
        const apiKey = () => {
          controller.abort();
          return new Promise(() => {});
        };
        const options = app.at("vtrix", { apiKey, signal: controller.signal });
        await app.outcomeOf(generate(app.A_FOX, options));
        await app.sleep(50);
        return pending(app.at("vtrix"));
      });
      assert.deepEqual(listed, []);
      assert.equal(await submits(), 0);
    });

    test("only jobs of the same gateway and base URL are listed and resumed", async () => {
      const counts = await run(async () => {
        const app = await import("/app.js");
        const { pending } = await app.wanvas();
        await app.submitted("vtrix");
        const elsewhere = app.at("vtrix", { baseUrl: "https://gateway.example" });
        const keyless = [{ provider: "vtrix", baseUrl: location.origin }, { provider: "vtrix" }];
        const places = [app.at("vtrix"), app.at("aimlapi"), elsewhere, ...keyless];
        const listed = await Promise.all(places.map((options) => pending(options)));
        return [...listed.map(({ length }) => length), (await app.resumed(elsewhere)).length];
      });
      assert.deepEqual(counts, [1, 0, 0, 1, 0, 0]);
      const refused = await run(async () => {
        const app = await import("/app.js");
        const { pending } = await app.wanvas();
        const attempts = [
          pending({ provider: "x" }),
          pending(),
          app.resumed({ provider: "vtrix" }),
        ];
        const outcomes = await Promise.all(attempts.map((attempt) => app.outcomeOf(attempt)));
        return outcomes.map(({ error }) => error.field);
      });
      assert.deepEqual(refused, ["provider", "options", "apiKey"]);
    });

    test("without a journal nothing is stored", async () => {
      const names = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        await app.submitted("vtrix", { journal: false });
        await generate(app.A_FOX, app.at("aimlapi", { journal: false }));
        return (await indexedDB.databases()).map(({ name }) => name);
      });
      assert.deepEqual(names, []);
    });

    test("a job older than a day is gone, and what is not understood is left alone", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const journal = app.memoryStore();
        await app.submitted("vtrix", { journal });
        const [entry] = journal.entries.values();
        const job = { ...entry.job, id: "forgotten" };
        const old = { ...entry, id: "old", submittedAt: Date.now() - 86_500_000, job };
        const later = { ...entry, id: "later", version: 2 };
        for (const one of [old, later]) journal.entries.set(one.id, one);
        const outcomes = await app.resumed(app.at("vtrix", { journal }));
        return { outcomes, left: [...journal.entries.keys()] };
      });
      const isOld = ({ entry }) => entry.id === "old";
      const gone = seen.outcomes.find(isOld);
      const delivered = seen.outcomes.find((outcome) => !isOld(outcome));
      assert.equal(gone.error.code, "not_found");
      assert.ok(gone.error.mayHaveBeenCharged && gone.error.job);
      assert.equal(delivered.generation.status, "succeeded");
      assert.deepEqual(seen.left, ["later"]);
    });

    test("a submit that fails as its page is left is told to the next page", async () => {
      await page.gateway.script([{ on: "submit", fault: "cut", when: "after" }]);
      const settled = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        // As engines do that fail a page's requests before the page is gone.
        const send = (...request) => {
          dispatchEvent(new Event("beforeunload"));
          return fetch(...request);
        };
        const call = app.outcomeOf(generate(app.A_FOX, app.at("vtrix", { fetch: send })));
        return Promise.race([call, app.sleep(1000)]);
      });
      assert.equal(settled, undefined, "the page that is left concludes nothing");
      await page.browser.open(`${page.gateway.origin}/`);
      const outcomes = await run(async () => {
        const app = await import("/app.js");
        return app.resumed(app.at("vtrix"));
      });
      assert.equal(outcomes[0].error.code, "submit_outcome_unknown");
      assert.equal(outcomes.length, 1);
    });

    test("a page that stays is told after all why its request failed", async () => {
      await page.gateway.script([{ on: "submit", fault: "cut", when: "after" }]);
      const { error } = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const send = (...request) => {
          dispatchEvent(new Event("beforeunload"));
          return fetch(...request);
        };
        return app.outcomeOf(generate(app.A_FOX, app.at("vtrix", { fetch: send })));
      });
      assert.equal(error.code, "submit_outcome_unknown");
    });
  });
}
