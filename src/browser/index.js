/** The npm package. Types and documentation of what is exported here are in `index.d.ts`. */

import { unlessAborted } from "./abort.js";
import { run } from "./call.js";
import { asked, load } from "./engine.js";
import { readOptions } from "./options.js";

export { WanvasError } from "./error.js";

export async function generate(request, options) {
  const secrets = typeof request?.prompt === "string" ? [request.prompt.trim()] : [];
  return begin("submit", request, options, secrets);
}

export async function poll(job, options) {
  return begin("resume", job, options, []);
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
function begin(how, subject, options, secrets) {
  const caller = readOptions(options);
  const about = copied(subject);
  return unlessAborted(caller.signal, async (stopped) => {
    const { Call } = await load();
    if (stopped.aborted) return undefined;
    const seed = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    const call = asked(() => Call[how](about, caller.data, caller.hasKey, Date.now(), seed));
    try {
      return await run(call, caller, secrets, stopped);
    } finally {
      call.free();
    }
  });
}

/** A copy, so that a caller may change its object for the next call while the engine loads. */
function copied(value, depth = 2) {
  if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, copied(member, depth - 1)]),
  );
}
