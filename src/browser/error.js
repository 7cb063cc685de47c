/** Every failure of the package. Its members are described in `src/js/types.d.ts`. */
export class WanvasError extends Error {
  /** @param {{ message: string }} details as the engine gives them @param {unknown} [cause] */
  constructor({ message, ...details }, cause) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, details);
  }

  toJSON() {
    return { name: this.name, message: this.message, ...this };
  }
}

// As errors have it, on the prototype: so it is no member of its own.
WanvasError.prototype.name = "WanvasError";

/** An option that breaks a rule. */
export function invalid(field, message, cause) {
  const details = { code: "invalid_request", retryable: false, mayHaveBeenCharged: false };
  return new WanvasError({ message, field, ...details }, cause);
}
