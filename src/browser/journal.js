/** The journal: what is kept of each submit until its pictures are delivered. */

import { now } from "./clock.js";
import { announce, hold } from "./tabs.js";
import { sleepUntil } from "./timer.js";

/** How long storage may take, in milliseconds; then the call goes on without it. */
const PATIENCE_MS = 2000;

/**
 * Stores that did not answer in time, which nobody waits for again until they do. WebKit's IndexedDB
 * falls silent for good where a worker is terminated while it writes.
 */
const silent = new WeakSet();

/** The version of entries that is understood; others are left alone. */
const VERSION = 1;

/** Ids whose jobs are settled, while the store may still have them. */
const settled = new Set();

/** The reading of each store that is under way, and the next, for all who ask meanwhile. */
const readings = new WeakMap();

/**
 * The entries in a store that was read after this was called; none where there is no store.
 *
 * @returns {Promise<import("../js/types.d.ts").PendingJob[] | undefined>} nothing if it cannot be read
 */
export async function listed(store) {
  if (!store) return [];
  const reading = readings.get(store) ?? { done: Promise.resolve() };
  readings.set(store, reading);
  reading.next ??= reading.done.then(() => {
    reading.next = undefined;
    reading.done = read(store);
    return reading.done;
  });
  return reading.next;
}

async function read(store) {
  try {
    const entries = await inTime(store, store.list());
    return entries.filter(
      (entry) =>
        entry?.version === VERSION && typeof entry.id === "string" && !settled.has(entry.id),
    );
  } catch {
    return undefined;
  }
}

/** Takes a settled job out of a store; resolves when it is out, or that has failed. */
export async function removed(store, id) {
  settled.add(id);
  try {
    await inTime(store, store.delete(id));
    settled.delete(id);
  } catch {
    // This page, at least, will not deliver it again.
  }
}

/**
 * A call's page of the journal, which nobody else touches until it is closed.
 *
 * @param {import("../js/types.d.ts").JournalStore | undefined} store
 * @param {string} [id] of the entry, where there is one already
 * @param {ReturnType<typeof hold>} [held] its lock, where it is held already
 */
export function openPage(store, id, held) {
  const warnings = new Set();
  // What is done to the store, one thing after the other, however slow it is.
  let done = Promise.resolve();
  const next = (work) => {
    done = done.then(work, work);
    return done;
  };
  let deliver;
  const delivered = new Promise((resolve) => {
    deliver = resolve;
  });

  return {
    warnings,

    /** Writes an entry, in place of what was written before. */
    async keep(entry, stopped) {
      if (!store) return;
      id = entry.id;
      settled.delete(id);
      held ??= hold(id, stopped);
      try {
        await inTime(
          store,
          next(() => held.then(() => store.put(entry))),
        );
      } catch (thrown) {
        warnings.add(`a reload would lose this job, as it could not be stored: ${thrown}`);
      }
    },

    /** Takes the entry out. */
    forget() {
      if (!store || id === undefined) return;
      settled.add(id);
      next(() => removed(store, id));
    },

    /** The caller has been given how the call ended. */
    delivered: () => deliver(),

    /** Others may have the entry, which stays. */
    letGo: () => held?.then((letGo) => next(letGo)),

    /**
     * Ends the page. If the job is settled, tells those who wait for it too, and forgets it, but
     * not before its end was delivered: what was paid for would be lost with a page that dies now.
     */
    close(outcome, isSettled) {
      if (outcome && isSettled && id !== undefined) announce(id, outcome);
      delivered.then(() => {
        if (isSettled) this.forget();
        this.letGo();
      });
    },
  };
}

async function inTime(store, work) {
  const done = new AbortController();
  const late = async () => {
    await sleepUntil(now() + (silent.has(store) ? 0 : PATIENCE_MS), done.signal);
    if (!done.signal.aborted) silent.add(store);
    throw new Error("the storage does not answer");
  };
  const answer = (async () => {
    try {
      return await work;
    } finally {
      silent.delete(store);
    }
  })();
  try {
    return await Promise.race([answer, late()]);
  } finally {
    done.abort();
  }
}
