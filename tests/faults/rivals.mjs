/**
 * How many submits one call of other clients sends, counted on their releases from npm, on Node 20
 * with a `fetch` that fails in these ways, by `count-rivals.mjs`.
 */

export const RIVALS = [
  { name: "fal `subscribe`", release: "@fal-ai/client@1.10.1" },
  { name: "replicate `run`", release: "replicate@1.4.0" },
  { name: "openai `images.generate`", release: "openai@7.57.0" },
  { name: "ai `generateImage`", release: "ai@7.0.173` with `@ai-sdk/fal@3.0.41" },
  { name: "HF `textToImage`", release: "@huggingface/inference@4.13.30" },
];

/** In the order of the rivals. `ours` is the fault in the table that shows what wanvas does. */
export const COUNTS = [
  {
    what: "a network error, as browsers tell it",
    ours: "nobody listens at the base URL",
    counts: ["1", "6", "3", "1", "1"],
  },
  { what: "502, 503, 504", ours: "503", counts: ["4", "1", "3", "3", "1; 503 without end"] },
  { what: "500", ours: "500", counts: ["1", "1", "3", "3", "1"] },
  {
    what: "429 with `Retry-After: 2`",
    ours: "429 again and again",
    note: "waits as told",
    counts: ["4, not as told", "6, without a wait", "3, waits as told", "3, waits as told", "1"],
  },
];
