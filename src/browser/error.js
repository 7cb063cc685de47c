/** Every failure of the package. Its members are described in `index.d.ts`. */
export class WanvasError extends Error {
  constructor(message, details, cause) {
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
