/**
 * Loads the engine. The build resolves `wanvas-engine` to a function that makes an instance of the
 * glue, which wasm-bindgen makes of the crate; importing it does nothing.
 */

import createEngine from "wanvas-engine";
import { WanvasError } from "./error.js";

/** The compiled engine, from which an instance is made at once. */
let compiled;

/** The one instance, under way or ready; none after a failed load or a crash. */
let loading;

/** The engine's exports, loaded from beside this module or from what is given. */
export function load(source) {
  loading ??= instantiate(source).catch((cause) => {
    loading = undefined;
    const message = `the engine could not be loaded: ${cause?.message ?? cause}`;
    const details = { message, code: "engine", retryable: true, mayHaveBeenCharged: false };
    throw new WanvasError(details, cause);
  });
  return loading;
}

async function instantiate(source) {
  compiled ??= await compile(await (source ?? new URL("wanvas_bg.wasm", import.meta.url)));
  const engine = createEngine();
  await engine.instantiate({ module_or_path: compiled });
  return engine;
}

/** Compiles the engine: from an address, an answer, bytes, or a module that is compiled already. */
async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) {
    return WebAssembly.compile(source);
  }
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) throw new TypeError(`${response.url} was answered with ${response.status}`);
  // Streaming needs a media type that not every server knows.
  const streams = response.headers.get("content-type") === "application/wasm";
  if (streams) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
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
