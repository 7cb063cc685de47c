/** What each client does in the page: makes a picture, and resolves with its address. */

import { fal } from "@fal-ai/client";
import Replicate from "replicate";
import { generate, preload } from "wanvas";

await preload();

const { origin } = location;
const prompt = "a heron";

fal.config({ proxyUrl: `${origin}/fal` });
const replicate = new Replicate({
  auth: "a-key",
  baseUrl: `${origin}/replicate`,
  useFileOutput: false,
});

const wanvas = (options) => async () => {
  const at = { provider: "vtrix", baseUrl: origin, apiKey: "a-key", concurrency: 1000, ...options };
  return (await generate({ prompt }, at)).images[0].url;
};

/** A loop as one writes it. */
const loop = (ms) => async () => {
  const url = `${origin}/model/v1/generation`;
  const init = { headers: { Authorization: "Bearer a-key", "Content-Type": "application/json" } };
  const body = JSON.stringify({ model: "m", input: { prompt } });
  let task = await (await fetch(url, { ...init, method: "POST", body })).json();
  while (task.status !== "completed") {
    await new Promise((resolve) => setTimeout(resolve, ms));
    task = await (await fetch(`${url}/task/${task.id}`, init)).json();
  }
  return task.output[0].content[0].url;
};

const CLIENTS = {
  stream: wanvas({}),
  checks: wanvas({ stream: "never" }),
  fal: async () => (await fal.subscribe("o/m", { input: { prompt } })).data.images[0].url,
  replicate: async () =>
    (await replicate.run("o/m", { input: { prompt }, wait: { mode: "poll" } }))[0],
  "loop-500": loop(500),
  "loop-1000": loop(1_000),
  "loop-3000": loop(3_000),
};

/** Long tasks since the last call of {@link run}. */
let tasks = [];
new PerformanceObserver((list) => {
  tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })));
}).observe({ type: "longtask" });

/**
 * Makes so many pictures at once; resolves with the ids of the jobs and when each was told of, in
 * Unix milliseconds, how long it took to begin, and the longest task after that, in milliseconds.
 */
export async function run(client, count) {
  tasks = [];
  const begun = performance.now();
  const calls = Array.from({ length: count }, async () => {
    const url = await CLIENTS[client]();
    return { id: url.match(/job-\d+/)[0], toldAt: Date.now() };
  });
  const startMs = performance.now() - begun;
  // The observer is told a little later.
  const started = begun + startMs;
  const told = await Promise.all(calls);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const longest = (list) => Math.max(0, ...list.map(({ duration }) => duration));
  return {
    told,
    startTaskMs: longest(tasks.filter(({ startTime }) => startTime < started)),
    longestTaskMs: longest(tasks.filter(({ startTime }) => startTime >= started)),
  };
}

globalThis.run = run;
