/** What wasm-pack makes of the crate, as it comes and with nothing else, on a page of each browser. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CRATE, inProject, nodeBin } from "../../scripts/lib/paths.mjs";
import { chosenEngines, startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";

const FLAGS = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];

const [, EXAMPLE] = readFileSync(inProject("README.md"), "utf8").match(
  /```js\n(import init,.*?)```/s,
);

test("its types are whole", () => {
  const types = [inProject("tests", "crate", "types.ts"), join(CRATE, "wanvas.d.ts")];
  const { status, stdout } = spawnSync(nodeBin("tsc"), [
    "--noEmit",
    "--ignoreConfig",
    ...FLAGS,
    ...types,
  ]);
  assert.equal(status, 0, String(stdout));
});

for (const engine of chosenEngines()) {
  describe(engine, () => {
    let gateway;
    let browser;
    before(async () => {
      gateway = await Gateway.start("50..150", { pkg: CRATE });
      browser = await startBrowser(engine);
      await browser.open(`${gateway.origin}/`);
    });
    after(async () => {
      await browser?.quit();
      await gateway?.stop();
    });

    test("the README's example shows a picture", async () => {
      const [width, height] = await browser.run(
        async (example) => {
          const type = "module";
          document.body.append(
            Object.assign(document.createElement("script"), { type, textContent: example }),
          );
          while (!document.querySelector("img")) await new Promise((go) => setTimeout(go, 20));
          const picture = document.querySelector("img");
          await picture.decode();
          return [picture.naturalWidth, picture.naturalHeight];
        },
        [EXAMPLE],
      );
      assert.deepEqual([width, height], [1280, 1280]);
    });

    for (const provider of ["aimlapi", "vtrix"]) {
      test(`generate() and poll() make pictures at ${provider}`, async () => {
        await gateway.reset();
        const seen = await browser.run(
          async (provider) => {
            const { default: init, generate, poll } = await import("/pkg/wanvas.js");
            await init();
            const options = { provider, apiKey: "any", baseUrl: location.origin };
            const begun = await generate({ prompt: "a heron" }, { ...options, wait: false });
            const { status, images, raw } = begun.job ? await poll(begun.job, options) : begun;
            return { status, pictures: images.length, raw: typeof raw };
          },
          [provider],
        );
        assert.deepEqual(seen, { status: "succeeded", pictures: 1, raw: "object" });
        assert.equal((await gateway.arrived("submit")).length, 1);
      });
    }

    test("a failure is a WanvasError, which is exported too", async () => {
      const seen = await browser.run(async () => {
        const { default: init, generate, WanvasError } = await import("/pkg/wanvas.js");
        await init();
        const options = { provider: "vtrix", apiKey: "any", baseUrl: location.origin };
        const request = { prompt: "a heron", size: "100x100" };
        const error = await generate(request, options).catch((thrown) => thrown);
        return [error instanceof WanvasError, error.code, error.field, error.suggestion];
      });
      const suggestion = { width: 768, height: 768 };
      assert.deepEqual(seen, [true, "invalid_request", "size", suggestion]);
    });

    test("numbers and values that JSON has no word for are refused", async () => {
      const fields = await browser.run(async () => {
        const { default: init, check } = await import("/pkg/wanvas.js");
        await init();
        const options = { provider: "vtrix", apiKey: "any" };
        const wrong = [
          { prompt: "a heron", count: Number.NaN },
          { prompt: "a heron", count: Number.POSITIVE_INFINITY },
          { prompt: "a heron", seed: 7n },
          { prompt: "a heron", size: { width: Number.NaN, height: 1280 } },
          { prompt: "a heron", watermark: () => true },
          { prompt: Symbol("a heron") },
        ];
        const refused = wrong.map((request) =>
          check(request, options).then(
            () => "taken",
            ({ field }) => field,
          ),
        );
        return Promise.all(refused);
      });
      assert.deepEqual(fields, ["count", "count", "seed", "size", "watermark", "prompt"]);
    });

    test("what a reload leaves is resumed", async () => {
      await gateway.reset();
      await browser.run(async () => {
        const { default: init, generate } = await import("/pkg/wanvas.js");
        await init();
        const options = { provider: "vtrix", apiKey: "any", baseUrl: location.origin };
        await generate({ prompt: "a heron" }, { ...options, wait: false });
      });
      await browser.open(`${gateway.origin}/`);
      const seen = await browser.run(async () => {
        const { default: init, pending, resume } = await import("/pkg/wanvas.js");
        await init();
        const options = { provider: "vtrix", apiKey: "any", baseUrl: location.origin };
        const before = await pending(options);
        const resumed = [];
        for await (const { generation } of resume(options)) resumed.push(generation.status);
        return { before: before.length, resumed, after: (await pending(options)).length };
      });
      assert.deepEqual(seen, { before: 1, resumed: ["succeeded"], after: 0 });
      assert.equal((await gateway.arrived("submit")).length, 1);
    });
  });
}
