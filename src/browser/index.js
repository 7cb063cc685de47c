/** The npm package. Types and documentation of what is exported here are in `index.d.ts`. */

import { unlessAborted } from "./abort.js";
import { perform } from "./call.js";
import { asked, load } from "./engine.js";
import { copied, readOptions } from "./options.js";
import { entryOf } from "./resume.js";

export { WanvasError } from "./error.js";
export { forget, pending, resume } from "./resume.js";

export async function generate(request, options) {
  const caller = readOptions(options);
  const subject = copied("request", request);
  return unlessAborted(caller.signal, (stopped) => perform("submit", subject, caller, stopped));
}

export async function poll(job, options) {
  const caller = readOptions(options);
  const subject = copied("request", job);
  return unlessAborted(caller.signal, async (stopped) => {
    const id = await entryOf(subject, caller);
    return perform("resume", subject, caller, stopped, id);
  });
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
