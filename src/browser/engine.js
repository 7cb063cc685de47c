/**
 * Loads the engine. The build resolves `wanvas-engine` to a function that makes an instance of the
 * glue, which wasm-bindgen makes of the crate; importing it does nothing.
 */

import createEngine from "wanvas-engine";
import { compiled, loadFailure } from "../../npm/compile.js";
import { WanvasError } from "./error.js";

/** The compiled engine, from which an instance is made at once. */
let compiledEngine;

/**
 * The one instance, under way or ready, and whether it is of what a caller gave; none after a failed
 * load or a crash.
 */
let loading;

/** The engine's exports, from the package itself or from what is given. */
export function load(given) {
  // Not needed any more, it may fail as it likes.
  if (loading) Promise.resolve(given).catch(() => {});
  loading ??= { engine: begin(given), isGiven: given !== undefined };
  const { engine, isGiven } = loading;
  // Who gave nothing does not depend on what another gave.
  return isGiven && given === undefined ? engine.catch(() => load()) : engine;
}

async function begin(given) {
  try {
    return await instantiate(given);
  } catch (cause) {
    loading = undefined;
    throw new WanvasError(loadFailure(cause, given), cause);
  }
}

async function instantiate(given) {
  const module = compiledEngine ?? (await compiled(given));
  const engine = createEngine();
  await engine.instantiate(module);
  compiledEngine = module;
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

/**
 * The error for an engine that failed; the job it had, if any, goes on at the gateway. Calls under
 * way keep their instance, later ones get a fresh one.
 */
export function crash(thrown, mayHaveBeenCharged, job) {
  loading = undefined;
  const message = `the engine failed: ${thrown?.message ?? thrown}`;
  const details = { message, code: "engine", retryable: false, mayHaveBeenCharged };
  return new WanvasError(job ? { ...details, job } : details, thrown);
}
