/** The job of a generation: what the browser keeps of it, and which tab waits for it. */

import { resume } from "../built/wanvas.js";
import { album } from "./album.js";

/** @import { JournalStore, Options } from "../built/wanvas.js" */
/** @import { Kept } from "./album.js" */

/**
 * Does work while no other tab does any for the same generation.
 *
 * @param {Kept} kept
 * @param {() => Promise<void>} work
 */
export async function alone(kept, work) {
  // Where there are no locks, as on a page of plain http, each tab works by itself.
  if (navigator.locks) await navigator.locks.request(lockOf(kept), work);
  else await work();
}

/** Whether another tab does something for it now. @param {Kept} kept */
export async function isElsewhere(kept) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === lockOf(kept));
}

/** @param {Kept} kept */
function lockOf({ id }) {
  return `wanvas-studio ${id}`;
}

/**
 * The journal of one generation, which the album keeps with it: so the page knows after a reload
 * which job was whose.
 *
 * @param {Kept} kept
 * @returns {JournalStore}
 */
export function journalOf(kept) {
  return {
    async put(entry) {
      kept.entry = entry;
      await album.save(kept);
    },
    async delete() {
      kept.entry = undefined;
      // In the album it stays until the outcome is saved in its place: a page that is closed now
      // would not know that this was sent.
      if (kept.result || kept.error || kept.cancelled) await album.save(kept);
    },
    async list() {
      const { entry } = (await album.get(kept.id)) ?? {};
      return entry ? [entry] : [];
    },
  };
}

/**
 * Waits for a job that an earlier page began, or that another tab waits for.
 *
 * @param {Kept} kept
 * @param {Options} options
 */
export async function resumed(kept, options) {
  let outcome;
  // To the end: a loop that is left has not taken its outcome over.
  for await (outcome of resume(options));
  if (outcome?.error) throw outcome.error;
  if (outcome?.generation) return outcome.generation;
  const { result } = (await album.get(kept.id)) ?? {};
  if (result) return result;
  throw new Error("another tab has dealt with it");
}
