/**
 * Does work until it ends or the signal is aborted, which rejects at once with the signal's reason
 * and lets the work know. Leaves no listener behind.
 *
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {(stopped: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function unlessAborted(signal, work) {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const abort = () => {
      reject(signal.reason);
      stop.abort();
    };
    if (signal?.aborted) {
      abort();
      return;
    }
    signal?.addEventListener("abort", abort);
    work(stop.signal)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener("abort", abort));
  });
}

/** A signal that ends with another, or before. */
export function within(stopped) {
  const controller = new AbortController();
  const end = () => {
    stopped.removeEventListener("abort", end);
    controller.abort();
  };
  stopped.addEventListener("abort", end);
  if (stopped.aborted) end();
  return { signal: controller.signal, end };
}
