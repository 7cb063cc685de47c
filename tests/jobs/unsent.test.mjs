/** Calls that have not left, and the ids of calls, in each engine. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);
    const reload = () => page.browser.open(`${page.gateway.origin}/`);
    const submits = async () => (await page.gateway.arrived("submit")).length;

    test("calls that wait for their turn outlive the page, and are told apart", async () => {
      await page.gateway.script([{ on: "submit", fault: "stuck" }]);
      await run(async () => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        for (const tag of ["first", "second", "third"]) {
          app.outcomeOf(generate(app.A_FOX, app.at("vtrix", { concurrency: 1, tag })));
        }
        for (;;) {
          const entries = await pending(app.at("vtrix"));
          if (entries.length === 3 && entries.some(({ job }) => job)) return;
          await app.sleep(20);
        }
      });
      await reload();
      const { listed, outcomes, left } = await run(async () => {
        const app = await import("/app.js");
        const { pending } = await app.wanvas();
        const listed = await pending(app.at("vtrix"));
        const outcomes = [];
        for (const { id } of listed.filter(({ submittedAt }) => submittedAt === null)) {
          outcomes.push(...(await app.resumed(app.at("vtrix", { only: id }))));
        }
        return { listed, outcomes, left: await pending(app.at("vtrix")) };
      });
      assert.deepEqual(listed.map(({ tag, submittedAt }) => [tag, submittedAt !== null]).sort(), [
        ["first", true],
        ["second", false],
        ["third", false],
      ]);
      assert.deepEqual(
        outcomes
          .map(({ entry, error }) => [entry.tag, error.code, error.mayHaveBeenCharged])
          .sort(),
        [
          ["second", "not_sent", false],
          ["third", "not_sent", false],
        ],
      );
      assert.ok(outcomes.every(({ error }) => error.retryable && error.tag));
      assert.deepEqual(
        left.map(({ tag }) => tag),
        ["first"],
      );
      assert.equal(await submits(), 1);
    });

    test("an id is of one call at a time", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { check, generate } = await app.wanvas();
        const call = (more) => app.outcomeOf(generate(app.A_FOX, app.at("vtrix", more)));
        const both = await Promise.all([call({ id: "own" }), call({ id: "own" })]);
        const later = await call({ id: "own" });
        await call({ id: "open", wait: false });
        const open = await call({ id: "open" });
        const tags = [
          () => {},
          7n,
          "x".repeat(65_535),
          JSON.parse("[".repeat(70) + "]".repeat(70)),
        ];
        const bad = [{ id: "" }, { id: 7 }, { id: "ü" }, ...tags.map((tag) => ({ tag }))];
        const refused = [];
        for (const more of [...bad, { deliver: 7 }, { only: 7 }]) {
          const { error } = await app.outcomeOf(check(app.A_FOX, app.at("vtrix", more)));
          refused.push(error?.field);
        }
        return { both, later, open, refused };
      });
      const [made, refused] = seen.both.sort((one) => (one.value ? -1 : 1));
      assert.equal(made.value.status, "succeeded");
      assert.deepEqual([refused.error.code, refused.error.field], ["invalid_request", "id"]);
      assert.equal(seen.later.value.status, "succeeded");
      assert.deepEqual([seen.open.error.code, seen.open.error.field], ["invalid_request", "id"]);
      assert.deepEqual(seen.refused, [
        ...["id", "id", "id", "tag", "tag", "tag", "tag"],
        ...["deliver", "only"],
      ]);
      assert.equal(await submits(), 3);
    });

    test("an outcome told to two loops takes no later call of its id out", async () => {
      const left = await run(async () => {
        const app = await import("/app.js");
        const { pending, resume } = await app.wanvas();
        await app.submitted("vtrix", { id: "own", tag: "earlier" });
        const loops = [1, 2].map(() => resume(app.at("vtrix"))[Symbol.asyncIterator]());
        await Promise.all(loops.map((loop) => loop.next()));
        const { done } = await loops[0].next();
        const left = async () => (await pending(app.at("vtrix"))).map(({ tag }) => tag);
        // Whichever held the entry has dealt with it when that is gone.
        if (!done || (await left()).length > 0) await loops[1].next();
        while ((await left()).length > 0) await app.sleep(20);
        await app.submitted("vtrix", { id: "own", tag: "later" });
        await Promise.all(loops.map((loop) => loop.next()));
        await app.sleep(200);
        return left();
      });
      assert.deepEqual(left, ["later"]);
    });

    test("what an abort finds in the storage's hands is over at once", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const journal = app.memoryStore();
        const put = journal.put;
        const slow = {
          ...journal,
          async put(entry) {
            if (entry.tag === "slow") await app.sleep(1000);
            return put(entry);
          },
        };
        const { sent, send } = app.counting();
        const controller = new AbortController();
        const events = [];
        const call = (tag, more) =>
          app.outcomeOf(
            generate(app.A_FOX, app.at("vtrix", { id: "own", tag, journal: slow, ...more })),
          );
        const onProgress = ({ phase }) => events.push(phase);
        const { signal } = controller;
        const aborted = call("slow", { signal, onProgress, fetch: send });
        await app.sleep(200);
        controller.abort("enough");
        const { error } = await aborted;
        const { value } = await call("next");
        return { error, events, sent, status: value?.status };
      });
      assert.deepEqual(seen, {
        error: "enough",
        events: [],
        sent: { POST: 0, GET: 0 },
        status: "succeeded",
      });
    });

    for (const isStuck of [false, true]) {
      const what = isStuck ? "is not sent" : "is sent without an entry";
      test(`a call whose waiting the journal has, and whose submit it cannot take: ${what}`, async () => {
        const seen = await run(async (isStuck) => {
          const app = await import("/app.js");
          const { generate, pending } = await app.wanvas();
          const full = () => {
            throw new DOMException("the disk is full", "QuotaExceededError");
          };
          const { put } = IDBObjectStore.prototype;
          const options = (more) => app.at("vtrix", { concurrency: 1, ...more });
          const first = generate(app.A_FOX, options());
          const { sent, send } = app.counting();
          let entries;
          const watched = async (...args) => {
            entries ??= await pending(app.at("vtrix"));
            return send(...args);
          };
          const second = generate(app.A_FOX, options({ tag: "second", fetch: watched }));
          while (!(await pending(options())).some(({ tag }) => tag)) await app.sleep(20);
          IDBObjectStore.prototype.put = function (entry, id) {
            return entry.tag && entry.submittedAt ? full() : put.call(this, entry, id);
          };
          if (isStuck) IDBObjectStore.prototype.delete = full;
          await first;
          const { value, error } = await app.outcomeOf(second);
          return { sent, entries, warnings: value?.warnings, error };
        }, isStuck);
        if (isStuck) {
          assert.deepEqual(seen.sent, { POST: 0, GET: 0 });
          const { code, retryable, mayHaveBeenCharged } = seen.error;
          assert.deepEqual([code, retryable, mayHaveBeenCharged], ["not_sent", true, false]);
        } else {
          assert.equal(seen.sent.POST, 1);
          assert.ok(!seen.entries.some(({ tag }) => tag));
          assert.match(seen.warnings[0], /the disk is full/);
        }
      });
    }

    test("a store that others may share is not taken at its word that nothing was sent", async () => {
      const { error } = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const journal = app.memoryStore();
        const options = app.at("vtrix", { journal, concurrency: 1 });
        const controller = new AbortController();
        app.outcomeOf(generate(app.A_FOX, { ...options, signal: controller.signal }));
        app.outcomeOf(generate(app.A_FOX, { ...options, id: "own", signal: controller.signal }));
        await app.until(() => journal.entries.has("own"));
        // As another machine has it.
        const shared = app.memoryStore();
        shared.entries.set("theirs", { ...journal.entries.get("own"), id: "theirs" });
        controller.abort();
        const [{ error }] = await app.resumed(app.at("vtrix", { journal: shared }));
        return { error };
      });
      assert.deepEqual(
        [error.code, error.mayHaveBeenCharged, error.retryable],
        ["submit_outcome_unknown", true, false],
      );
    });

    test("no second call of an id leaves where storage cannot tell of the first", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const { getAll } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.getAll = () => {
          throw new DOMException("no storage here", "UnknownError");
        };
        const { sent, send } = app.counting();
        const options = app.at("vtrix", { id: "own", fetch: send });
        const { error } = await app.outcomeOf(generate(app.A_FOX, options));
        const before = sent.POST;
        IDBObjectStore.prototype.getAll = getAll;
        return { error, before, status: (await generate(app.A_FOX, options)).status };
      });
      const { code, message, retryable } = seen.error;
      assert.deepEqual([code, retryable, seen.before], ["not_sent", true, 0]);
      assert.match(message, /no storage here/);
      assert.equal(seen.status, "succeeded");
    });

    test("an id can be the name of what is kept beside the entries", async () => {
      const left = await run(async () => {
        const app = await import("/app.js");
        const { generate, pending } = await app.wanvas();
        await generate(app.A_FOX, app.at("vtrix", { id: "durations", wait: false }));
        const { getAll } = IDBObjectStore.prototype;
        // Until what was seen of a job is kept, too.
        let count = 0;
        IDBObjectStore.prototype.getAll = function (...args) {
          const request = getAll.apply(this, args);
          request.addEventListener("success", () => {
            count = request.result.length;
          });
          return request;
        };
        await generate(app.A_FOX, app.at("vtrix"));
        while (count < 2) {
          await pending(app.at("vtrix"));
          await app.sleep(20);
        }
        return (await pending(app.at("vtrix"))).map(({ id }) => id);
      });
      assert.deepEqual(left, ["durations"]);
    });
  });
}
