/**
 * The sandbox of the demo page in each engine: the folder `www/`, as any web server has it, makes
 * pictures by itself.
 */

import assert from "node:assert/strict";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { inProject } from "../../scripts/lib/paths.mjs";
import { chosenEngines, startBrowser } from "../support/browser.mjs";
import { SITE } from "../support/gateway.mjs";
import { serve } from "../support/site.mjs";

const CHOSEN = chosenEngines();

const FOLDER = "/some/folder";
const WASM = "built/sandbox/sandbox_bg.wasm";
/** All that a page asks for which makes a picture in the sandbox. */
const NEEDED = [
  "built/idb-keyval.js",
  "built/sandbox/sandbox.js",
  WASM,
  "built/wanvas.js",
  "sandbox/sandbox.js",
  "sandbox/worker.js",
];

/** The tests run scripts of the page's own; the rest is what the page allows itself. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src data:",
].join("; ");

/** Servers that know WebAssembly, and servers that do not. */
const SERVERS = { "application/wasm": { ".wasm": "application/wasm" }, "text/plain": {} };

for (const engine of CHOSEN) {
  describe(engine, () => {
    const here = useSites(engine);
    const run = (work, ...args) => here.browser.run(work, args);

    for (const type of Object.keys(SERVERS)) {
      test(`makes pictures at both gateways from files alone, wasm as ${type}`, async (context) => {
        const site = await here.open(type);
        for (const [provider, size] of [
          ["aimlapi", "1440x1440"],
          ["vtrix", "1104x1472"],
        ]) {
          const { sizes, ms } = await run(
            async (provider, size) => {
              const app = await import("/sandbox.js");
              const begun = performance.now();
              const { generate } = await app.wanvas();
              const { images } = await generate({ ...app.A_FOX, size }, await app.at(provider));
              const sizes = await Promise.all((await app.files(images)).map(app.sizeOf));
              return { sizes, ms: Math.round(performance.now() - begun) };
            },
            provider,
            size,
          );
          context.diagnostic(`${engine}, ${provider}, ${size}: ${ms} ms to the picture`);
          assert.deepEqual(sizes, [size]);
        }
        assert.deepEqual([...new Set(site.asked)].sort(), [
          "/",
          "/sandbox.js",
          ...NEEDED.map((file) => `${FOLDER}/${file}`),
        ]);
      });
    }

    test("nothing is loaded before the first request, and nothing is asked elsewhere", async () => {
      const site = await here.open();
      const refusal = await run(async () => {
        const app = await import("/sandbox.js");
        const { sandboxFetch } = await app.sandbox();
        return app.refusal(sandboxFetch("/else"));
      });
      assert.equal(refusal.name, "TypeError");
      assert.deepEqual(site.asked, ["/", "/sandbox.js", `${FOLDER}/sandbox/sandbox.js`]);
    });

    test("makes four pictures, and the same ones again of the same seed", async () => {
      await here.open();
      const [one, other] = await run(async () => {
        const app = await import("/sandbox.js");
        const { generate } = await app.wanvas();
        const make = async (provider) => {
          const request = { ...app.A_FOX, count: 4 };
          const { images } = await generate(request, await app.at(provider));
          return Promise.all((await app.files(images)).map(app.fingerprint));
        };
        return [await make("aimlapi"), await make("vtrix")];
      });
      assert.equal(new Set(one).size, 4);
      assert.deepEqual(one, other);
    });

    test("a call that is aborted rejects with the signal's reason", async () => {
      await here.open();
      const refusals = await run(async () => {
        const app = await import("/sandbox.js");
        const { generate } = await app.wanvas();
        await app.script(["submit", "image"].map((on) => ({ on, fault: "hang" })));
        const stop = new AbortController();
        const call = generate(app.A_FOX, await app.at("aimlapi", { signal: stop.signal }));
        const { SANDBOX_URL, sandboxFetch } = await app.sandbox();
        const direct = sandboxFetch(`${SANDBOX_URL}/images/none.png`, { signal: stop.signal });
        const refusals = [call, direct].map(app.refusal);
        await app.arrived(2);
        stop.abort("changed my mind");
        return Promise.all(refusals);
      });
      const reasons = refusals.map(({ error }) => error);
      assert.deepEqual(reasons, ["changed my mind", "changed my mind"]);
    });

    test("a cut and a slow answer are those of a network", async () => {
      await here.open();
      const { cut, slow } = await run(async () => {
        const app = await import("/sandbox.js");
        const { SANDBOX_URL, sandboxFetch } = await app.sandbox();
        const { generate } = await app.wanvas();
        await app.script([
          { on: "submit", fault: "cut", when: "before" },
          { on: "submit", fault: "cut", when: "body" },
          { on: "image", fault: "slow", ms: 30 },
        ]);
        const cut = [];
        for (const provider of ["aimlapi", "vtrix"]) {
          cut.push(await app.refusal(generate(app.A_FOX, await app.at(provider))));
        }
        const slow = await sandboxFetch(`${SANDBOX_URL}/images/none.png`);
        return { cut, slow: { status: slow.status, text: await slow.text() } };
      });
      const codes = cut.map(({ code }) => code);
      assert.deepEqual(codes, ["submit_outcome_unknown", "submit_outcome_unknown"]);
      assert.equal(slow.status, 403);
      assert.match(slow.text, /^<Error>.*<\/Error>$/);
    });

    test("a job outlives its page, and other tabs know it", async () => {
      await here.open();
      const job = await run(async () => {
        const app = await import("/sandbox.js");
        const { generate } = await app.wanvas();
        const { job } = await generate(app.A_FOX, await app.at("vtrix", { wait: false }));
        return job;
      });
      await here.browser.tab.reload();
      const resumed = await run(async () => {
        const app = await import("/sandbox.js");
        const { resume } = await app.wanvas();
        const sizes = [];
        for await (const { generation } of resume(await app.at("vtrix"))) {
          sizes.push(await app.sizeOf((await app.files(generation.images))[0]));
        }
        return sizes;
      });
      assert.deepEqual(resumed, ["768x768"]);
      const other = await here.browser.newTab();
      await other.open(here.url);
      const polled = await other.run(
        async (job) => {
          const app = await import("/sandbox.js");
          const { poll } = await app.wanvas();
          return (await poll(job, await app.at("vtrix"))).images.length;
        },
        [job],
      );
      await other.close();
      assert.equal(polled, 1);
    });

    test("a file that is missing is told of, and found when it is there again", async () => {
      for (const file of [WASM, "built/sandbox/sandbox.js", "sandbox/worker.js"]) {
        await here.open();
        const path = join(here.directory, FOLDER, file);
        await rename(path, `${path}.away`);
        const ask = async () => {
          const app = await import("/sandbox.js");
          const { SANDBOX_URL, sandboxFetch } = await app.sandbox();
          const answer = sandboxFetch(`${SANDBOX_URL}/images/none.png`);
          return answer.then(({ status }) => status, String);
        };
        assert.match(await run(ask), /^TypeError: The sandbox failed: ./, file);
        await rename(`${path}.away`, path);
        assert.equal(await run(ask), 403, file);
      }
    });
  });
}

