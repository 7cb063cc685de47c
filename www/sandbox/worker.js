/**
 * The sandbox's worker: the gateway, in WebAssembly, and where it is kept. Pictures are drawn here,
 * so that the page goes on meanwhile.
 *
 * What the gateway remembers is in IndexedDB, so that a job outlives its page and is known to every
 * tab. Each request is handled within one transaction, in which no other tab's can come between.
 * Where nothing can be stored, the gateway is this worker's alone.
 */

import { createStore, promisifyRequest } from "../built/idb-keyval.js";

/** @import { Sandbox } from "../built/sandbox/sandbox.js" */

/**
 * @typedef {object} Asked A request.
 * @property {string} method
 * @property {string} url
 * @property {[string, string][]} headers
 * @property {Uint8Array} body
 */

/**
 * @typedef {object} Answered Its answer.
 * @property {number} status
 * @property {[string, string][]} headers
 * @property {Uint8Array<ArrayBuffer>} body
 * @property {number} wait milliseconds before the first byte; infinite if none ever comes
 * @property {import("../built/sandbox/sandbox.js").Answer["delivery"]} delivery how the body is sent
 * @property {number} amount the milliseconds or bytes that belong to that
 */

/** @typedef {{ number: number, answer: Answered, failure?: undefined }
 *   | { number: number, answer?: undefined, failure: string }} Told */

const DATABASE = "wanvas-sandbox";
const STORE = "gateway";
const KEY = "saved";

const WASM = new URL("../built/sandbox/sandbox_bg.wasm", import.meta.url);

/** @type {Promise<Sandbox> | undefined} */
let gateway;

/** @param {MessageEvent<{ number: number, request: Asked }>} event */
self.onmessage = async ({ data: { number, request } }) => {
  try {
    gateway ??= start();
    const answer = await handle(await gateway, request);
    self.postMessage({ number, answer }, { transfer: [answer.body.buffer] });
  } catch (error) {
    self.postMessage({ number, failure: String(error) });
  }
};

/**
 * Loads the gateway. Imported only now, since not every engine tells of a static import that fails;
 * not streamed, since not every server knows the type of WebAssembly.
 */
async function start() {
  const { default: init, Sandbox } = await import("../built/sandbox/sandbox.js");
  const response = await fetch(WASM);
  if (!response.ok) throw new Error(`${WASM} could not be loaded: ${response.status}`);
  await init({ module_or_path: await response.arrayBuffer() });
  return new Sandbox(crypto.getRandomValues(new BigUint64Array(1))[0]);
}

/**
 * @param {Sandbox} sandbox
 * @param {Asked} request
 * @returns {Promise<Answered>}
 */
async function handle(sandbox, { method, url, headers, body }) {
  const { host, pathname, search } = new URL(url);
  const sent = [...headers, ["Host", host], ["X-Forwarded-Proto", "https"]].flat();
  const answer = await asKept(sandbox, () =>
    sandbox.handle(method, pathname, search.slice(1), sent, body, Date.now()),
  );
  const { status, wait, delivery, amount, headers: flat } = answer;
  // Draws the picture, if it is one, and frees the answer.
  const bytes = answer.takeBody();
  return { status, headers: pairs(flat), body: bytes, wait, delivery, amount };
}

/**
 * @param {string[]} flat alternately a name and its value
 * @returns {[string, string][]}
 */
function pairs(flat) {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]]] : []));
}

/** What may store; a new one once the database was let go. */
let within = createStore(DATABASE, STORE);
let isStored = true;

/**
 * Lets the gateway act on what is kept of it, and keeps what becomes of it.
 *
 * @template Result
 * @param {Sandbox} sandbox
 * @param {() => Result} act
 * @returns {Promise<Result>}
 */
async function asKept(sandbox, act) {
  /** @type {{ result: Result } | undefined} */
  let acted;
  const actWithin = (/** @type {IDBObjectStore} */ store) => {
    makeWay(store.transaction.db);
    const read = store.get(KEY);
    read.onsuccess = () => {
      const before = read.result;
      // What another version of this page has kept, and cannot be read, is replaced.
      if (before !== undefined) sandbox.load(before);
      acted = { result: act() };
      const after = sandbox.save();
      if (after !== before) store.put(after, KEY);
    };
    return promisifyRequest(store.transaction);
  };
  try {
    if (isStored) await within("readwrite", actWithin);
  } catch {
    isStored = false;
  }
  return acted ? acted.result : act();
}

/**
 * Lets others delete the database, or have a later version of it.
 *
 * @param {IDBDatabase} database
 */
function makeWay(database) {
  database.onversionchange = () => {
    database.close();
    within = createStore(DATABASE, STORE);
  };
}
