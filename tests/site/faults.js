/** What an app does with the package while faults are on their way, in the page itself. */

import { forget, generate, pending, poll, WanvasError } from "/pkg/wanvas.js";

/**
 * Makes calls side by side.
 *
 * @param {object[]} plans one for each call
 * @param {number} [setClockByMs] sets the computer's clock so far ahead, or back, once the submits
 *   are on their way
 */
export async function meetAll(plans, setClockByMs) {
  // What an earlier fault taught of durations, or of a gateway without streams, is not to count here.
  await forget("durations");
  const { now } = Date;
  const clock = {
    isSet: () => Date.now !== now,
    set: () => {
      Date.now = () => now() + setClockByMs;
    },
    // Once for all calls, which leave together.
    setSoon: () => {
      if (setClockByMs) clock.timer ??= setTimeout(clock.set, 50);
    },
  };
  return Promise.all(plans.map((plan) => meet(plan, clock)));
}

/** Makes calls that go well, after which connections are open where the gateway keeps them. */
export async function warmUp(plans) {
  for (const { request, options } of plans) await generate(request, options);
}

/**
 * Makes one call, and tells everything that an app would notice of it.
 *
 * @param {object} plan
 * @param {import("wanvas").GenerateRequest} plan.request
 * @param {import("wanvas").Options} plan.options
 * @param {boolean} [plan.keyFails] whether the `apiKey` function throws
 * @param {boolean} [plan.poll] whether to go on with the job that the error names
 * @param {boolean} [plan.download] whether to load the picture, twice
 * @param {{ isSet: () => boolean, setSoon: () => void }} clock
 */
async function meet(plan, clock) {
  const sent = [];
  const progress = [];
  const options = {
    ...plan.options,
    onProgress: (event) => {
      clock.setSoon();
      progress.push(event.progress);
    },
    // Notes and passes on.
    fetch: (url, init) => {
      sent.push({ method: init.method, url, hasKey: "authorization" in init.headers });
      return fetch(url, init);
    },
  };
  if (plan.keyFails) options.apiKey = () => Promise.reject(new Error("no key today"));
  const outcome = await settled(generate(plan.request, options));
  const told = { outcome, progress, sent: [...sent], clockWasSet: clock.isSet() };
  told.pending = (await pending(options)).map((entry) => entry.job?.id ?? null);
  if (plan.poll) {
    told.polled = await settled(poll(outcome.error.job, { ...options, timeoutMs: 20_000 }));
    told.pendingAfterPoll = (await pending(options)).length;
  }
  for (const entry of await pending(options)) await forget(entry);
  if (plan.download) {
    const { url } = outcome.images[0];
    told.downloads = [await downloaded(url), await downloaded(url)];
  }
  return told;
}

/** The outcome of a call, as plain data. */
async function settled(call) {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof WanvasError)) throw error;
    return { error: error.toJSON() };
  }
}

/** Whether a picture can be loaded whole; WebKit passes off a half as that. */
async function downloaded(url) {
  try {
    const response = await fetch(url);
    const { size } = await response.blob();
    return response.ok && size === Number(response.headers.get("content-length"));
  } catch {
    return false;
  }
}
