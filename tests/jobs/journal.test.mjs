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
      const [{ id, submittedAt, ...entry }] = listed;
      assert.ok(id && submittedAt === job.submittedAt);
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
        await page.gateway.script([{ on: "submit", fault: "delay", ms: 5000 }]);
        const outcomes = await run(async (name) => {
          const app = await import("/app.js");
          await app.abortedInSubmit(name);
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

    test("the caller's own store is used in place of the browser's", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { forget, generate, pending } = await app.wanvas();
        const journal = app.memoryStore();
        const { warnings } = await generate(app.A_FOX, app.at("vtrix", { journal }));
        const atDelivery = journal.log.join(" ");
        await app.sleep(0);
        const log = journal.log.join(" ");
        const job = await app.submitted("vtrix", { journal });
        const listed = await pending(app.at("vtrix", { journal }));
        const outcomes = await app.resumed(app.at("vtrix", { journal }));
        await app.submitted("vtrix", { journal });
        await forget(await app.submitted("vtrix", { journal }), { journal });
        const databases = (await indexedDB.databases()).length;
        return {
          warnings,
          atDelivery,
          log,
          job,
          listed,
          outcomes,
          left: journal.entries.size,
          databases,
        };
      });
      assert.equal(seen.atDelivery, "put put", "it is forgotten only when it was delivered");
      assert.equal(seen.log, "put put delete");
      assert.deepEqual(seen.listed[0].job, seen.job);
      assert.equal(seen.outcomes[0].generation.status, "succeeded");
      assert.deepEqual([seen.warnings, seen.left, seen.databases], [undefined, 1, 0]);
    });

    test("storage that fails is a warning in the result, and no failure", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        const full = app.memoryStore(new Error("the disk is full"));
        const never = () => new Promise(() => {});
        const silent = { put: never, delete: never, list: never };
        const thrower = { put: () => missing(), delete: () => missing(), list: () => missing() };
        const results = [];
        for (const journal of [full, silent, thrower]) {
          const { status, warnings } = await generate(app.A_FOX, app.at("vtrix", { journal }));
          results.push({ status, warnings, listed: await pending(app.at("vtrix", { journal })) });
        }
        return results;
      });
      assert.deepEqual(
        seen.map(({ status, listed, warnings }) => [status, listed.length, warnings.length]),
        [
          ["succeeded", 0, 1],
          ["succeeded", 0, 1],
          ["succeeded", 0, 1],
        ],
      );
      assert.match(seen[0].warnings[0], /disk is full/);
      assert.match(seen[1].warnings[0], /does not answer/);
    });

    test("what a store fails with does no harm, whatever it is", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const other = generate(app.A_FOX, app.at("vtrix"));
        const thrown = [undefined, null, Object.create(null), Symbol("full"), 7];
        const seen = [];
        for (const reason of thrown) {
          const journal = { put: () => Promise.reject(reason), delete() {}, list: () => [] };
          const { status, warnings } = await generate(app.A_FOX, app.at("vtrix", { journal }));
          seen.push([status, warnings.length]);
        }
        const listed = new Proxy([1], {
          get(list, name) {
            if (name === "0") throw new Error("unreadable");
            return list[name];
          },
        });
        const journal = { put() {}, delete() {}, list: () => listed };
        const { pending } = await app.wanvas();
        return {
          seen,
          listed: await pending(app.at("vtrix", { journal })),
          other: (await other).status,
        };
      });
      assert.deepEqual(seen.seen, Array(5).fill(["succeeded", 1]));
      assert.deepEqual(seen.listed, []);
      assert.equal(seen.other, "succeeded");
    });

    test("a listener and a console that throw cost no picture", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const { error } = console;
        console.error = () => {
          throw new Error("the console throws");
        };
        try {
          const now = app.at("vtrix", {
            onProgress() {
              throw new Error("the listener throws");
            },
          });
          const later = app.at("vtrix", { onProgress: () => Promise.reject(new Error("later")) });
          const calls = [now, later].map((options) => generate(app.A_FOX, options));
          return (await Promise.all(calls)).map(({ status }) => status);
        } finally {
          console.error = error;
        }
      });
      assert.deepEqual(seen, ["succeeded", "succeeded"]);
    });

    test("half of a surrogate pair is sent as browsers send it", async () => {
      const status = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        let body;
        const send = (url, init) => {
          body ??= init.body;
          return fetch(url, init);
        };
        const request = { prompt: "a fox \ud83d" };
        const { status } = await generate(request, app.at("aimlapi", { fetch: send }));
        return [status, JSON.parse(body).prompt];
      });
      assert.deepEqual(status, ["succeeded", "a fox \ufffd"]);
    });

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

    test("a database of another shape is left to whoever made it", async () => {
      const { status, warnings, deleted } = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const until = (request) =>
          new Promise((resolve) => {
            request.onsuccess = () => resolve(request.result);
            request.onblocked = () => resolve("blocked");
          });
        const own = await until(indexedDB.open("wanvas", 3));
        own.close();
        const { status, warnings } = await generate(app.A_FOX, app.at("vtrix"));
        return { status, warnings, deleted: await until(indexedDB.deleteDatabase("wanvas")) };
      });
      assert.deepEqual([status, warnings.length], ["succeeded", 1]);
      assert.notEqual(deleted, "blocked");
    });

    test("storage that has fallen silent is waited for once, and again when it answers", async () => {
      const { waits, entries } = await run(async () => {
        const app = await import("/app.js");
        const { pending } = await app.wanvas();
        let answers = [];
        const list = () => new Promise((resolve) => answers.push(resolve));
        const journal = { put() {}, delete() {}, list };
        const waits = [];
        const timed = async () => {
          const begun = performance.now();
          await pending(app.at("vtrix", { journal }));
          waits.push(performance.now() - begun);
        };
        for (let call = 0; call < 10; call += 1) await timed();
        for (const answer of answers) answer([]);
        answers = [];
        await new Promise((resolve) => setTimeout(resolve));
        const later = pending(app.at("vtrix", { journal }));
        const entry = { version: 1, id: "late", provider: "vtrix", baseUrl: location.origin };
        setTimeout(() => {
          for (const answer of answers) answer([entry]);
        }, 300);
        return { waits, entries: await later };
      });
      const [first, ...others] = waits;
      assert.ok(first > others.reduce((sum, wait) => sum + wait, 0), String(waits));
      assert.deepEqual(
        entries.map(({ id }) => id),
        ["late"],
      );
    });

    test("storage that the browser blocks, or has none of, costs no picture", async () => {
      for (const [blocked, warned] of [
        ["throws", true],
        ["fails", true],
        ["is not there", false],
      ]) {
        await page.browser.open(`${page.gateway.origin}/`);
        const { status, warnings, listed } = await run(async (how) => {
          const refuse = () => {
            throw new DOMException("blocked by the user", "SecurityError");
          };
          if (how === "throws") IDBFactory.prototype.open = refuse;
          if (how === "fails") IDBObjectStore.prototype.put = refuse;
          if (how === "is not there") {
            Object.defineProperty(globalThis, "indexedDB", { value: undefined });
          }
          const app = await import("/app.js");
          const { generate, pending } = await app.wanvas();
          const { status, warnings } = await generate(app.A_FOX, app.at("vtrix"));
          return { status, warnings, listed: await pending(app.at("vtrix")) };
        }, blocked);
        assert.equal(status, "succeeded", blocked);
        assert.deepEqual(listed, [], blocked);
        if (warned) assert.match(warnings.join("\n"), /blocked by the user/, blocked);
        else assert.equal(warnings, undefined, blocked);
      }
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
        const signal = AbortSignal.timeout(100);
        const aborted = await app.outcomeOf(app.resumed(app.at("vtrix", { signal })));
        counts.push((await pending(options)).length);
        return { counts, quiet, aborted: aborted.error, reason: String(signal.reason) };
      });
      assert.deepEqual(seen.counts, [2, 2]);
      assert.ok(seen.quiet, "a loop that was left sends nothing");
      assert.equal(seen.aborted, seen.reason);
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

    test("a store that is slow, or fails now and then, delivers each job once", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const slow = (names, fails) => {
          const store = app.memoryStore();
          for (const name of names) {
            const act = store[name];
            let calls = 0;
            store[name] = async (value) => {
              calls += 1;
              await app.sleep(300);
              if (fails?.(calls)) throw new Error("out of order");
              return act(value);
            };
          }
          return store;
        };
        const results = [];
        for (const journal of [
          slow(["delete"]),
          slow(["put"]),
          slow(["put", "delete", "list"]),
          slow(["list"], (calls) => calls === 2),
          slow(["delete"], () => true),
        ]) {
          const options = app.at("vtrix", { journal });
          const { job } = await generate(app.A_FOX, options);
          const again = await app.resumed(options);
          const open = await app.submitted("vtrix", { journal });
          const outcomes = [...(await app.resumed(options)), ...(await app.resumed(options))];
          const ids = [...again, ...outcomes].map(({ generation }) => generation?.job.id);
          results.push([ids.length, ids[0] === open.id, ids.includes(job.id)]);
        }
        return results;
      });
      assert.deepEqual(seen, Array(5).fill([1, true, false]));
    });

    test("what is not of the journal in a store does no harm", async () => {
      const codes = await run(async () => {
        const app = await import("/app.js");
        const { forget, pending, poll } = await app.wanvas();
        const job = await app.submitted("vtrix", { journal: false });
        const broken = Object.defineProperty({}, "version", {
          enumerable: true,
          get: () => oops(),
        });
        const results = [];
        for (const list of [null, [null], [undefined, 7, "x", {}], new Map(), {}, [broken]]) {
          const journal = { put() {}, delete() {}, list: () => list };
          const options = app.at("vtrix", { journal });
          await forget(job, { journal });
          const counts = [(await pending(options)).length, (await app.resumed(options)).length];
          results.push([...counts, (await poll(job, options)).status]);
        }
        return results;
      });
      assert.deepEqual(codes, Array(6).fill([0, 0, "succeeded"]));
    });

    test("the database can be deleted by another page, and is made anew", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        await app.submitted("vtrix");
        const deleted = await new Promise((resolve) => {
          const request = indexedDB.deleteDatabase("wanvas");
          request.onsuccess = () => resolve("deleted");
          request.onblocked = () => resolve("blocked");
        });
        const { warnings } = await generate(app.A_FOX, app.at("vtrix"));
        await app.submitted("vtrix");
        return [deleted, warnings, (await pending(app.at("vtrix"))).length];
      });
      assert.deepEqual(
        seen,
        ["deleted", undefined, 1].map((value) => value ?? null),
      );
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

    test("what a loop has not given out yet is given by the next one", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { pending, resume } = await app.wanvas();
        const jobs = [await app.submitted("vtrix"), await app.submitted("vtrix")];
        for await (const { generation } of resume(app.at("vtrix"))) {
          // Meanwhile the other job ends as well.
          await app.sleep(1000);
          jobs.splice(
            jobs.findIndex(({ id }) => id === generation.job.id),
            1,
          );
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
      assert.deepEqual(seen.outcomes[0].generation.job, seen.jobs[0]);
      assert.equal(seen.outcomes.length, 1);
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

    test("loops of one page share a job, also where the browser has no locks", async () => {
      for (const locks of [true, false]) {
        await page.gateway.reset();
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

    test("a relay that asks for it gets the call's own id", async () => {
      const id = await run(async () => {
        const app = await import("/app.js");
        const headers = { "X-Client-Request-Id": "{id}" };
        await app.submitted("vtrix", { headers });
        const [entry] = await (await app.wanvas()).pending(app.at("vtrix"));
        await app.submitted("vtrix");
        return entry.id;
      });
      const sent = (await page.gateway.arrived("submit")).map((submit) => submit.clientRequestId);
      assert.deepEqual(sent, [id, null]);
    });
  });
}
