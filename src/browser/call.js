/** Drives a call of the engine: drain what it wants, perform it, feed back what came of it. */

import { within } from "./abort.js";
import { now } from "./clock.js";
import { asked, crash, load } from "./engine.js";
import { WanvasError } from "./error.js";
import { send } from "./fetch.js";
import { enter } from "./lane.js";
import { sleepUntil } from "./timer.js";
import { isOnline, woken } from "./wake.js";

/** The place of a call that needs none. */
const FREE = { free: true, leave() {} };

/**
 * Makes a call of the engine, and runs it to its end; when stopped, it leaves no request and no
 * timer.
 *
 * @param {"submit" | "resume" | "recover"} how
 * @param {object} subject a request, a job, or an entry of the journal
 * @param {import("./options.js").Caller} caller
 * @param {AbortSignal} stopped
 * @param {ReturnType<typeof import("./journal.js").openPage>} page
 */
export async function perform(how, subject, caller, stopped, page) {
  const submits = how === "submit";
  // What was sent and the job, as far as it is known, in case that the engine itself fails.
  const known = { sent: !submits, job: submits ? undefined : (subject?.job ?? subject) };
  let call;
  let place = FREE;
  try {
    const { Call, lane } = await load();
    if (stopped.aborted) return undefined;
    call = begun(Call, how, subject, caller);
    const { provider, baseUrl, concurrency, wait } = asked(() => lane(caller.data, caller.hasKey));
    // New jobs do not wait for old ones; and to look once at a job is no reason to wait at all.
    const name = `${submits ? "new" : "old"} ${provider} ${baseUrl}`;
    if (how !== "resume" || wait) place = enter(name, concurrency);
    const generation = await drive(call, caller, place, page, known, stopped);
    call.free();
    page.close({ generation }, known.settled);
    return generation;
  } catch (thrown) {
    const isTold = thrown instanceof WanvasError;
    if (isTold) call?.free();
    const error = isTold ? thrown : crash(thrown, known.sent, known.job);
    page.close({ error: { message: error.message, ...error } }, known.settled);
    throw error;
  } finally {
    place.leave();
  }
}

/** Throws what is wrong with a request or its options, as to begin its call does. */
export async function check(request, caller) {
  const { Call } = await load();
  begun(Call, "submit", request, caller).free();
}

function begun(Call, how, subject, caller) {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  const seed = (high >>> 11) * 2 ** 32 + low;
  return asked(() => Call.begin(how, subject, caller.data, caller.hasKey, now(), seed));
}

async function drive(call, caller, place, page, known, stopped) {
  // What is awaited beside the time: the call's turn, then each answer.
  let attempt = awaitedTurn(call, caller, place);
  // Of the last request: what a result or an error is made of beside the engine's words.
  let last = {};
  // Whether there is an entry for a submit that has not left.
  let isEarly = false;
  try {
    while (!stopped.aborted) {
      const output = call.pollOutput();
      const { keep, forget, send: request, progress, wait, done, failed } = output;
      known.settled = output.settled;
      if (done) return { ...done, ...warningsOf(page), raw: last.raw };
      if (failed) throw new WanvasError(failed, last.thrown);
      if (keep) {
        known.job = keep.job ?? undefined;
        isEarly = !known.job;
        await page.keep(keep, stopped);
      }
      if (forget) page.forget();
      if (progress) tell(caller.onProgress, progress);
      if (request) {
        // One at a time: an earlier one is given up.
        attempt?.end();
        attempt = attempted(request, caller, stopped);
      }
      if (wait === undefined) continue;
      const news = await happening(attempt, wait, caller, stopped);
      if (attempt?.request.sent) {
        known.sent = true;
        isEarly = false;
      }
      if (news.answered) {
        attempt.end();
        attempt = undefined;
        last = news;
      }
      call.handleInput(news.input, now());
    }
    if (isEarly) page.forget();
    return undefined;
  } finally {
    attempt?.end();
  }
}

/** Begins the call if it is its turn, or has it wait for that as for an answer. */
function awaitedTurn(call, caller, { free, turn }) {
  const begin = () => ({ input: { turn: true, online: hasNetwork(caller) } });
  call.handleInput(free ? begin().input : { queue: true }, now());
  return free ? undefined : { request: {}, end() {}, answer: turn.then(begin) };
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
    // A submit that still waits for its key was never sent.
    input: isUnsent(attempt) ? { failure: "no_key" } : {},
  }));
  const wake = woken(signal).then(() => ({ input: { wake: true, online: hasNetwork(caller) } }));
  const answer = attempt?.answer.then((news) => ({ ...news, answered: true }));
  try {
    return await Promise.race(answer ? [answer, timeout, wake] : [timeout, wake]);
  } finally {
    end();
  }
}

function isUnsent(attempt) {
  return attempt?.request.method === "POST" && !attempt.request.sent;
}

/** Whether requests can be sent, as far as is known: a caller's own `fetch` may need no network. */
function hasNetwork({ fetch }) {
  return isOnline() || fetch !== globalThis.fetch;
}

function warningsOf({ warnings }) {
  return warnings.size > 0 ? { warnings: [...warnings] } : {};
}

/** Tells the caller. Where the caller's function fails is its own affair: a paid job goes on. */
function tell(onProgress, event) {
  try {
    Promise.resolve(onProgress?.(event)).catch(console.error);
  } catch (thrown) {
    console.error(thrown);
  }
}
