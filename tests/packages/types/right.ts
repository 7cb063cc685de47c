/** Uses of the whole API that must compile. */

import {
  check,
  type ErrorCode,
  forget,
  type GeneratedImage,
  type GenerateRequest,
  type Generation,
  generate,
  type Job,
  type JournalStore,
  nearestSize,
  type Options,
  type PendingJob,
  type Progress,
  type Provider,
  pending,
  poll,
  preload,
  type Resumed,
  resume,
  type Size,
  type SizeName,
  type SizePreset,
  sizes,
  WanvasError,
} from "wanvas";

const provider: Provider = "vtrix";
const kept = new Map<string, PendingJob>();
const journal: JournalStore = {
  put: (entry) => kept.set(entry.id, entry),
  delete: (id) => kept.delete(id),
  list: () => [...kept.values()],
};
const options: Options = {
  provider,
  apiKey: async () => "key",
  baseUrl: "https://relay.example",
  model: "a-model",
  wait: false,
  timeoutMs: 1000,
  pollIntervalMs: 100,
  concurrency: 2,
  journal,
  signal: AbortSignal.timeout(1000),
  onProgress: ({ phase, job, progress, elapsedMs, checks }: Progress) =>
    console.log(phase === "waiting", job?.id, progress, elapsedMs + checks),
  fetch,
  headers: { "X-Client-Request-Id": "{id}" },
};
const wanted: (SizeName | Size | undefined)[] = ["square_hd", { width: 1, height: 1 }, undefined];
const requests: GenerateRequest[] = [
  { prompt: "a heron" },
  { prompt: "a heron", size: "16:9", count: 4, seed: 1, enhancePrompt: false, watermark: true },
  { prompt: "a heron", size: "1280x1280", negativePrompt: "a crane" },
  { prompt: "a heron", size: wanted[0] as SizeName },
  { prompt: "a heron", size: { width: 1280, height: 1280 } },
];

export async function useAll(signal: AbortSignal): Promise<string[]> {
  await preload();
  await preload(new URL("https://example.com/engine.wasm"));
  await preload(new Uint8Array(8));
  await preload(fetch("/engine.wasm", { integrity: "sha256-" }));
  const generation: Generation = await generate(requests[0] as GenerateRequest, options);
  const addresses = generation.images.map(
    (image: GeneratedImage) => image.url ?? image.base64 ?? "",
  );
  const job: Job | null = generation.job;
  if (job) await poll(JSON.parse(JSON.stringify(job)), { ...options, signal, journal: true });
  if (generation.cost?.currency === "USD") addresses.push(generation.cost.amount);
  addresses.push(...(generation.warnings ?? []));
  const entries: PendingJob[] = await pending(options);
  for await (const resumed of resume({ provider: "aimlapi" })) addresses.push(tell(resumed));
  for (const entry of entries) await forget(entry, { journal });
  if (job) await forget(job);
  await check({ prompt: "a heron" }, options);
  const menu: SizePreset[] = await sizes("aimlapi");
  const nearest: Size = await nearestSize("aimlapi", menu[0] ?? { width: 1, height: 1 });
  return [...addresses, `${nearest.width}`];
}

/** An outcome is the one or the other. */
function tell(resumed: Resumed): string {
  if (resumed.error) return explain(resumed.error);
  const generation: Generation = resumed.generation;
  return `${resumed.entry.size} ${generation.status}`;
}

function explain(error: unknown): string {
  if (!(error instanceof WanvasError)) throw error;
  const code: ErrorCode = error.code;
  const { suggestion, field, job, retryAfterMs = 0 } = error;
  const charged: boolean = error.mayHaveBeenCharged && !error.retryable;
  return [code, field, job?.id, suggestion?.width, retryAfterMs, charged, error.toJSON()].join();
}
