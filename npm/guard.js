/** What calls the engine, and is told when that crashes. */

import { crashError, crashed, presentLife, restart } from "wanvas-engine";

/** The life that the engine's instance has; none before it is first called. */
let running;

/**
 * Work of an instance of the engine, which is none any more once that has crashed: the first call after
 * it begins another. What it throws is a crash: it tells of its errors by promises.
 *
 * @template {unknown[]} Args
 * @template Result
 * @param {(...args: Args) => Result} work
 * @param {{ hasCrashed: boolean }} [life] the instance's; the present one's, unless it is told
 * @returns {(...args: Args) => Result}
 */
export function guarded(work, life = presentLife()) {
  return (...args) => {
    if (life.hasCrashed) throw crashError(life);
    if (running && running !== life) restart();
    running = life;
    try {
      return work(...args);
    } catch (cause) {
      // A panic has told of itself.
      if (!life.hasCrashed) crashed(cause);
      throw crashError(life);
    }
  };
}
