/** Drives a call of the engine: drain what it wants, perform it, feed back what came of it. */

import { now } from "./clock.js";
import { crash } from "./engine.js";
import { WanvasError } from "./error.js";
import { send } from "./fetch.js";
import { sleepUntil } from "./timer.js";
import { isOnline, woken } from "./wake.js";

/**
 * Runs a call to its end; when stopped, it leaves no request and no timer.
 *
 * @param {import("wanvas-engine").Call} call
 * @param {import("./options.js").Caller} caller
 * @param {AbortSignal} stopped
 */
export async function run(call, caller, stopped) {
  // The job, as far as it was told, in case that the engine itself fails.
  const known = {};
  try {
    const result = await drive(call, caller, known, stopped);
    call.free();
    return result;
  } catch (thrown) {
    if (!(thrown instanceof WanvasError)) throw crash(thrown, true, known.job);
    call.free();
    throw thrown;
  }
}

async function drive(call, caller, known, stopped) {
  let attempt;
  // Of the last request: what a result or an error is made of beside the engine's words.
  let last = {};
  while (!stopped.aborted) {
    const { send: request, progress, wait, done, failed } = call.pollOutput();
    if (done) return { ...done, raw: last.raw };
    if (failed) throw new WanvasError(failed, last.thrown);
    if (progress) tell(caller.onProgress, progress, known);
    if (request) attempt = attempted(request, caller, stopped);
    if (wait === undefined) continue;
    const news = await happening(attempt, wait, caller, stopped);
    if (!news.input.wake) {
      attempt?.end();
      attempt = undefined;
      last = news;
    }
    call.handleInput(news.input, now());
  }
  return undefined;
}

/** Begins a request, which is given up when it is ended or the call is stopped. */
function attempted(request, caller, stopped) {
  const { signal, end } = within(stopped);
  return { request, end, answer: send(request, caller, signal) };
}

/** What happens first: the answer, the time, or a wake. When stopped, the time ends at once. */
async function happening(attempt, time, caller, stopped) {
  const { signal, end } = within(stopped);
  const timeout = sleepUntil(time, signal).then(() => ({
    // A request that still waits for its key was never sent.
    input: attempt && !attempt.request.sent ? { failure: "no_key" } : {},
  }));
  const wake = woken(signal).then(() => ({
    // A caller's own `fetch` may do without a network.
    input: { wake: true, online: isOnline() || caller.fetch !== globalThis.fetch },
  }));
  try {
    return await Promise.race(attempt ? [attempt.answer, timeout, wake] : [timeout, wake]);
  } finally {
    end();
  }
}

/** A signal that ends with the call, or before. */
function within(stopped) {
  const controller = new AbortController();
  const end = () => {
    stopped.removeEventListener("abort", end);
    controller.abort();
  };
  stopped.addEventListener("abort", end);
  return { signal: controller.signal, end };
}

/** Tells the caller. Where the caller's function fails is its own affair: a paid job goes on. */
function tell(onProgress, event, known) {
  known.job = event.job ?? undefined;
  try {
    Promise.resolve(onProgress?.(event)).catch(console.error);
  } catch (thrown) {
    console.error(thrown);
  }
}
