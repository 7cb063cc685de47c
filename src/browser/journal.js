/** The journal: what is kept of each submit until its pictures are delivered. */

import { now } from "./clock.js";
import { announce, hold } from "./tabs.js";
import { sleepUntil } from "./timer.js";

/** How long storage may take, in milliseconds; then the call goes on without it. */
const PATIENCE_MS = 2000;

/** The entries in a store; none where there is no store, or it cannot be read. */
export async function listed(store) {
  try {
    return store ? await inTime(store.list()) : [];
  } catch {
    return [];
  }
}

/** Takes an entry out of a store. A failure leaves it to be resumed once more. */
export async function removed(store, id) {
  try {
    await store.delete(id);
  } catch {}
}

/**
 * A call's page of the journal, which is the call's alone until `close`.
 *
 * @param {import("./index.d.ts").JournalStore | undefined} store
 * @param {string} [id] of the entry, where there is one already
 */
export function openPage(store, id) {
  const warnings = new Set();
  let letGo = () => {};
  let held = id !== undefined;
  let forgotten = false;
  return {
    warnings,

    /** Writes an entry, in place of what was written before. */
    async keep(entry, stopped) {
      if (!store) return;
      if (!held) {
        held = true;
        letGo = await hold(entry.id, stopped);
      }
      id = entry.id;
      forgotten = false;
      try {
        await inTime(store.put(entry));
      } catch (thrown) {
        warnings.add(`a reload would lose this job, as it could not be stored: ${thrown}`);
      }
    },

    forget() {
      if (!store || id === undefined) return;
      forgotten = true;
      // Not awaited: nothing may come between this and the delivery of what was paid for.
      removed(store, id);
    },

    /** Tells those who wait for the same job how it ended, if it did, and lets it go. */
    close(outcome) {
      if (forgotten && outcome) announce(id, outcome);
      letGo();
    },
  };
}

async function inTime(work) {
  const done = new AbortController();
  const late = async () => {
    await sleepUntil(now() + PATIENCE_MS, done.signal);
    throw new Error("the storage does not answer");
  };
  try {
    return await Promise.race([work, late()]);
  } finally {
    done.abort();
  }
}
