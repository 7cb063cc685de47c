/** Going on with jobs whose page is gone, by the journal. */

import { unlessAborted, within } from "./abort.js";
import { perform } from "./call.js";
import { now } from "./clock.js";
import { asked, load } from "./engine.js";
import { invalid, WanvasError } from "./error.js";
import { listed, removed } from "./journal.js";
import { readOptions } from "./options.js";
import { heard, hold } from "./tabs.js";
import { sleepUntil } from "./timer.js";

/** The version of entries that is understood; others are left alone. */
const VERSION = 1;

/** How long the news of a job's end may take from one tab to another, in milliseconds. */
const NEWS_MS = 1000;

export async function pending(options) {
  const caller = readOptions(options);
  // To look takes no key, which a page may not have yet.
  const hasKey = caller.hasKey || !caller.data?.baseUrl;
  return unlessAborted(caller.signal, () => unfinished({ ...caller, hasKey }));
}

export async function* resume(options) {
  const caller = readOptions(options);
  const left = new AbortController();
  const waiting = new Map();
  try {
    const entries = await unlessAborted(caller.signal, () => unfinished(caller));
    for (const entry of entries) waiting.set(entry.id, outcomeOf(entry, caller, left.signal));
    while (waiting.size > 0) {
      const first = () => Promise.race(waiting.values());
      const { entry, outcome, settle } = await unlessAborted(caller.signal, first);
      waiting.delete(entry.id);
      // Not before: who leaves the loop here has not been given it.
      settle();
      if (outcome) yield { entry, ...outcome };
    }
  } finally {
    left.abort();
    for (const outcome of waiting.values()) outcome.then(({ letGo }) => letGo());
  }
}

export async function forget(job, options) {
  const { journal } = readOptions(options);
  if (typeof job?.id !== "string")
    throw invalid("job", "job must be a job, or an entry of pending()");
  const same = (entry) => entry.id === job.id || isOf(entry, job);
  const entries = (await listed(journal)).filter(same);
  await Promise.all(entries.map(({ id }) => removed(journal, id)));
}

/** The id of a job's entry, if it has one. */
export async function entryOf(job, { journal }) {
  return (await listed(journal)).find((entry) => isOf(entry, job))?.id;
}

function isOf(entry, job) {
  return entry.job?.id === job?.id && entry.provider === job?.provider;
}

/** The entries of jobs at the caller's gateway, oldest first. */
async function unfinished(caller) {
  const engine = await load();
  const { provider, baseUrl } = asked(() => engine.lane(caller.data, caller.hasKey));
  const ours = (entry) =>
    entry.version === VERSION && entry.provider === provider && entry.baseUrl === baseUrl;
  const entries = (await listed(caller.journal)).filter(ours);
  return entries.sort((one, other) => one.submittedAt - other.submittedAt);
}

/**
 * How a job ends, whoever waits for it; no outcome if that was told where it ended. The entry is
 * held until the outcome is given to the caller, which settles it, or until it is let go.
 */
async function outcomeOf(entry, caller, stopped) {
  const { id } = entry;
  const { journal } = caller;
  const { signal, end } = within(stopped);
  const told = heard(id, signal).then(received);
  const held = hold(id, signal);
  const letGo = () => held.then((release) => release());
  let over = false;
  let outcome = await Promise.race([told, held.then(() => undefined)]);
  if (!outcome) {
    const current = (await listed(journal)).find((one) => one.id === id);
    const forgetLater = () => {
      over = true;
    };
    outcome = current
      ? await recovered(current, { ...caller, journal: { delete: forgetLater } }, signal)
      : await Promise.race([told, sleepUntil(now() + NEWS_MS, signal)]);
  }
  end();
  const settle = () => {
    if (over) removed(journal, id);
    letGo();
  };
  return { entry, outcome, settle, letGo };
}

async function recovered(entry, caller, stopped) {
  try {
    return { generation: await perform("recover", entry, caller, stopped, entry.id) };
  } catch (error) {
    return { error };
  }
}

/** An outcome as another tab told it. */
function received({ generation, error }) {
  return error ? { error: new WanvasError(error) } : { generation };
}
