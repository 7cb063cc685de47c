/** The npm package. Types and documentation of what is exported here are in `index.d.ts`. */

import { unlessAborted } from "./abort.js";
import { run } from "./call.js";
import { now } from "./clock.js";
import { asked, load } from "./engine.js";
import { copied, readOptions } from "./options.js";

export { WanvasError } from "./error.js";

export async function generate(request, options) {
  return begin("submit", request, options);
}

export async function poll(job, options) {
  return begin("resume", job, options);
}

export async function sizes(provider) {
  const engine = await load();
  return asked(() => engine.sizes(provider));
}

export async function nearestSize(provider, wanted) {
  const engine = await load();
  return asked(() => engine.nearestSize(provider, wanted));
}

export async function preload(module) {
  await load(module);
}

/** Begins a call of the engine and runs it, until it ends or the caller aborts it. */
function begin(how, subject, options) {
  const caller = readOptions(options);
  const about = copied("request", subject);
  return unlessAborted(caller.signal, async (stopped) => {
    const { Call } = await load();
    if (stopped.aborted) return undefined;
    const seed = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    const call = asked(() => Call[how](about, caller.data, caller.hasKey, now(), seed));
    return run(call, caller, stopped);
  });
}
