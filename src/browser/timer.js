import { now } from "./clock.js";

/** The longest delay that `setTimeout` takes; it runs a longer one at once. */
const MAX_DELAY_MS = 2_147_483_647;

/**
 * Waits until the clock says so, since a timer can fire early, and a sleeping machine's fires late.
 * An abort ends the wait; nothing is left behind.
 *
 * @param {number} time Unix milliseconds
 * @param {AbortSignal} signal
 */
export async function sleepUntil(time, signal) {
  while (!signal.aborted && now() < time) {
    await new Promise((resolve) => {
      const timer = setTimeout(done, Math.min(time - now(), MAX_DELAY_MS));
      signal.addEventListener("abort", done);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
    });
  }
}
