/** Tells whether the page is being left, when browsers fail its requests for no fault of theirs. */

import { now } from "./clock.js";
import { sleepUntil } from "./timer.js";

const EVENTS = ["beforeunload", "pagehide"];

/** How long a page that is left may live on, in milliseconds: until the next one answers. */
const REST_MS = 5000;

/** Watches from now on. `end` leaves no listener behind, which could keep a page from its cache. */
export function watchLeaving() {
  let leaving = false;
  const note = () => {
    leaving = true;
  };
  for (const event of EVENTS) globalThis.addEventListener?.(event, note);
  return {
    /**
     * Resolves at once if the page stays; if it is being left, only when it still lives after all:
     * what it concluded before would be told to nobody.
     */
    async stays(signal) {
      if (leaving) await sleepUntil(now() + REST_MS, signal);
    },

    end() {
      for (const event of EVENTS) globalThis.removeEventListener?.(event, note);
    },
  };
}
