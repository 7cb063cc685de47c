/** Keys as typed, one for each gateway: in memory, and in the tab's storage only where chosen. */

/** @import { Provider } from "../built/wanvas.js" */

const PREFIX = "wanvas-key-";

/** @type {Map<Provider, string>} */
const typed = new Map();

export const keys = {
  /** Whether this tab keeps them over a reload. */
  get areKept() {
    return Object.keys(sessionStorage).some((name) => name.startsWith(PREFIX));
  },

  /**
   * @param {Provider} provider
   * @returns {string} empty where there is none
   */
  get(provider) {
    return typed.get(provider) ?? sessionStorage.getItem(PREFIX + provider) ?? "";
  },

  /**
   * @param {Provider} provider
   * @param {string} key
   * @param {boolean} keep for as long as the tab is open
   */
  set(provider, key, keep) {
    typed.set(provider, key);
    for (const [each, value] of typed) {
      if (keep && value) sessionStorage.setItem(PREFIX + each, value);
      else sessionStorage.removeItem(PREFIX + each);
    }
  },
};
