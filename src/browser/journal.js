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
 * A call's page of the journal, which nobody else touches until `close`.
 *
 * @param {import("./index.d.ts").JournalStore | undefined} store
 * @param {string} [id] of the entry, where there is one already
 */
export function openPage(store, id) {
  const warnings = new Set();
  let held;
  let forgotten = false;

  async function write(entry, stopped) {
    held ??= hold(entry.id, stopped);
    await held;
    if (!forgotten) await store.put(entry);
  }

  return {
    warnings,

    /** Writes an entry, in place of what was written before. */
    async keep(entry, stopped) {
      if (!store) return;
      id = entry.id;
      forgotten = false;
      try {
        await inTime(write(entry, stopped));
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
      held?.then((letGo) => letGo());
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
