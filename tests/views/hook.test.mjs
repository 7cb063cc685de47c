/** The React hook in each engine. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inProject } from "../../scripts/lib/paths.mjs";
import { SITE } from "../support/gateway.mjs";
import { bundle, CHOSEN, example, usePage, written } from "./setup.mjs";

const HOOK = join(SITE, "hook.js");

/** Shows the example of the README beside nothing else. */
const SHOW_EXAMPLE = `
  import { createRoot } from "react-dom/client";
  import { createElement } from "react";
  import { Herons } from "./herons.jsx";
  createRoot(document.getElementById("root")).render(createElement(Herons));`;

/** Who generates at once. */
const BY_EFFECT = { "by an effect": "generate", "by an effect within": "within" };

for (const engine of CHOSEN) {
  // The older React differs from the newer one in no engine's own way.
  for (const react of engine === "chromium" ? [19, 18] : [19]) {
    describe(`${engine}, React ${react}`, () => {
      const page = usePage(engine, async (directory) => {
        const outfile = (name) => join(directory, name);
        written(directory, "herons.jsx", example("jsx"));
        const shown = written(directory, "show.jsx", SHOW_EXAMPLE);
        const nodePaths = [inProject("node_modules")];
        await bundle(react, { entryPoints: [HOOK], outfile: outfile("hook.js") });
        await bundle(react, { entryPoints: [shown], outfile: outfile("herons.js"), nodePaths });
      });
      const run = (work, ...args) => page.browser.run(work, args);
      const submits = async () => (await page.gateway.arrived("submit")).length;

      test("a generation is shown from its first news to its picture", async () => {
        const { seen, sizes, end, version } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          const seen = view.watch();
          view.mount({ request: { ...app.A_FOX, size: "16:9" }, options: app.at("vtrix") });
          await view.press("generate");
          await app.until(() => view.all("img").length > 0);
          const sizes = await app.sizesOf(view.all("img"));
          return { seen, sizes, end: view.shown(), version: view.version };
        });
        assert.equal(Number.parseInt(version, 10), react);
        assert.equal(seen[0], "idle");
        assert.ok(seen.includes("running submitting"), seen.join());
        assert.ok(seen.includes("running running"), seen.join());
        assert.match(seen.at(-1), /^succeeded/);
        assert.deepEqual(sizes, [[1696, 960]]);
        assert.deepEqual(end, { status: "succeeded", alert: "", pictures: 1, resumed: [] });
        assert.equal(await submits(), 1);
      });

      test("an error is shown, and the next generation begins without it", async () => {
        await page.gateway.script([{ on: "submit", fault: "refused_content" }]);
        const [failed, again] = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          view.mount({ request: app.A_FOX, options: app.at("vtrix") });
          await view.press("generate");
          await app.until(() => view.shown().status === "failed");
          const failed = view.shown();
          await view.press("generate");
          await app.until(() => view.shown().status === "succeeded");
          return [failed, view.shown()];
        });
        assert.match(failed.alert, /^content_rejected: ./);
        assert.equal(failed.pictures, 0);
        assert.deepEqual([again.alert, again.pictures], ["", 1]);
      });

      test("a double click is paid once", async () => {
        const { first, second, shown } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          view.mount({ request: app.A_FOX, options: app.at("vtrix") });
          await app.until(() => view.hook);
          const calls = [view.hook.generate(app.A_FOX), view.hook.generate(app.A_FOX)];
          const [first, second] = await Promise.all(calls);
          await app.until(() => view.all("img").length > 0);
          return { first: first.images.length, second, shown: view.shown().status };
        });
        assert.deepEqual([first, second, shown], [1, null, "succeeded"]);
        assert.equal(await submits(), 1);
      });

      test("cancel ends the waiting, and resume() brings what was submitted", async () => {
        const { cancelled, left, end } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          view.mount({ request: { ...app.A_FOX, count: 3 }, options: app.at("vtrix") });
          await view.press("generate");
          await app.until(() => view.hook.state.progress?.job);
          await view.press("cancel");
          await app.until(() => view.shown().status !== "running");
          const cancelled = view.shown();
          await view.press("resume");
          await app.until(() => view.all("li").length > 0);
          return { cancelled, left: await app.pendingJobs(), end: view.shown() };
        });
        assert.deepEqual(cancelled, { status: "cancelled", alert: "", pictures: 0, resumed: [] });
        assert.deepEqual(end, { status: "cancelled", alert: "", pictures: 0, resumed: ["3"] });
        assert.deepEqual(left, []);
        assert.equal(await submits(), 1);
      });

      test("after a cancel the next generation starts at once", async () => {
        const { results, status } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          view.mount({ request: app.A_FOX, options: app.at("vtrix") });
          await view.press("generate");
          const { generate, cancel } = view.hook;
          cancel();
          const next = generate({ ...app.A_FOX, count: 2 });
          const results = (await next).images.length;
          await app.until(() => view.all("img").length === 2);
          return { results, status: view.shown().status };
        });
        assert.deepEqual([results, status], [2, "succeeded"]);
        assert.equal(await submits(), 1, "the first was cancelled before it was sent");
      });

      test("an unmounted component leaves its job in the journal, and another has it", async () => {
        const { kept, checks, end, complaints } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          const complaints = [];
          console.error = (...words) => complaints.push(words.join(" "));
          let sent = 0;
          const send = (...request) => {
            sent += 1;
            return fetch(...request);
          };
          const options = app.at("vtrix", { fetch: send });
          const first = view.mount({ request: app.A_FOX, options });
          await view.press("generate");
          await app.until(() => view.hook.state.progress?.job);
          first.unmount();
          const before = sent;
          await app.sleep(300);
          const checks = sent - before;
          const kept = (await app.pendingJobs()).length;
          view.mount({ request: app.A_FOX, options: app.at("vtrix"), atOnce: "resume" });
          await app.until(() => view.all("li").length > 0);
          return { kept, checks, end: view.shown(), complaints };
        });
        assert.deepEqual(complaints, []);
        assert.equal(checks, 0, "nobody checks the job meanwhile");
        assert.equal(kept, 1);
        assert.deepEqual(end, { status: "idle", alert: "", pictures: 0, resumed: ["1"] });
        assert.equal(await submits(), 1);
      });

      test("what was kept of a component that is gone does nothing", async () => {
        const { results, sent, left } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          const { generate } = await import("/pkg/wanvas.js");
          await generate(app.A_FOX, app.at("vtrix", { wait: false }));
          let sent = 0;
          const send = (...request) => {
            sent += 1;
            return fetch(...request);
          };
          const options = app.at("vtrix", { fetch: send });
          const shown = view.mount({ request: app.A_FOX, options });
          await app.until(() => view.hook);
          const kept = view.hook;
          shown.unmount();
          const results = [await kept.generate(app.A_FOX), (await kept.resume()) ?? "nothing"];
          return { results, sent, left: (await app.pendingJobs()).length };
        });
        assert.deepEqual([results, sent, left], [[null, "nothing"], 0, 1]);
        assert.equal(await submits(), 1, "the one of before");
      });

      test("resume() shows an error of an earlier job", async () => {
        await page.gateway.script([{ on: "submit", fault: "failed", code: "X", message: "no" }]);
        const { resumed } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          const { generate } = await import("/pkg/wanvas.js");
          await generate(app.A_FOX, app.at("vtrix", { wait: false }));
          view.mount({ request: app.A_FOX, options: app.at("vtrix") });
          await app.until(() => view.hook);
          await Promise.all([view.hook.resume(), view.hook.resume()]);
          await app.until(() => view.all("li").length > 0);
          return view.shown();
        });
        assert.deepEqual(resumed, ["generation_failed"], "once, however often it was asked for");
      });

      test("a generation that runs is not shown as resumed too", async () => {
        const end = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          view.mount({ request: app.A_FOX, options: app.at("vtrix") });
          await view.press("generate");
          await app.until(() => view.hook.state.progress?.job);
          await view.hook.resume();
          await app.until(() => view.shown().status !== "running");
          return view.shown();
        });
        assert.deepEqual(end, { status: "succeeded", alert: "", pictures: 1, resumed: [] });
      });

      test("resume() with an option that breaks a rule rejects", async () => {
        const code = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          view.mount({ request: app.A_FOX, options: app.at("vtrix", { timeoutMs: -1 }) });
          await app.until(() => view.hook);
          return view.hook.resume().catch(({ field }) => field);
        });
        assert.equal(code, "timeoutMs");
      });

      for (const how of ["by a click", "by an effect", "by an effect within"]) {
        test(`in StrictMode, a generation that is started ${how} is submitted once`, async () => {
          const { effects, pictures } = await run(async (atOnce) => {
            const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
            const { preload } = await import("/pkg/wanvas.js");
            // So that nothing stands between the call and its submit.
            await preload();
            const request = app.A_FOX;
            view.mount({ request, options: app.at("vtrix"), atOnce }, { isStrict: true });
            if (!atOnce) await view.press("generate");
            await app.until(() => view.all("img").length > 0);
            return { effects: view.counts.functions, pictures: view.shown().pictures };
          }, BY_EFFECT[how]);
          assert.equal(effects, 2, "React ran the effect twice");
          assert.equal(pictures, 1);
          assert.equal(await submits(), 1);
        });
      }

      test("in StrictMode, what is resumed is shown once", async () => {
        const { resumed } = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          const { generate } = await import("/pkg/wanvas.js");
          await generate(app.A_FOX, app.at("vtrix", { wait: false }));
          const props = { request: app.A_FOX, options: app.at("vtrix"), atOnce: "resume" };
          view.mount(props, { isStrict: true });
          await app.until(() => view.all("li").length > 0);
          await view.hook.resume();
          return view.shown();
        });
        assert.deepEqual(resumed, ["1"]);
      });

      test("functions stay the same, and the state until something changes", async () => {
        const seen = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          const { counts } = view;
          const request = app.A_FOX;
          const shown = view.mount({ request, options: app.at("vtrix") });
          await app.until(() => view.hook);
          const { state } = view.hook;
          for (let round = 0; round < 5; round += 1) {
            const before = counts.renders;
            // Another object of options each time, as an inline one is.
            shown.again({ request, options: app.at("vtrix") });
            await app.until(() => counts.renders > before);
          }
          await app.sleep(100);
          const idle = { ...counts, isSame: view.hook.state === state };
          await view.press("generate");
          await app.until(() => view.shown().status === "succeeded");
          const { renders } = counts;
          await app.sleep(200);
          return { idle, functions: counts.functions, more: counts.renders - renders };
        });
        assert.deepEqual(seen.idle, { renders: 6, functions: 1, states: 1, isSame: true });
        assert.deepEqual([seen.functions, seen.more], [1, 0]);
      });

      test("a call takes the options of the latest rendering", async () => {
        const provider = await run(async () => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          const request = app.A_FOX;
          const shown = view.mount({ request, options: app.at("vtrix") });
          await app.until(() => view.hook);
          const { generate } = view.hook;
          const before = view.counts.renders;
          shown.again({ request, options: app.at("aimlapi") });
          await app.until(() => view.counts.renders > before);
          await app.sleep(50);
          return (await generate(request)).job;
        });
        assert.equal(provider, null, "AIML API has no jobs");
        assert.equal((await page.gateway.totals()).aimlapi.submits, 1);
      });

      test("a server renders it idle, and the page takes that over", async () => {
        const server = join(page.directory, "server.mjs");
        const contents = `
          import { createElement } from "react";
          import { renderToString } from "react-dom/server";
          import { Studio } from "${HOOK}";
          export const html = renderToString(
            createElement(Studio, { request: {}, options: { provider: "vtrix" } }));`;
        const js =
          'import { createRequire } from "node:module"; const require = createRequire("/");';
        await bundle(react, {
          stdin: { contents, resolveDir: inProject("tests", "views") },
          outfile: server,
          platform: "node",
          banner: { js },
          plugins: [
            {
              name: "package-here",
              setup(bundler) {
                const path = pathToFileURL(inProject("pkg", "wanvas.js")).href;
                bundler.onResolve({ filter: /\/wanvas\.js$/ }, () => ({ path, external: true }));
              },
            },
          ],
        });
        const { html } = await import(pathToFileURL(server).href);
        assert.match(html, /<output>idle<\/output>/);
        const { complaints, same, end } = await run(async (html) => {
          const [app, view] = await Promise.all([import("/app.js"), import("/hook.js")]);
          document.getElementById("root").innerHTML = html;
          const rendered = view.find("output");
          const props = { request: app.A_FOX, options: app.at("vtrix") };
          const { complaints } = view.mount(props, { hydrates: true });
          await app.until(() => view.counts.states > 0);
          await view.press("generate");
          await app.until(() => view.all("img").length > 0);
          return { complaints, same: view.find("output") === rendered, end: view.shown() };
        }, html);
        assert.deepEqual([complaints, same], [[], true]);
        assert.equal(end.status, "succeeded");
      });

      test("the README's example generates, and shows what an earlier page left", async () => {
        const pictures = await run(async () => {
          const app = await import("/app.js");
          const { generate } = await import("/pkg/wanvas.js");
          await generate({ prompt: "a heron", count: 2 }, app.at("vtrix", { wait: false }));
          await import("/herons.js");
          await app.until(() => document.querySelector("button"));
          document.querySelector("button").click();
          await app.until(() => document.images.length === 3);
          return app.sizesOf(document.images);
        });
        assert.equal(pictures.length, 3);
        assert.equal(await submits(), 2);
      });
    });
  }
}
