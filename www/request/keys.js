/** Keys as typed, one for each gateway: in memory, and in the tab's storage only where chosen. */

/** @import { Provider } from "../built/wanvas.js" */

const PREFIX = "wanvas-key-";

const storage = tabStorage();
const kept = Object.entries(storage ?? {}).filter(([name]) => name.startsWith(PREFIX));

/** @type {Map<string, string>} */
const typed = new Map(kept.map(([name, key]) => [name.slice(PREFIX.length), key]));

export const keys = {
  /** Whether this tab has kept them over a reload. */
  wereKept: kept.length > 0,

  /**
   * @param {Provider} provider
   * @returns {string} empty where there is none
   */
  get(provider) {
    return typed.get(provider) ?? "";
  },

  /**
   * @param {Provider} provider
   * @param {string} key
   * @param {boolean} keep all of them, for as long as the tab is open
   */
  set(provider, key, keep) {
    typed.set(provider, key);
    for (const [each, value] of typed) {
      if (keep && value) storage?.setItem(PREFIX + each, value);
      else storage?.removeItem(PREFIX + each);
    }
  },
};

/** @returns {Storage | undefined} nothing where the browser lets this page keep nothing */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
