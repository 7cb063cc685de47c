/**
 * Loads the engine. The build resolves `wanvas-engine` to the glue that wasm-bindgen makes of the
 * crate; importing it does nothing.
 */

import init, { Call, nearestSize, sizes } from "wanvas-engine";
import { WanvasError } from "./error.js";

// By name, so that the package holds nothing else of the glue.
const engine = { Call, nearestSize, sizes };

/** The one load under way or done; none after one that failed, so that it can be tried again. */
let loading;

/** The engine's exports, loaded from beside this module or from what is given. */
export async function load(module) {
  loading ??= init({ module_or_path: module }).catch((cause) => {
    loading = undefined;
    const message = `the engine could not be loaded: ${cause?.message ?? cause}`;
    const details = { message, code: "engine", retryable: true, mayHaveBeenCharged: false };
    throw new WanvasError(details, cause);
  });
  await loading;
  return engine;
}

/** Calls the engine, which throws the details of an error. */
export function asked(ask) {
  try {
    return ask();
  } catch (details) {
    throw details instanceof Error ? crash(details, false) : new WanvasError(details);
  }
}

/** The error for an engine that failed; the job it had, if any, goes on at the gateway. */
export function crash(thrown, mayHaveBeenCharged, job) {
  const message = `the engine failed: ${thrown?.message ?? thrown}`;
  const details = { message, code: "engine", retryable: false, mayHaveBeenCharged };
  return new WanvasError(job ? { ...details, job } : details, thrown);
}
