/**
 * The npm package: loads the engine on the first call, and passes the calls on to it.
 *
 * The build resolves `wanvas-engine` to the glue that wasm-bindgen makes. Types and documentation
 * of what is exported here are in `index.d.ts`.
 */

import init, * as engine from "wanvas-engine";

export { WanvasError } from "wanvas-engine";

/** The one load under way or done; none after one that failed, so that it can be tried again. */
let loading;

export async function generate(request, options) {
  await ready(options?.signal);
  return engine.generate(request, options);
}

export async function poll(job, options) {
  await ready(options?.signal);
  return engine.poll(job, options);
}

export async function sizes(provider) {
  await preload();
  return engine.sizes(provider);
}

export async function nearestSize(provider, wanted) {
  await preload();
  return engine.nearestSize(provider, wanted);
}

export async function preload(module) {
  loading ??= init({ module_or_path: module }).catch((cause) => {
    loading = undefined;
    const message = `the engine could not be loaded: ${cause?.message ?? cause}`;
    const details = { code: "engine", retryable: true, mayHaveBeenCharged: false };
    throw new engine.WanvasError(message, details, cause);
  });
  await loading;
}

/** Waits for the engine, but not longer than the caller's signal lets it. */
function ready(signal) {
  // Anything that is no signal is left to the engine, which says so.
  if (typeof signal?.addEventListener !== "function") return preload();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener("abort", abort);
    preload()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
