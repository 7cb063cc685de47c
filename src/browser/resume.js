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
  return unlessAborted(caller.signal, () => unfinished(caller));
}

export async function* resume(options) {
  const caller = readOptions(options);
  const left = new AbortController();
  try {
    const entries = await unlessAborted(caller.signal, () => unfinished(caller));
    const waiting = new Map(
      entries.map((entry) => [entry.id, outcomeOf(entry, caller, left.signal)]),
    );
    while (waiting.size > 0) {
      const first = () => Promise.race(waiting.values());
      const { entry, outcome } = await unlessAborted(caller.signal, first);
      waiting.delete(entry.id);
      if (outcome) yield { entry, ...outcome };
    }
  } finally {
    left.abort();
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

/** How a job ends, whoever waits for it; no outcome if that was told where it ended. */
async function outcomeOf(entry, caller, stopped) {
  const { signal, end } = within(stopped);
  const told = heard(entry.id, signal).then(received);
  const held = hold(entry.id, signal);
  try {
    let outcome = await Promise.race([told, held.then(() => undefined)]);
    if (!outcome) {
      const current = (await listed(caller.journal)).find(({ id }) => id === entry.id);
      outcome = current
        ? await recovered(current, caller, signal)
        : await Promise.race([told, sleepUntil(now() + NEWS_MS, signal)]);
    }
    return { entry, outcome };
  } finally {
    end();
    held.then((letGo) => letGo());
  }
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
