/** How pictures come into an app's own hands, in each engine. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);
    const reload = () => page.browser.open(`${page.gateway.origin}/`);
    const submits = async () => (await page.gateway.arrived("submit")).length;
    const requests = async () => (await page.gateway.requests()).length;

    for (const provider of ["aimlapi", "vtrix"]) {
      test(`deliver has the pictures before the journal forgets them: ${provider}`, async () => {
        const seen = await run(async (provider) => {
          const app = await import("/app.js");
          const { generate, pending } = await app.wanvas();
          const delivered = [];
          let left;
          const deliver = async (generation, entry) => {
            left = await pending(app.at(provider));
            delivered.push({ generation, entry });
          };
          const label = { id: "own", tag: { prompt: "a fox", albums: [7, 2 ** 60] } };
          const events = [];
          const onProgress = ({ id, tag }) => events.push({ id, tag });
          const options = app.at(provider, { deliver, onProgress, ...label });
          const generation = await generate(app.A_FOX, options);
          await app.sleep(100);
          const after = await pending(app.at(provider));
          return { label, delivered, left, generation, events, after };
        }, provider);
        const [{ generation, entry }] = seen.delivered;
        assert.deepEqual(generation, seen.generation);
        assert.equal(seen.delivered.length, 1);
        for (const { id, tag } of [generation, entry, ...seen.events, ...seen.left]) {
          assert.deepEqual({ id, tag }, seen.label);
        }
        const { raw, ...kept } = generation;
        assert.deepEqual(seen.left[0].generation, kept);
        assert.ok(raw);
        assert.deepEqual(seen.after, []);
      });

      test(`what deliver could not take comes again, without a request: ${provider}`, async () => {
        const first = await run(async (provider) => {
          const app = await import("/app.js");
          const { generate } = await app.wanvas();
          let images;
          const deliver = (generation) => {
            images = generation.images;
            throw new RangeError("the disk is full");
          };
          const options = app.at(provider, { deliver, id: "own", tag: "album" });
          const failed = generate(app.A_FOX, options);
          const cause = await failed.catch((error) => String(error.cause));
          return { ...(await app.outcomeOf(failed)), images, cause };
        }, provider);
        const { code, message, mayHaveBeenCharged, id, tag } = first.error;
        assert.deepEqual(
          [code, mayHaveBeenCharged, id, tag],
          ["not_delivered", true, "own", "album"],
        );
        assert.match(message, /the disk is full/);
        assert.equal(first.cause, "RangeError: the disk is full");
        const before = await requests();
        await reload();
        const { listed, again, delivered, left } = await run(async (provider) => {
          const app = await import("/app.js");
          const { pending } = await app.wanvas();
          const listed = await pending(app.at(provider));
          const refuse = () => Promise.reject(new RangeError("still full"));
          const again = await app.resumed(app.at(provider, { deliver: refuse }));
          const delivered = [];
          const deliver = ({ images }, { id, tag }) => delivered.push({ images, id, tag });
          again.push(...(await app.resumed(app.at(provider, { deliver }))));
          return { listed, again, delivered, left: await pending(app.at(provider)) };
        }, provider);
        assert.deepEqual(listed[0].generation.images, first.images);
        assert.equal(again[0].error.code, "not_delivered");
        assert.deepEqual(again[1].generation.images, first.images);
        assert.deepEqual(delivered, [{ images: first.images, id: "own", tag: "album" }]);
        assert.deepEqual(left, []);
        assert.equal(await requests(), before);
      });

      test(`a throw or a break in the body of resume() keeps its pictures: ${provider}`, async () => {
        const seen = await run(async (provider) => {
          const app = await import("/app.js");
          const { generate, pending, resume } = await app.wanvas();
          const images = [];
          const deliver = (generation) => {
            images.push(generation.images);
            throw "no";
          };
          await app.outcomeOf(generate(app.A_FOX, app.at(provider, { deliver })));
          const { sent, send } = app.counting();
          const options = app.at(provider, { fetch: send });
          for await (const { generation } of resume(options)) {
            images.push(generation.images);
            break;
          }
          const counts = [(await pending(options)).length];
          try {
            for await (const { generation } of resume(options)) {
              images.push(generation.images);
              throw new RangeError("the disk is full");
            }
          } catch (error) {
            counts.push(error.message, (await pending(options)).length);
          }
          for await (const { generation } of resume(options)) images.push(generation.images);
          await app.sleep(100);
          counts.push((await pending(options)).length);
          return { images, counts, sent };
        }, provider);
        assert.deepEqual(seen.counts, [1, "the disk is full", 1, 0]);
        assert.deepEqual(seen.images, Array(4).fill(seen.images[0]));
        assert.deepEqual(seen.sent, { POST: 0, GET: 0 });
        assert.equal(await submits(), 1);
      });

      test(`an abort keeps what the submit under way brings: ${provider}`, async () => {
        await page.gateway.script([{ on: "submit", fault: "delay", ms: 2000 }]);
        const { entry, error } = await run(async (provider) => {
          const app = await import("/app.js");
          const { generate, pending } = await app.wanvas();
          const controller = new AbortController();
          const options = app.at(provider, { signal: controller.signal, tag: "album" });
          const aborted = app.outcomeOf(generate(app.A_FOX, options));
          await app.arrivedSubmit(provider);
          controller.abort("enough");
          const { error } = await aborted;
          for (;;) {
            const [entry] = await pending(app.at(provider));
            if (entry.generation || entry.job) return { entry, error };
            await app.sleep(20);
          }
        }, provider);
        assert.equal(error, "enough");
        assert.equal(entry.tag, "album");
        const before = await requests();
        await reload();
        const outcomes = await run(async (provider) => {
          const app = await import("/app.js");
          return app.resumed(app.at(provider));
        }, provider);
        assert.equal(outcomes[0].generation.status, "succeeded");
        assert.equal(outcomes[0].generation.tag, "album");
        assert.equal(await submits(), 1);
        if (provider === "aimlapi") assert.equal(await requests(), before);
      });
    }

    test("what deliver could not take and no journal has is given, with a warning", async () => {
      const seen = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const deliver = () => Promise.reject(new RangeError("the disk is full"));
        const full = app.memoryStore(new Error("the quota is used up"));
        const given = [];
        for (const journal of [false, full]) {
          given.push(await generate(app.A_FOX, app.at("aimlapi", { deliver, journal })));
        }
        return given;
      });
      for (const { status, warnings } of seen) {
        assert.equal(status, "succeeded");
        assert.match(warnings.at(-1), /deliver failed.*: the disk is full/);
      }
      assert.deepEqual(
        seen.map(({ warnings }) => warnings.length),
        [1, 2],
      );
    });

    test("kept pictures whose links are over are asked for anew", async () => {
      const { images, given, sent } = await run(async () => {
        const app = await import("/app.js");
        const { generate } = await app.wanvas();
        const journal = app.memoryStore();
        const deliver = () => Promise.reject("no");
        await app.outcomeOf(generate(app.A_FOX, app.at("vtrix", { deliver, journal })));
        const [entry] = journal.entries.values();
        const images = structuredClone(entry.generation.images);
        entry.generation.images[0].expiresAt = Date.now() - 1;
        entry.generation.images[0].url += "?over";
        const { sent, send } = app.counting();
        const [{ generation }] = await app.resumed(app.at("vtrix", { journal, fetch: send }));
        return { images, given: generation.images, sent };
      });
      assert.deepEqual(given, images);
      assert.deepEqual(sent, { POST: 0, GET: 1 });
    });

    test("poll() hands over as well, and knows the words of the call", async () => {
      const { delivered, left } = await run(async () => {
        const app = await import("/app.js");
        const { pending, poll } = await app.wanvas();
        const job = await app.submitted("vtrix", { id: "own", tag: "album" });
        const delivered = [];
        const refuse = () => Promise.reject(new RangeError("full"));
        const { error } = await app.outcomeOf(poll(job, app.at("vtrix", { deliver: refuse })));
        delivered.push(error.code, (await pending(app.at("vtrix"))).length);
        const deliver = ({ id, tag }, entry) => delivered.push({ id, tag }, entry.job);
        await poll(job, app.at("vtrix", { deliver }));
        return { delivered: [...delivered, job], left: await pending(app.at("vtrix")) };
      });
      const [code, count, label, entryJob, job] = delivered;
      assert.deepEqual([code, count], ["not_delivered", 1]);
      assert.deepEqual(label, { id: "own", tag: "album" });
      assert.deepEqual(entryJob, job);
      assert.deepEqual(left, []);
    });
  });
}
