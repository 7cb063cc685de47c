/**
 * The life of the engine's instance. One that has crashed can undo nothing of what it has begun, so
 * what does that is kept outside it.
 */

class Life {
  hasCrashed = false;
  /** @type {unknown} what crashed it */
  cause = undefined;
  /** @type {Set<() => void>} what is still to be undone */
  undos = new Set();
  /** Timers that have not fired. */
  timers = new Set();
}

let life = new Life();

/** The life of the present instance. */
export function presentLife() {
  return life;
}

/** The present instance has crashed: what it has begun is undone, and another follows. */
export function endLife(cause) {
  const ended = life;
  life = new Life();
  Object.assign(ended, { hasCrashed: true, cause });
  for (const timer of ended.timers) clearTimeout(timer);
  for (const undo of ended.undos) {
    try {
      undo();
    } catch {
      // A caller's own object: the others are undone all the same.
    }
  }
}

/** A function that undoes something, which a crash does too; once. */
function undoing(undo) {
  const { undos } = life;
  const once = () => {
    if (undos.delete(once)) undo();
  };
  undos.add(once);
  return once;
}

/** What a function would undo is over: it undoes nothing any more. */
export function release(undo) {
  life.undos.delete(undo);
}

/** Listens to an event; the function that is returned removes the listener. */
export function listening(target, event, listener) {
  target.addEventListener(event, listener);
  return undoing(() => target.removeEventListener(event, listener));
}

/** The function that is returned aborts. */
export function aborting(controller) {
  return undoing(() => controller.abort());
}

/** The function that is returned closes a channel or a database. */
export function closing(open) {
  return undoing(() => open.close());
}

/** Resolves when the signal is aborted. */
export function aborted(signal) {
  return new Promise((resolve) => signal.addEventListener("abort", resolve));
}

/**
 * What `await` makes of a value, for an engine that may have crashed by the very moment of being called
 * back: it hears nothing then.
 */
export function settled(value) {
  const own = life;
  // A new promise: the `then` of a caller's own may throw, or call back twice.
  const promise = new Promise((take) => take(value));
  return {
    // biome-ignore lint/suspicious/noThenProperty: to be asked like a promise is what it is for.
    then(resolve, reject) {
      promise.then(
        (result) => own.hasCrashed || resolve(result),
        (thrown) => own.hasCrashed || reject(thrown),
      );
    },
  };
}
