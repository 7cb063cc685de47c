/** Every failure of the package. Its members are described in `index.d.ts`. */
export class WanvasError extends Error {
  /** @param {{ message: string }} details as the engine gives them @param {unknown} [cause] */
  constructor({ message, ...details }, cause) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, details);
  }

  get name() {
    return "WanvasError";
  }

  toJSON() {
    return { name: this.name, message: this.message, ...this };
  }
}

/** An option that breaks a rule. */
export function invalid(field, message) {
  const code = "invalid_request";
  return new WanvasError({ message, code, field, retryable: false, mayHaveBeenCharged: false });
}

/**
 * The details without the secrets: a gateway may repeat in its words what it was sent.
 *
 * @param {Iterable<string>} secrets
 */
export function redacted(details, secrets) {
  const clean = { ...details };
  for (const name of ["message", "providerCode", "requestId"]) {
    for (const secret of secrets) clean[name] = clean[name]?.replaceAll(secret, "…");
    if (clean[name] === undefined) delete clean[name];
  }
  return clean;
}
