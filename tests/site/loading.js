/** What an app gives to `preload()`, and what tests see of it. */

import { outcomeOf, wanvas } from "./app.js";

export { outcomeOf, wanvas };

/** The status of a picture made by the gateway there. */
export async function generated(baseUrl) {
  const { generate } = await wanvas();
  const options = { provider: "aimlapi", apiKey: "any", baseUrl };
  return (await generate({ prompt: "a heron" }, options)).status;
}

/** Counts what compiles the engine and makes instances of it, from now on. */
export function counted() {
  const counts = {};
  for (const name of ["compile", "compileStreaming", "instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    counts[name] = 0;
    WebAssembly[name] = (...args) => {
      counts[name] += 1;
      return real.apply(WebAssembly, args);
    };
  }
  return counts;
}

const ENGINE = "/engine/octets";

async function bytes() {
  return (await fetch(ENGINE)).arrayBuffer();
}

async function integrity(buffer) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
  return `sha256-${btoa(String.fromCharCode(...hash))}`;
}

/** What can be given, by name; `elsewhere` is another origin. */
export const GIVEN = {
  "an address as text": async () => ENGINE,
  "an address": async () => new URL(ENGINE, location.href),
  "text/plain": async () => new URL("/engine/plain", location.href),
  "a Response": () => fetch(ENGINE),
  "a promise of a Response": async () => ({ promise: fetch(ENGINE) }),
  "an ArrayBuffer": bytes,
  "a part of a buffer": async () => {
    const engine = new Uint8Array(await bytes());
    const wide = new Uint8Array(engine.length + 7);
    wide.set(engine, 3);
    return wide.subarray(3, 3 + engine.length);
  },
  "a WebAssembly.Module": async () => new WebAssembly.Module(await bytes()),
  "bytes of the right hash": async () =>
    fetch(ENGINE, { integrity: await integrity(await bytes()) }),

  "a 404 with a web page": async () => "/engine/missing",
  "the app's page in its place": async () => "/engine/fallback",
  "a 404 with an engine": async () => "/engine/not-found",
  "a web page's bytes": async () => (await fetch("/engine/fallback")).arrayBuffer(),
  "bytes of a wrong hash": async () => ({
    promise: fetch(ENGINE, { integrity: await integrity(new ArrayBuffer(1)) }),
  }),
  "another origin without CORS": async (elsewhere) => new URL(ENGINE, elsewhere),
};

/** Gives it to `preload()`. */
export async function preloaded(name, elsewhere) {
  const { preload } = await wanvas();
  const given = await GIVEN[name](elsewhere);
  return outcomeOf(preload(given.promise ?? given));
}

/** All that the page's globals consist of, so that a change is seen: path and value of each. */
export function globals() {
  const found = new Map();
  const walk = (object, path, depth) => {
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(object, key);
      const at = `${path}.${String(key)}`;
      found.set(at, value ?? get ?? set);
      const isObject = typeof value === "object" || typeof value === "function";
      if (value && isObject && depth > 0) walk(value, at, depth - 1);
    }
  };
  walk(globalThis, "", 2);
  return found;
}
