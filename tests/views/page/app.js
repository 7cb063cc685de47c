/** What tests of both views need in a page. */

export const A_FOX = { prompt: "a red fox in the snow" };

/** Options for the gateway that serves the page. */
export function at(provider, more) {
  return { provider, baseUrl: location.origin, apiKey: "any", pollIntervalMs: 20, ...more };
}

/** Waits until something holds, however slow the machine is. */
export async function until(holds) {
  while (!holds()) await sleep(10);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The jobs that the journal has. */
export async function pendingJobs() {
  const { pending } = await import("/pkg/wanvas.js");
  return pending(at("vtrix"));
}

/** Every picture's size, once it can be seen. */
export async function sizesOf(pictures) {
  await Promise.all([...pictures].map((picture) => picture.decode()));
  return [...pictures].map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]);
}
