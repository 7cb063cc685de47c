/** Every failure of the package. Its members are described in `types.d.ts`. */
export class WanvasError extends Error {
  /**
   * @param {{ message: string }} details its members, and the message
   * @param {unknown} [cause] what was thrown, if anything was
   */
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
