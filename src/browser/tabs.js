/** What the tabs of an origin, and the calls of a page, tell each other of a job. */

/** The name of the channel, and the beginning of each lock's; another protocol takes another. */
const NAME = "wanvas/1";

/**
 * Waits until nobody else has the entry, in this tab or another; a tab that is closed has nothing.
 * Resolves with the function that lets it go. Where the browser has no locks, only the calls of
 * this page wait for each other.
 *
 * @param {string} id
 * @param {AbortSignal} stopped
 * @returns {Promise<() => void>}
 */
export function hold(id, stopped) {
  const locks = globalThis.navigator?.locks ?? pageLocks;
  return new Promise((resolve) => {
    const held = () => new Promise((release) => resolve(release));
    locks
      .request(`${NAME} ${id}`, { signal: stopped }, held)
      // Aborted, or refused as in a sandboxed frame: there is nobody to keep out.
      .catch(() => resolve(() => {}));
  });
}

/** The end of each line of waiters in this page. */
const lines = new Map();

const pageLocks = {
  async request(name, { signal }, held) {
    const before = lines.get(name);
    const turn = (async () => {
      await before;
      if (!signal.aborted) await held();
    })();
    lines.set(name, turn);
    await turn;
    if (lines.get(name) === turn) lines.delete(name);
  },
};

/** Tells every other tab and call how a job ended. */
export function announce(id, outcome) {
  try {
    const channel = new BroadcastChannel(NAME);
    channel.postMessage({ id, outcome });
    channel.close();
  } catch {
    // Without it, each finds out for itself.
  }
}

/**
 * Listens to what is announced, until stopped.
 *
 * @param {AbortSignal} stopped
 * @returns {(id: string) => Promise<object>} resolves with how that job ended, if it is told
 */
export function listen(stopped) {
  const waiting = new Map();
  try {
    const channel = new BroadcastChannel(NAME);
    channel.onmessage = ({ data }) => {
      const outcome = data?.outcome;
      if (outcome?.generation || outcome?.error) waiting.get(data.id)?.(outcome);
    };
    stopped.addEventListener("abort", () => channel.close());
  } catch {
    // Without it, each finds out for itself.
  }
  return (id) => new Promise((resolve) => waiting.set(id, resolve));
}
