/** Makes many calls at once, as they were planned, and tells what each of them came to. */

import { at } from "/app.js";
import { forget, generate, pending, poll, resume, WanvasError } from "/pkg/wanvas.js";

const PROVIDERS = ["aimlapi", "vtrix"];
const COMMON = {
  concurrency: 8,
  pollIntervalMs: 5,
  headers: { "X-Client-Request-Id": "{id}" },
};
/** Longer than any row of faults, so that a job is given up only where it is lost. */
const RESUME_MS = 15_000;
/** How often a job is resumed whose checks were refused, before it counts as stuck. */
const ROUNDS = 5;

/**
 * Makes the calls, and then goes on with what is unfinished.
 *
 * @param {object[]} plans
 * @returns {Promise<{ calls: object[], resumed: object[], left: number, locks: number }>}
 */
export async function runBatch(plans) {
  // Also that the gateway refused a stream.
  await forget("durations");
  const calls = await Promise.all(plans.map(run));
  const resumed = (await Promise.all(PROVIDERS.map(resumeAll))).flat();
  const left = await Promise.all(PROVIDERS.map(leftOf));
  const { held, pending: waiting } = await navigator.locks.query();
  return { calls, resumed, left: left.flat().length, locks: held.length + waiting.length };
}

async function run({ provider, count, timeoutMs, isStreamed, isPolled, abortMs }) {
  const call = { provider, id: null, sends: 0, outcomes: [] };
  const aborter = new AbortController();
  const timer = abortMs === null ? undefined : setTimeout(() => aborter.abort(), abortMs);
  const options = {
    ...at(provider, COMMON),
    timeoutMs,
    // Where an interval is fixed, there is no stream.
    pollIntervalMs: isStreamed ? undefined : COMMON.pollIntervalMs,
    signal: aborter.signal,
    wait: !isPolled,
    // Notes each submit and passes on.
    fetch(url, init) {
      if (init.method === "POST") {
        call.id = new Headers(init.headers).get("X-Client-Request-Id");
        call.sends += 1;
      }
      return fetch(url, init);
    },
  };
  const first = await outcomeOf(generate({ prompt: "a heron", count }, options));
  call.outcomes.push(first);
  if (first.kind === "accepted") {
    call.outcomes.push(await outcomeOf(poll(first.job, { ...options, wait: true })));
  }
  clearTimeout(timer);
  return call;
}

/** Goes on with all that is unfinished at a gateway, until nothing is. */
async function resumeAll(provider) {
  const resumed = [];
  for (let round = 0; round < ROUNDS && (await leftOf(provider)).length > 0; round += 1) {
    for await (const { entry, generation, error } of resume(optionsToResume(provider))) {
      const outcome = error ? errorOf(error) : generationOf(generation);
      resumed.push({ id: entry.id, job: entry.job, ...outcome });
      // The gateway has lost it, and says so for ever.
      if (outcome.code === "not_found") await forget(entry);
    }
  }
  return resumed;
}

function optionsToResume(provider) {
  return at(provider, { ...COMMON, timeoutMs: RESUME_MS });
}

function leftOf(provider) {
  return pending(at(provider, COMMON));
}

/** What came of a call, as plain data: pictures, a job, an error, or nothing as it was aborted. */
async function outcomeOf(promise) {
  try {
    return generationOf(await promise);
  } catch (error) {
    if (error.name === "AbortError") return { kind: "aborted" };
    if (!(error instanceof WanvasError)) throw error;
    return errorOf(error);
  }
}

function generationOf({ status, job, images }) {
  if (status !== "succeeded") return { kind: "accepted", job };
  return { kind: "delivered", job, urls: images.map(({ url }) => url) };
}

function errorOf({ code, job, mayHaveBeenCharged }) {
  return { kind: "error", code, job, mayHaveBeenCharged };
}
