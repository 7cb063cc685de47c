/** Words for people: errors, prices, times and sizes. */

/** @import { Generation, Provider, Size, WanvasError } from "./built/wanvas.js" */

/** @type {Record<Provider, string>} */
export const PROVIDER_NAMES = { aimlapi: "AIML API", vtrix: "Vtrix" };

/**
 * What a person can do about each error code.
 *
 * @type {Record<string, string>}
 */
const ADVICE = {
  invalid_request: "The request needs a change before it can be tried again.",
  unauthorized: "The gateway did not accept the key. Check it under “With a key”.",
  insufficient_balance:
    "The account has run out of credit. Top it up at the gateway, then try again.",
  forbidden:
    "The gateway does not allow this: the account may be out of credit, or the key may not use " +
    "this model.",
  not_found:
    "The gateway does not know this address or job. Check the base URL under “With a key”.",
  rate_limited: "The gateway has too many requests just now. Wait a little, then try again.",
  content_rejected: "The gateway’s content check refused this. Try other words.",
  generation_failed: "The gateway could not make this picture. Try again, or try other words.",
  timeout: "The picture did not come in time. The gateway may still be making it.",
  network:
    "The gateway could not be reached. Check the connection and the base URL; a gateway that does " +
    "not let web pages call it needs a relay.",
  submit_outcome_unknown:
    "No proper answer came, so it is unknown whether the gateway took the request. Check the " +
    "connection and the gateway’s account before trying again.",
  protocol: "The gateway gave an answer that makes no sense. Try again later.",
  unsupported: "This gateway cannot do that.",
  engine: "WebAssembly could not start. A newer browser, or reloading the page, may help.",
};

/**
 * An error in words: what to do, and what was said.
 *
 * @param {WanvasError | Error} error
 * @param {boolean} isFree whether nothing is ever charged there
 * @returns {{ advice: string, detail: string, charged: string | null }}
 */
export function explain(error, isFree = false) {
  const { code, retryAfterMs, mayHaveBeenCharged } = /** @type {WanvasError} */ (error);
  let advice = ADVICE[code] ?? "Something on this page went wrong. Reloading it may help.";
  if (code === "rate_limited" && retryAfterMs !== undefined) {
    const seconds = Math.ceil(retryAfterMs / 1000);
    advice = `The gateway has too many requests just now. Try again in ${seconds} s.`;
  }
  if (isFree && mayHaveBeenCharged)
    advice = "No proper answer came. Nothing is charged here: try again.";
  return {
    advice,
    detail: error.message,
    charged:
      mayHaveBeenCharged && !isFree ? "The gateway may have charged for this request." : null,
  };
}

/** @param {Size} size */
export function pixels({ width, height }) {
  return `${width} × ${height}`;
}

/** @param {number} count */
export function pictures(count) {
  return count === 1 ? "1 picture" : `${count} pictures`;
}

/** @param {NonNullable<Generation["cost"]>} cost As the gateway told it: the text is not rounded. */
export function price(cost) {
  const { amount, currency } = cost;
  return currency === "USD" ? `$${amount}` : `${amount} ${currency} (${dollars(total([cost]))})`;
}

/** AIML API's credits in a dollar. */
const CREDITS = 2_000_000;

/** @param {NonNullable<Generation["cost"]>[]} costs @returns {number} in dollars */
export function total(costs) {
  const each = costs.map(
    ({ amount, currency }) => Number(amount) / (currency === "USD" ? 1 : CREDITS),
  );
  return each.reduce((sum, one) => sum + one, 0);
}

/** @param {number} amount */
export function dollars(amount) {
  return `$${Number(amount.toFixed(4))}`;
}

/** @param {number} count */
export function bytes(count) {
  return count < 1e6 ? `${Math.ceil(count / 1e3)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** @param {number} unixMs */
export function dateTime(unixMs) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(
    unixMs,
  );
}
