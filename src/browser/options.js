/** The options that are no data: the key, the signal and the functions. */

import { invalid } from "./error.js";
import { indexedDbStore } from "./store.js";

/** A key that HTTP can carry as it is; what is blank or has spaces is none. */
const KEY = /^[!-~]+$/;

/**
 * What a caller passes along with a request.
 *
 * @typedef {object} Caller
 * @property {object} data what the engine decides by; the key is not among it
 * @property {boolean} hasKey
 * @property {() => Promise<string | undefined>} key asks for the key, anew each time
 * @property {AbortSignal} [signal]
 * @property {(event: object) => void} [onProgress]
 * @property {typeof fetch} fetch
 * @property {import("../js/types.d.ts").JournalStore} [journal] none where nothing is kept
 */

/** @returns {Caller} */
export function readOptions(options) {
  const { apiKey, signal: given, onProgress, fetch, journal, ...data } = membersOf(options);
  const signal = signalOf(given);
  if (signal?.aborted) return { signal };
  if (data.headers) data.headers = headersOf(data.headers);
  if (data.baseUrl) refuseNoAddress(data.baseUrl);
  return {
    data: typeof options === "object" && options ? copied("options", data) : options,
    hasKey: apiKey !== undefined && apiKey !== null,
    key: keyOf(apiKey),
    signal,
    onProgress: functionOf("onProgress", onProgress),
    fetch: fetchOf(fetch),
    journal: storeOf(journal),
  };
}

/** The members as they are now, each read once. */
function membersOf(options) {
  if (typeof options !== "object" || options === null) return {};
  try {
    return Object.fromEntries(Object.entries(options));
  } catch (thrown) {
    throw invalid("options", "options cannot be read", thrown);
  }
}

/**
 * A copy as plain data, so that a caller may change its object for the next call while this one
 * begins. What JSON has no word for becomes an empty list, which no member may be.
 */
export function copied(name, value) {
  const isData = (value) =>
    !Array.isArray(value) && !/function|symbol|bigint/.test(typeof value) && !isNoNumber(value);
  const isNoNumber = (value) => typeof value === "number" && !Number.isFinite(value);
  try {
    const text = JSON.stringify(value, (_, member) => (isData(member) ? member : []));
    return text === undefined ? undefined : JSON.parse(text);
  } catch (thrown) {
    throw invalid(name, `${name} cannot be read`, thrown);
  }
}

function keyOf(apiKey) {
  if (apiKey === undefined || apiKey === null) return async () => undefined;
  if (typeof apiKey === "function") {
    return async () => {
      const key = await apiKey();
      if (typeof key === "string" && KEY.test(key)) return key;
      throw new TypeError("the apiKey function gave no key");
    };
  }
  if (typeof apiKey === "string" && KEY.test(apiKey)) return async () => apiKey;
  throw invalid(
    "apiKey",
    "apiKey must be a key of visible ASCII characters, or a function that gives one; leave it " +
      "out behind a relay that adds it",
  );
}

function signalOf(signal) {
  // Not by its class: a signal may come from another realm, or from a library.
  if (signal === undefined || signal === null) return undefined;
  const methods = [signal.addEventListener, signal.removeEventListener];
  if (methods.every((method) => typeof method === "function")) return signal;
  throw invalid("signal", "signal must be an AbortSignal");
}

/** Headers as `fetch` takes them too: `Headers`, a map, or a list of pairs. */
function headersOf(headers) {
  if (typeof headers[Symbol.iterator] !== "function") return headers;
  try {
    return Object.fromEntries(new Headers(headers));
  } catch (thrown) {
    throw invalid("headers", "headers must be an object, or pairs of names and texts", thrown);
  }
}

/** Of what an address looks like the engine knows enough; whether it is one, only the platform. */
function refuseNoAddress(baseUrl) {
  try {
    new URL(baseUrl, globalThis.location?.href);
  } catch (thrown) {
    throw invalid("baseUrl", "baseUrl is no address that can be asked from here", thrown);
  }
}

function fetchOf(fetch) {
  const found = functionOf("fetch", fetch ?? globalThis.fetch);
  if (found) return found;
  throw invalid("fetch", "there is no global fetch here; pass one as an option");
}

function storeOf(journal) {
  if (journal === false) return undefined;
  if (journal === undefined || journal === null || journal === true) {
    return globalThis.indexedDB && indexedDbStore();
  }
  const methods = [journal.put, journal.delete, journal.list];
  if (methods.every((method) => typeof method === "function")) return journal;
  throw invalid("journal", "journal must be a store with put, delete and list, or true or false");
}

function functionOf(name, value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "function") return value;
  throw invalid(name, `${name} must be a function`);
}
