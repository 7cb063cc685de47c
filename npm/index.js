/**
 * The npm package: the crate's own exports, whose engine is loaded on the first call. Types and
 * documentation of them are in `src/js/types.d.ts`.
 */

import { load } from "./engine.js";
import { guarded } from "./guard.js";

export { WanvasError } from "wanvas-engine";

export const generate = called("generate");
export const poll = called("poll");
export const pending = called("pending");
export const forget = called("forget");
export const check = called("check");
export const sizes = called("sizes");
export const nearestSize = called("nearestSize");

export async function* resume(options) {
  const given = copied(options);
  const engine = await loaded(given);
  yield* guarded(engine.resume)(given);
}

export async function preload(module) {
  await load(module);
}

/** An export of the engine, which is called with what its arguments are now. */
function called(name) {
  return async (...args) => {
    const given = args.map(copied);
    const engine = await loaded(given.at(-1));
    return guarded(engine[name])(...given);
  };
}

/** The engine, unless the call is aborted before that is there. */
function loaded(options) {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    try {
      stop = listened(options?.signal, reject);
    } catch {
      // The engine meets the same, and tells it.
    }
    load()
      .then(resolve, reject)
      .finally(stop)
      .catch(() => {});
  });
}

/** Rejects with the signal's reason when that is aborted; returns how to listen no more. */
function listened(signal, reject) {
  if (typeof signal?.addEventListener !== "function") return () => {};
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  return () => signal.removeEventListener("abort", abort);
}

/** A copy, as far as a call reads, so that a caller may change its objects while the engine loads. */
function copied(value) {
  if (typeof value !== "object" || value === null) return value;
  try {
    if (typeof value[Symbol.iterator] === "function")
      return Array.isArray(value) ? value : [...value];
    const members = Object.entries(value);
    return Object.fromEntries(
      members.map(([name, member]) => [name, WITHIN.has(name) ? copied(member) : member]),
    );
  } catch {
    // The engine meets the same, and tells it.
    return value;
  }
}

/** The members of a request and of options whose own members are read. */
const WITHIN = new Set(["size", "headers"]);
