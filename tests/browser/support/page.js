/**
 * What the tests do and watch in the page, where JavaScript is the shortest way to say it.
 *
 * All in one file: the server of the tests has four threads, one to a connection, and now and then
 * forgets a fifth connection until another ends. So a browser must not ask for five files at once.
 */

/** Taken before anything is watched: the tests' own pauses do not count. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;
const { now: dateNow } = Date;

/** Sends a request, of JSON if there is a body; resolves with the text of the answer. */
export async function request(fetch, method, url, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(url, { method, headers, body, cache: "no-store" });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text;
}

/** How long the page takes to parse text and to look at each value in it, in milliseconds. */
export function parsingMs(text) {
  const begun = dateNow();
  JSON.parse(text, (_, value) => value);
  return dateNow() - begun;
}

/** Whether a GET is answered at all. */
export function reachable(url) {
  return fetch(url, { cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

/** What the page's address says: `?gateway=` where one listens, `&package=1` that there is one. */
export function parameter(name) {
  return new URLSearchParams(location.search).get(name) ?? undefined;
}

/** The time, whatever the page's clock was set to. */
export function now() {
  return dateNow();
}

export function sleep(ms) {
  return new Promise((resolve) => startTimer(resolve, ms));
}

export function clone(value) {
  return structuredClone(value);
}

export function timeoutSignal(ms) {
  return AbortSignal.timeout(ms);
}

/** The width, the height and the SHA-256 of a picture's real bytes. */
export async function openPicture(fetch, url) {
  const blob = await (await fetch(url)).blob();
  const { width, height } = await createImageBitmap(blob);
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  const bytes = [...new Uint8Array(digest)];
  const sha256 = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return JSON.stringify({ width, height, sha256 });
}

/** A `fetch` that sends what it is given by another one, and remembers it. */
export function recordingFetch(fetch) {
  const calls = [];
  function record(url, init) {
    // In a module, an unbound function has no `this`.
    const call = { url: String(url), init, unbound: this === undefined, answered: false };
    calls.push(call);
    const answer = fetch(url, init);
    answer.then(
      () => {
        call.answered = true;
      },
      () => {},
    );
    return answer;
  }
  return Object.assign(record, { calls });
}

export function callsOf(record) {
  const calls = record.calls.map(({ url, unbound, answered, init }) => ({
    url,
    unbound,
    answered,
    method: init.method,
    authorization: new Headers(init.headers).get("authorization"),
    headers: Object.fromEntries(new Headers(init.headers)),
    aborted: init.signal.aborted,
  }));
  return JSON.stringify(calls);
}

/** An AbortController whose signal counts its listeners. */
export function countingController() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set();
  signal.addEventListener = (type, listener, ...rest) => {
    listeners.add(listener);
    AbortSignal.prototype.addEventListener.call(signal, type, listener, ...rest);
  };
  signal.removeEventListener = (type, listener, ...rest) => {
    listeners.delete(listener);
    AbortSignal.prototype.removeEventListener.call(signal, type, listener, ...rest);
  };
  return Object.assign(controller, { listeners });
}

export function listenersOf(controller) {
  return controller.listeners.size;
}

/** Watches the timers that the crate sets, and has neither let fire nor cleared. */
export class TimerWatch {
  #pending = new Map();
  #set = 0;

  constructor() {
    globalThis.setTimeout = (callback, ms, ...args) => {
      // The runner of the tests, the browser's own driver and the linked gateway have timers of
      // theirs in the page. Those of the crate alone are set by this other one, and the functions of
      // a test program have their names.
      const { stack } = new Error();
      if (!stack.includes("gloo_timers")) return startTimer(callback, ms, ...args);
      const timer = startTimer(() => {
        this.#pending.delete(timer);
        callback(...args);
      }, ms);
      this.#pending.set(timer, `${ms} ms, set at ${stack}`);
      this.#set += 1;
      return timer;
    };
    globalThis.clearTimeout = (timer) => {
      this.#pending.delete(timer);
      stopTimer(timer);
    };
  }

  /** Those still to fire, each with where it was set. */
  get pending() {
    return [...this.#pending.values()].join("\n");
  }

  /** How many were set in all. */
  get set() {
    return this.#set;
  }

  stop() {
    globalThis.setTimeout = startTimer;
    globalThis.clearTimeout = stopTimer;
  }
}

/** Counts what is written to the console since. */
export class ConsoleWatch {
  #methods = ["debug", "error", "info", "log", "trace", "warn"].map((name) => [
    name,
    console[name],
  ]);
  lines = 0;

  constructor() {
    for (const [name] of this.#methods) {
      console[name] = () => {
        this.lines += 1;
      };
    }
  }

  stop() {
    for (const [name, method] of this.#methods) console[name] = method;
  }
}

/** All that this origin has stored, as text. */
export async function storedText() {
  const databases = await indexedDB.databases();
  return JSON.stringify({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await Promise.all(databases.map(({ name }) => valuesIn(name)))).flat(),
    cookie: document.cookie,
  });
}

async function valuesIn(name) {
  const database = await requested(indexedDB.open(name));
  const stores = [...database.objectStoreNames].map((store) =>
    requested(database.transaction(store).objectStore(store).getAll()),
  );
  const values = await Promise.all(stores);
  database.close();
  return values.flat();
}

function requested(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** All that can be read off an error and its causes, as text. */
export function everythingIn(error) {
  if (!(error instanceof Object)) return String(error);
  const own = Object.getOwnPropertyNames(error).filter((name) => name !== "cause");
  const values = own.map((name) => `${name}: ${JSON.stringify(error[name])}`);
  const cause = "cause" in error ? everythingIn(error.cause) : "";
  return [String(error), JSON.stringify(error), ...values, cause].join("\n");
}

/** Values that cannot be read: too long, or throwing when they are. */
export function unreadableValues() {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const getter = Object.defineProperty({}, "id", {
    enumerable: true,
    get() {
      throw new RangeError("not to be read");
    },
  });
  return [new Array(4_294_967_295), revoked.proxy, getter];
}

/** A `fetch` that gives this answer to everything. */
export function answeringFetch(status, text) {
  return async () => new Response(text, { status });
}

/** Sets the page's clock by so many milliseconds, also back; 0 undoes it. */
export function setClock(ms) {
  Date.now = ms === 0 ? dateNow : () => dateNow() + ms;
}

/** Lets the page see an event, of its document or its window. */
export function dispatch(event) {
  const target = event === "visibilitychange" ? document : globalThis;
  target.dispatchEvent(new Event(event));
}

/** Counts the listeners that the page has for the events that a call heeds. */
export class ListenerWatch {
  #targets = [document, globalThis].map((target) => [target, {}]);
  #events = ["visibilitychange", "pageshow", "pagehide", "beforeunload", "online", "offline"];
  #listeners = new Set();

  constructor() {
    for (const [target, own] of this.#targets) {
      own.add = target.addEventListener;
      own.remove = target.removeEventListener;
      target.addEventListener = (event, listener, ...rest) => {
        if (this.#events.includes(event)) this.#listeners.add(listener);
        own.add.call(target, event, listener, ...rest);
      };
      target.removeEventListener = (event, listener, ...rest) => {
        this.#listeners.delete(listener);
        own.remove.call(target, event, listener, ...rest);
      };
    }
  }

  get left() {
    return this.#listeners.size;
  }

  stop() {
    for (const [target] of this.#targets) {
      delete target.addEventListener;
      delete target.removeEventListener;
    }
  }
}

/** A `fetch` whose answer never ends; it counts the bytes given out, and tells when it is left. */
export function endlessFetch() {
  const chunk = new TextEncoder().encode("[".repeat(1024 * 1024));
  const told = { bytes: 0, left: false };
  const body = () =>
    new ReadableStream({
      pull(stream) {
        told.bytes += chunk.length;
        stream.enqueue(chunk.slice());
      },
      cancel() {
        told.left = true;
      },
    });
  return Object.assign(async () => new Response(body()), { told });
}

/**
 * Delivers an answer of the linked gateway, as the sandbox does. The server of the page has the
 * files of the project too.
 */
export async function deliver(answer, signal) {
  const sandbox = await import("/www/sandbox/sandbox.js");
  return sandbox.deliver(answer, signal);
}

/**
 * The built package, from the server of the page, as an app's own server has it. Another query
 * gives another instance, whose engine is not loaded yet.
 */
export function importPackage(query) {
  return import(`/pkg/wanvas.js${query}`);
}

/** Whether a value is an instance of that module's own `WanvasError`. */
export function isErrorOf(module, value) {
  return value instanceof module.WanvasError;
}

/** The bytes of the built engine. */
export async function engineBytes() {
  return (await fetch("/pkg/wanvas_bg.wasm")).arrayBuffer();
}

/** The answer with the built engine. */
export function engineResponse() {
  return fetch("/pkg/wanvas_bg.wasm");
}

/** A URL on the page's own origin. */
export function pageUrl(path) {
  return new URL(path, location.origin);
}

/** Calls `generate()` in a worker, with options that are plain data; resolves with JSON. */
export async function generateInWorker(request, options) {
  const source = `
    const { generate, pending } = await import("${location.origin}/pkg/wanvas.js");
    const work = async () => {
      const result = await generate(${request}, ${options});
      // The journal forgets the job now. WebKit's IndexedDB falls silent for the whole origin where a
      // worker is terminated while it writes; what is read after that has waited for it.
      await new Promise((resolve) => setTimeout(resolve));
      await pending(${options});
      return result;
    };
    work().then(
      (result) => postMessage({ result }),
      (error) => postMessage({ error: String(error) }),
    );`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  try {
    const { result, error } = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    if (error) throw new Error(error);
    return JSON.stringify(result);
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}
