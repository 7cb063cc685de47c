/** What a journal is kept in: the browser's storage or a store of the caller's, whatever becomes of it. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);

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
      assert.equal(seen.atDelivery, "put put put", "it is forgotten only when it was delivered");
      assert.equal(seen.log, "put put put delete");
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
  });
}
