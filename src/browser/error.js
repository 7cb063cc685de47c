/** The errors of the package. */

import { WanvasError } from "../js/error.js";

export { WanvasError };

/** An option that breaks a rule. */
export function invalid(field, message, cause) {
  const details = { code: "invalid_request", retryable: false, mayHaveBeenCharged: false };
  return new WanvasError({ message, field, ...details }, cause);
}
