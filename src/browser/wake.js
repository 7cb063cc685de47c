/** Signs that waiting may be over sooner than a timer says: a hidden page's timers are slow. */

/** Events, and where they are told; a worker has no document and is never hidden. */
const EVENTS = [
  [globalThis.document, "visibilitychange"],
  [globalThis, "pageshow"],
  [globalThis, "online"],
  [globalThis, "offline"],
];

/** Whether there is a network, as far as the browser knows; yes where nothing tells. */
export function isOnline() {
  return globalThis.navigator?.onLine !== false;
}

/**
 * Resolves when the page is seen again, comes back from the back-forward cache, or when the network
 * comes or goes. An abort ends the wait and leaves nothing behind.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function woken(signal) {
  return new Promise((resolve) => {
    const done = ({ type }) => {
      // Hidden is no reason to hurry.
      if (type === "visibilitychange" && document.visibilityState === "hidden") return;
      for (const [target, event] of EVENTS) target?.removeEventListener?.(event, done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    for (const [target, event] of EVENTS) target?.addEventListener?.(event, done);
    signal.addEventListener("abort", done);
  });
}
