/**
 * Loads the engine. The build resolves `wanvas-engine` to a function that makes an instance of the
 * glue, which wasm-bindgen makes of the crate, and `wanvas-engine-source` to a module of `source/`;
 * importing them does nothing.
 */

import createEngine from "wanvas-engine";
import { source } from "wanvas-engine-source";
import { WanvasError } from "./error.js";

/** The compiled engine, from which an instance is made at once. */
let compiled;

/** The one instance, under way or ready; none after a failed load or a crash. */
let loading;

/** The engine's exports, from the package itself or from what is given. */
export function load(given) {
  loading ??= instantiate(given).catch((cause) => {
    loading = undefined;
    const message = `the engine could not be loaded: ${cause?.message ?? cause}`;
    const details = { message, code: "engine", retryable: true, mayHaveBeenCharged: false };
    throw new WanvasError(details, cause);
  });
  return loading;
}

async function instantiate(given) {
  const module = compiled ?? (await compile((await given) ?? (await source())));
  const engine = createEngine();
  await engine.instantiate(module);
  compiled = module;
  return engine;
}

/** Compiles the engine: from an address, an answer, bytes, or a module that is compiled already. */
async function compile(given) {
  // Not by its class: a module may come from another realm.
  if (Object.prototype.toString.call(given) === "[object WebAssembly.Module]") return given;
  const isBytes = ArrayBuffer.isView(given) || given instanceof ArrayBuffer;
  const bytes = isBytes ? given : await download(given);
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    if (!/Content.Security.Policy|CSP|unsafe-eval/i.test(thrown)) throw thrown;
    const message = "the page's Content-Security-Policy needs 'wasm-unsafe-eval' in script-src";
    throw new TypeError(message, { cause: thrown });
  }
}

/** The bytes behind an address, or in an answer; of any media type, which not every server knows. */
async function download(given) {
  const response = given instanceof Response ? given : await fetch(given);
  const bytes = await response.arrayBuffer();
  const isEngine = new TextDecoder().decode(bytes.slice(0, 4)) === "\0asm";
  if (response.ok && isEngine) return bytes;
  const type = response.headers.get("content-type");
  throw new TypeError(
    `${response.url} is no WebAssembly but ${type} (HTTP ${response.status}); serve the package's ` +
      "wanvas_bg.wasm there, or import wanvas/inline, which needs no file",
  );
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
