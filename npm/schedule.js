/**
 * What the engine's glue schedules its work by: the build puts these in place of the globals. Nearly
 * all of the engine runs in such work, whose crash nobody else would catch.
 */

import { presentLife } from "wanvas-engine";
import { guarded } from "./guard.js";

/**
 * The life of each work's instance, by the first time that it was scheduled: one that has crashed may
 * still hear of a promise, and schedule its queue again.
 *
 * @type {WeakMap<() => void, { hasCrashed: boolean }>}
 */
const lives = new WeakMap();

export function queueMicrotask(work) {
  globalThis.queueMicrotask(quietly(work));
}

export function setTimeout(work, delay) {
  const { timers } = presentLife();
  const run = quietly(work);
  const timer = globalThis.setTimeout(() => {
    timers.delete(timer);
    run();
  }, delay);
  timers.add(timer);
  return timer;
}

export function clearTimeout(timer) {
  presentLife().timers.delete(timer);
  globalThis.clearTimeout(timer);
}

/** All who wait for the work are told of its crash otherwise. */
function quietly(work) {
  const life = lives.get(work) ?? presentLife();
  lives.set(work, life);
  const run = guarded(work, life);
  return () => {
    try {
      run();
    } catch {}
  };
}
