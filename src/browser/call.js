/** Drives a call of the engine: drain what it wants, perform it, feed back what came of it. */

import { within } from "./abort.js";
import { now } from "./clock.js";
import { asked, crash, load } from "./engine.js";
import { WanvasError } from "./error.js";
import { send } from "./fetch.js";
import { openPage } from "./journal.js";
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
 * @param {string} [id] of the subject's entry in the journal, where it has one
 */
export async function perform(how, subject, caller, stopped, id) {
  const { Call, lane } = await load();
  if (stopped.aborted) return undefined;
  const seed = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
  const call = asked(() => Call.begin(how, subject, caller.data, caller.hasKey, now(), seed));
  const { wait, ...where } = asked(() => lane(caller.data, caller.hasKey));
  // To look once at a job is no reason to wait for others.
  const place = how === "resume" && !wait ? FREE : enter(where);
  const page = openPage(caller.journal, id);
  // The job, as far as it was told, in case that the engine itself fails.
  const known = {};
  try {
    const generation = await drive(call, caller, place, page, known, stopped);
    page.close(generation && { generation });
    return generation;
  } catch (thrown) {
    const error = thrown instanceof WanvasError ? thrown : crash(thrown, true, known.job);
    page.close({ error: { message: error.message, ...error } });
    throw error;
  } finally {
    place.leave();
  }
}

async function drive(call, caller, place, page, known, stopped) {
  // What is awaited beside the time: the call's turn, then each answer.
  let attempt = awaitedTurn(call, caller, place);
  // Of the last request: what a result or an error is made of beside the engine's words.
  let last = {};
  // An entry for a submit that has not left.
  let unsent = false;
  while (!stopped.aborted) {
    const { keep, forget, send: request, progress, wait, done, failed } = call.pollOutput();
    if (done || failed) call.free();
    if (done) return { ...done, ...warningsOf(page), raw: last.raw };
    if (failed) throw new WanvasError(failed, last.thrown);
    if (keep) {
      unsent = keep.job === null;
      await page.keep(keep, stopped);
    }
    if (forget) page.forget();
    if (progress) tell(caller.onProgress, progress, known);
    if (request) attempt = attempted(request, caller, stopped);
    if (wait === undefined) continue;
    const news = await happening(attempt, wait, caller, stopped);
    unsent &&= !attempt?.request.sent;
    if (!news.input.wake) {
      attempt?.end();
      attempt = undefined;
      last = news;
    }
    call.handleInput(news.input, now());
  }
  call.free();
  if (unsent) page.forget();
  return undefined;
}

/** Begins the call if it is its turn, or has it wait for that as for an answer. */
function awaitedTurn(call, caller, { free, turn }) {
  const begin = () => ({ input: { turn: true, online: hasNetwork(caller) } });
  call.handleInput(free ? begin().input : { queue: true }, now());
  return free ? undefined : { request: { sent: true }, end() {}, answer: turn.then(begin) };
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
  const wake = woken(signal).then(() => ({ input: { wake: true, online: hasNetwork(caller) } }));
  try {
    return await Promise.race(attempt ? [attempt.answer, timeout, wake] : [timeout, wake]);
  } finally {
    end();
  }
}

/** Whether requests can be sent, as far as is known: a caller's own `fetch` may need no network. */
function hasNetwork({ fetch }) {
  return isOnline() || fetch !== globalThis.fetch;
}

function warningsOf({ warnings }) {
  return warnings.size > 0 ? { warnings: [...warnings] } : {};
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
