/** Where requests go: to the sandbox in this page, to a gateway that serves it, or to a real one. */

import { SANDBOX_URL, sandboxFetch } from "../sandbox/sandbox.js";

/** @import { Options, Provider } from "../built/wanvas.js" */

/**
 * - `sandbox`: the gateway in this page, which draws by itself.
 * - `local`: the gateway on this machine that serves the page, which draws by itself too.
 * - `real`: a hosted gateway, or a relay to one.
 *
 * @typedef {"sandbox" | "local" | "real"} Place
 */

/** @typedef {{ place: Place, provider: Provider, baseUrl?: string }} Destination */

/** Both gateways that draw by themselves want some key, as the real ones do, and take any. */
const ANY_KEY = "any";

/** The sandbox's jobs take less than 2 s, after which the package by itself would first ask. */
export const SANDBOX_INTERVAL_MS = 400;

/**
 * The options that lead there.
 *
 * @param {Destination} destination
 * @param {string} key of the real gateway, or empty
 * @returns {Options}
 */
export function optionsFor({ place, provider, baseUrl }, key) {
  if (place === "sandbox") {
    const pollIntervalMs = SANDBOX_INTERVAL_MS;
    return { provider, baseUrl: SANDBOX_URL, apiKey: ANY_KEY, fetch: sandboxFetch, pollIntervalMs };
  }
  if (place === "local") return { provider, baseUrl: location.origin, apiKey: ANY_KEY };
  return { provider, ...(key && { apiKey: key }), ...(baseUrl && { baseUrl }) };
}

/** Whether this page is served by the local gateway, which says so in a header. */
export async function isServedByGateway() {
  try {
    const { headers } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    return headers.get("server") === "wanvas-gateway";
  } catch {
    // Offline, for instance.
    return false;
  }
}
