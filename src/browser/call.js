/** Drives a call of the engine: drain what it wants, perform it, feed back what came of it. */

import { redacted, WanvasError } from "./error.js";
import { send } from "./fetch.js";
import { sleepUntil } from "./timer.js";

/** A shorter prompt is no secret, and would take single letters out of an error's words. */
const MIN_SECRET = 4;

/**
 * Runs a call to its end; when stopped, it leaves no request and no timer.
 *
 * @param {import("wanvas-engine").Call} call
 * @param {import("./options.js").Caller} caller
 * @param {string[]} texts what must not come up in an error, beside the key
 * @param {AbortSignal} stopped
 */
export async function run(call, caller, texts, stopped) {
  const secrets = new Set(texts.filter((text) => text.length >= MIN_SECRET));
  let request;
  // Of the last request: what a result or an error is made of beside the engine's words.
  let news;
  while (!stopped.aborted) {
    const { send: toSend, progress, wait, done, failed } = call.pollOutput();
    if (done) return { ...done, raw: news.raw };
    if (failed) throw new WanvasError(redacted(failed, secrets), news?.thrown);
    if (progress) tell(caller.onProgress, progress);
    if (toSend) request = toSend;
    if (wait === undefined) continue;
    news = await happening(request, wait, caller, secrets, stopped);
    request = undefined;
    call.handleInput(news.input, Date.now());
  }
  return undefined;
}

/** What happens first: the answer, or the time. The other is given up, and both when stopped. */
async function happening(request, time, caller, secrets, stopped) {
  const attempt = new AbortController();
  const end = () => attempt.abort();
  stopped.addEventListener("abort", end);
  const timeout = sleepUntil(time, attempt.signal).then(() => ({ input: {} }));
  const answer = request && send(request, caller, secrets, attempt.signal);
  try {
    return await (answer ? Promise.race([answer, timeout]) : timeout);
  } finally {
    stopped.removeEventListener("abort", end);
    end();
  }
}

/** Tells the caller. What the caller's function throws is its own affair: a paid job goes on. */
function tell(onProgress, event) {
  try {
    onProgress?.(event);
  } catch (thrown) {
    console.error(thrown);
  }
}