/**
 * A browser, and the folder on servers of both kinds. `open` loads an empty page beside it, of an
 * origin that has stored nothing.
 */
function useSites(engine) {
  const here = {};
  const sites = {};
  before(async () => {
    here.directory = await mkdtemp(join(tmpdir(), "wanvas-site-"));
    await cp(inProject("www"), join(here.directory, FOLDER), { recursive: true });
    for (const file of ["index.html", "sandbox.js"]) {
      await cp(join(SITE, file), join(here.directory, file));
    }
    const headers = { "Content-Security-Policy": POLICY, "Cache-Control": "no-store" };
    for (const [name, types] of Object.entries(SERVERS)) {
      sites[name] = await serve(here.directory, headers, types);
    }
    here.browser = await startBrowser(engine);
  });
  here.open = async (type = "text/plain") => {
    const site = sites[type];
    here.url = `${site.origin}/`;
    await here.browser.open(here.url);
    await here.browser.run(CLEAR);
    site.asked.length = 0;
    await here.browser.open(here.url);
    return site;
  };
  after(async () => {
    await here.browser?.quit();
    await Promise.all(Object.values(sites).map((site) => site.stop()));
    await rm(here.directory, { recursive: true, force: true });
  });
  return here;
}

const CLEAR = async () => {
  for (const name of ["wanvas", "wanvas-sandbox"]) {
    await new Promise((resolve) => {
      Object.assign(indexedDB.deleteDatabase(name), { onsuccess: resolve });
    });
  }
};
