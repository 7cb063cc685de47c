/** What the tests watch and change in the page, where JavaScript is the shortest way to say it. */

/** Taken before anything is watched: the tests' own pauses do not count. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

export function pause(ms) {
  return new Promise((resolve) => startTimer(resolve, ms));
}

/** Watches the timers that are set, and are neither let fire nor cleared. */
export class TimerWatch {
  #pending = new Set();
  delays = [];

  constructor() {
    globalThis.setTimeout = (callback, ms, ...args) => {
      // The browser's own driver has timers of its own in the page.
      if (!new Error().stack.includes("wasm")) return startTimer(callback, ms, ...args);
      const timer = startTimer(() => {
        this.#pending.delete(timer);
        callback(...args);
      }, ms);
      this.#pending.add(timer);
      this.delays.push(ms);
      return timer;
    };
    globalThis.clearTimeout = (timer) => {
      this.#pending.delete(timer);
      stopTimer(timer);
    };
  }

  get left() {
    return this.#pending.size;
  }

  stop() {
    globalThis.setTimeout = startTimer;
    globalThis.clearTimeout = stopTimer;
  }
}

/** Watches the listeners that these targets have. */
export class ListenerWatch {
  #targets;
  #listeners = new Set();

  constructor(targets) {
    this.#targets = targets;
    for (const target of targets) {
      const { addEventListener: add, removeEventListener: remove } = target;
      target.addEventListener = (event, listener, ...rest) => {
        this.#listeners.add(listener);
        add.call(target, event, listener, ...rest);
      };
      target.removeEventListener = (event, listener, ...rest) => {
        this.#listeners.delete(listener);
        remove.call(target, event, listener, ...rest);
      };
    }
  }

  get left() {
    return this.#listeners.size;
  }

  stop() {
    for (const target of this.#targets) {
      delete target.addEventListener;
      delete target.removeEventListener;
    }
  }
}

/** Another value for a member of the page, such as `navigator.locks`, until it is restored. */
export class Replacement {
  #holder = globalThis;
  #name;
  #before;

  constructor(path, value) {
    const names = path.split(".");
    this.#name = names.pop();
    for (const name of names) this.#holder = this.#holder[name];
    this.#before = Object.getOwnPropertyDescriptor(this.#holder, this.#name);
    const descriptor = { configurable: true, writable: true, value };
    Object.defineProperty(this.#holder, this.#name, descriptor);
  }

  restore() {
    if (this.#before) Object.defineProperty(this.#holder, this.#name, this.#before);
    else delete this.#holder[this.#name];
  }
}

/** Lets the page see an event. */
export function dispatch(target, event) {
  target.dispatchEvent(new Event(event));
}

export function page() {
  return globalThis;
}

export function pageDocument() {
  return document;
}

/** A function that throws. */
export function throwing() {
  return () => {
    throw new RangeError("not to be called");
  };
}

/** A `fetch` that remembers what it is called with. */
export function recorded(fetch) {
  const calls = [];
  function record(url, init) {
    // In a module, an unbound function has no `this`.
    const isPlain = Object.getPrototypeOf(init.headers) === Object.prototype;
    const { signal, ...rest } = init;
    calls.push({ url, ...rest, unbound: this === undefined, isPlain, signal });
    return fetch(url, init);
  }
  return Object.assign(record, { calls });
}

/** What it was called with, as JSON. */
export function callsOf({ calls }) {
  return JSON.stringify(calls.map(({ signal, ...call }) => call));
}

/** Whether the signal of each call is aborted, as JSON. */
export function abortedOf({ calls }) {
  return JSON.stringify(calls.map(({ signal }) => signal.aborted));
}

/** For what the tests write in place: a stream of these chunks, and whether it was cancelled. */
globalThis.streamOf = (chunks, told = {}) => {
  const next = chunks[Symbol.iterator]();
  told.cancelled = 0;
  return new ReadableStream({
    pull(stream) {
      const { done, value } = next.next();
      if (done) stream.close();
      else stream.enqueue(value);
    },
    cancel() {
      told.cancelled += 1;
    },
  });
};

/** The locks of ours that are held, and those that are waited for. */
export async function lockCounts() {
  const { held, pending } = await navigator.locks.query();
  const ours = (locks) => locks.filter(({ name }) => name.startsWith("wanvas/1 ")).length;
  return [ours(held), ours(pending)];
}

/** Gives the lock to another, until the function it resolves with is called. */
export function heldByAnother(name) {
  return new Promise((resolve) => {
    navigator.locks.request(name, () => new Promise((release) => resolve(release)));
  });
}

/** Locks that a sandboxed frame has. */
export function refusingLocks() {
  return { request: () => Promise.reject(new DOMException("sandboxed", "SecurityError")) };
}

/** Locks that are none. */
export function senselessLocks() {
  return { request: () => 7 };
}

/** What was rejected and heard by nobody while it ran. */
export class Unhandled {
  seen = 0;
  #note = (event) => {
    event.preventDefault();
    this.seen += 1;
  };
  constructor() {
    addEventListener("unhandledrejection", this.#note);
  }
  stop() {
    removeEventListener("unhandledrejection", this.#note);
  }
}

/** Says these on the channel. */
export async function say(...messages) {
  const channel = new BroadcastChannel("wanvas/1");
  for (const message of messages) channel.postMessage(message);
  await pause(50);
  channel.close();
}

/** Counts the channels that are open. */
class CountingChannel extends BroadcastChannel {
  static open = 0;
  constructor(name) {
    super(name);
    CountingChannel.open += 1;
  }
  close() {
    super.close();
    CountingChannel.open -= 1;
  }
}

export function countingChannel() {
  return CountingChannel;
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/** Deletes the database, which an open connection would block. */
export async function deleteDatabase() {
  await done(indexedDB.deleteDatabase("wanvas"));
}

/** The name, the version and the keys of what is stored. */
export async function stored() {
  const database = await done(indexedDB.open("wanvas"));
  const store = database.transaction("journal").objectStore("journal");
  const { keyPath } = store;
  const keys = await done(store.getAllKeys());
  const { version } = database;
  database.close();
  return JSON.stringify({ version, keyPath, keys });
}

/** Somebody else's database of the same name. */
export async function makeAnothers() {
  await deleteDatabase();
  const database = await done(indexedDB.open("wanvas", 3));
  database.close();
}

/** Counts the connections that were opened; closes none of them. */
export function countingOpens() {
  const real = indexedDB;
  const factory = {
    opens: 0,
    open(...args) {
      factory.opens += 1;
      return real.open(...args);
    },
  };
  return factory;
}

export function opensOf(factory) {
  return factory.opens;
}
