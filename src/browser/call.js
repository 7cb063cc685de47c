/** Drives a call of the engine: drain what it wants, perform it, feed back what came of it. */

import { now } from "./clock.js";
import { crash } from "./engine.js";
import { WanvasError } from "./error.js";
import { send } from "./fetch.js";
import { sleepUntil } from "./timer.js";

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
  let request;
  // Of the last request: what a result or an error is made of beside the engine's words.
  let news;
  while (!stopped.aborted) {
    const { send: toSend, progress, wait, done, failed } = call.pollOutput();
    if (done) return { ...done, raw: news.raw };
    if (failed) throw new WanvasError(failed, news?.thrown);
    if (progress) tell(caller.onProgress, progress, known);
    if (toSend) request = toSend;
    if (wait === undefined) continue;
    news = await happening(request, wait, caller, stopped);
    request = undefined;
    call.handleInput(news.input, now());
  }
  return undefined;
}

/** What happens first: the answer, or the time. The other is given up, and both when stopped. */
async function happening(request, time, caller, stopped) {
  const attempt = new AbortController();
  const end = () => attempt.abort();
  stopped.addEventListener("abort", end);
  const answer = request && send(request, caller, attempt.signal);
  const timeout = sleepUntil(time, attempt.signal).then(() => ({
    // A request that still waits for its key was never sent.
    input: request && !request.sent ? { failure: "no_key" } : {},
  }));
  try {
    return await (answer ? Promise.race([answer, timeout]) : timeout);
  } finally {
    stopped.removeEventListener("abort", end);
    end();
  }
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
