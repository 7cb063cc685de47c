/**
 * What callers have of their calls: promises, and loops. They are kept outside the engine, which can
 * settle none once it has crashed.
 */

import { endLife, presentLife } from "../web/life.js";
import { WanvasError } from "./error.js";

export { presentLife };

/** @type {Set<OpenCall>} */
const open = new Set();

/** A call, and what is known of it. */
export class OpenCall {
  mayHaveBeenCharged = false;
  /** @type {object | undefined} */
  job = undefined;
  /** @type {string | undefined} */
  id = undefined;
  /** @type {unknown} */
  tag = undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    open.add(this);
  }

  resolve(value) {
    open.delete(this);
    this.settle.resolve(value);
  }

  reject(thrown) {
    open.delete(this);
    this.settle.reject(thrown);
  }
}

/** The engine has crashed: gives up all that it has begun, and rejects every open call. */
export function crashed(cause) {
  const life = presentLife();
  endLife(cause);
  for (const call of open) call.reject(crashError(life, call));
}

/**
 * The error of a call whose engine has crashed; its job, if it has one, goes on at the gateway.
 *
 * @param {{ cause: unknown }} life what was `presentLife()`
 * @param {{ mayHaveBeenCharged: boolean, job?: object, id?: string, tag?: unknown }} [call]
 */
export function crashError({ cause }, call = { mayHaveBeenCharged: false }) {
  const message = `the engine failed: ${cause?.message ?? cause}`;
  const details = {
    message,
    code: "engine",
    retryable: false,
    mayHaveBeenCharged: call.mayHaveBeenCharged,
  };
  for (const name of ["job", "id", "tag"]) {
    if (call[name] !== undefined) details[name] = call[name];
  }
  return new WanvasError(details, cause);
}

/**
 * An async generator of what `next` gives, until that gives nothing. `end` is called when the loop
 * over it is left, too.
 *
 * @template Item
 * @param {() => Promise<Item | undefined>} next
 * @param {() => void} end
 * @returns {AsyncGenerator<Item, void, undefined>}
 */
export async function* generator(next, end) {
  const life = presentLife();
  try {
    for (;;) {
      if (life.hasCrashed) throw crashError(life, { mayHaveBeenCharged: true });
      const item = await next();
      if (item === undefined) return;
      yield item;
    }
  } finally {
    if (!life.hasCrashed) end();
  }
}
