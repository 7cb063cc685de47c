/** The npm package. Types and documentation of what is exported here are in `src/js/types.d.ts`. */

import { unlessAborted } from "./abort.js";
import * as call from "./call.js";
import { asked, load } from "./engine.js";
import { openPage } from "./journal.js";
import { copied, readOptions } from "./options.js";
import { entryOf } from "./resume.js";

export { WanvasError } from "./error.js";
export { forget, pending, resume } from "./resume.js";

export function generate(request, options) {
  return delivered("submit", request, options);
}

export function poll(job, options) {
  return delivered("resume", job, options);
}

export async function check(request, options) {
  const caller = readOptions(options);
  return unlessAborted(caller.signal, () => call.check(copied("request", request), caller));
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

/** Makes a call, whose page of the journal is closed when the caller has been given its result. */
function delivered(how, subject, options) {
  let page;
  const result = (async () => {
    const caller = readOptions(options);
    const about = copied("request", subject);
    return unlessAborted(caller.signal, async (stopped) => {
      const id = how === "resume" ? await entryOf(about, caller) : undefined;
      page = openPage(caller.journal, id);
      return call.perform(how, about, caller, stopped, page);
    });
  })();
  // The caller's promise is its own, so that what it does not handle is told as unhandled.
  const given = result.then((generation) => generation);
  // The caller's own reaction to the result comes first: it is attached by then.
  const after = () => Promise.resolve().then(() => page?.delivered());
  result.then(after, after);
  return given;
}
