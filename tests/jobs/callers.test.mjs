/** What a caller's functions, texts and headers do to a call. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHOSEN, usePage } from "./setup.mjs";

for (const engine of CHOSEN) {
  describe(engine, () => {
    const page = usePage(engine);
    const run = (work, ...args) => page.browser.run(work, args);

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
