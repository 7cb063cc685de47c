/**
 * Counts how many submits one call of other clients sends, by a `fetch` that fails:
 * `node tests/faults/count-rivals.mjs`. What it prints is written in `rivals.mjs`.
 */

import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { inProject } from "../../scripts/lib/paths.mjs";
import { run } from "../../scripts/lib/run.mjs";

const INSTALLED = inProject("target", "counted");
const RELEASES = [
  "@fal-ai/client@1.10.1",
  "replicate@1.4.0",
  "openai@7.57.0",
  "ai@7.0.173",
  "@ai-sdk/fal@3.0.41",
  "@huggingface/inference@4.13.30",
];
/** After so long, or so many, a client goes on without end. */
const PATIENCE_MS = 90_000;
const MANY = 20;

mkdirSync(INSTALLED, { recursive: true });
if (!existsSync(join(INSTALLED, "node_modules", "openai"))) {
  await run("npm", ["install", "--no-save", "--prefix", INSTALLED, ...RELEASES]);
}
const { resolve } = createRequire(join(INSTALLED, "index.js"));
const installed = (name) => import(pathToFileURL(resolve(name)));

const prompt = "a heron";

const CLIENTS = {
  async fal(fetch) {
    const { createFalClient } = await installed("@fal-ai/client");
    return createFalClient({ fetch, credentials: "k" }).subscribe("o/m", { input: { prompt } });
  },
  async replicate(fetch) {
    const { default: Replicate } = await installed("replicate");
    return new Replicate({ fetch, auth: "k" }).run("o/m", { input: { prompt } });
  },
  async openai(fetch) {
    const { default: OpenAI } = await installed("openai");
    return new OpenAI({ fetch, apiKey: "k" }).images.generate({ prompt, model: "m" });
  },
  async ai(fetch) {
    const { generateImage } = await installed("ai");
    const { createFal } = await installed("@ai-sdk/fal");
    return generateImage({ model: createFal({ fetch, apiKey: "k" }).image("o/m"), prompt });
  },
  async huggingface(fetch) {
    const { textToImage } = await installed("@huggingface/inference");
    const endpointUrl = "https://endpoint.example";
    return textToImage({ accessToken: "k", inputs: prompt, endpointUrl }, { fetch });
  },
};

const answer = (status, headers) => () =>
  new Response(JSON.stringify({ error: { message: "not now" } }), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

const FAILURES = {
  "network error": () => {
    throw new TypeError("Failed to fetch");
  },
  502: answer(502),
  503: answer(503),
  504: answer(504),
  500: answer(500),
  "429, Retry-After: 2": answer(429, { "retry-after": "2" }),
};

// A part of them: `node tests/faults/count-rivals.mjs huggingface`.
const chosen = process.argv.slice(2);
for (const [failure, fail] of Object.entries(FAILURES)) {
  for (const [name, call] of Object.entries(CLIENTS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const sent = [];
    const fetch = async (_, init) => {
      if (init?.method === "POST") sent.push(performance.now());
      // Without end is long enough to be seen.
      if (sent.length > MANY) await new Promise(() => {});
      return fail();
    };
    const ended = call(fetch).then(
      () => "succeeded",
      (error) => `${error.name}: ${String(error.message).split("\n")[0]}`,
    );
    const outcome = await Promise.race([ended, sleep(PATIENCE_MS, "goes on")]);
    const gaps = sent.slice(1).map((at, index) => `${((at - sent[index]) / 1_000).toFixed(1)} s`);
    console.log(`${failure}  ${name}: ${sent.length} submits, ${gaps.join(" ")}  (${outcome})`);
  }
}
process.exit();
