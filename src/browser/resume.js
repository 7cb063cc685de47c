/** Going on with jobs whose page is gone, by the journal. */

import { unlessAborted, within } from "./abort.js";
import { perform } from "./call.js";
import { now } from "./clock.js";
import { asked, load } from "./engine.js";
import { invalid, WanvasError } from "./error.js";
import { listed, openPage, removed } from "./journal.js";
import { readOptions } from "./options.js";
import { hold, listen } from "./tabs.js";
import { sleepUntil } from "./timer.js";

/** How long the news of a job's end may take from one tab to another, in milliseconds. */
const NEWS_MS = 1000;

export async function pending(options) {
  const caller = readOptions(options);
  // To look takes no key, which a page may not have yet.
  const data = caller.data && { ...caller.data, headers: undefined };
  const hasKey = caller.hasKey || !data?.baseUrl;
  return unlessAborted(caller.signal, () => unfinished({ ...caller, data, hasKey }));
}

export async function* resume(options) {
  const caller = readOptions(options);
  const left = new AbortController();
  // What has ended and is not given out yet.
  const ended = [];
  let tell;
  try {
    const entries = await unlessAborted(caller.signal, () => unfinished(caller));
    const told = listen(left.signal);
    for (const entry of entries) {
      outcomeOf(entry, told(entry.id), caller, left.signal).then((one) => {
        if (left.signal.aborted) one.page.letGo();
        ended.push(one);
        tell?.();
      });
    }
    const news = async () => {
      if (ended.length > 0) return;
      await new Promise((resolve) => {
        tell = resolve;
      });
    };
    for (const _ of entries) {
      await unlessAborted(caller.signal, news);
      const { entry, outcome, page } = ended.shift();
      try {
        if (outcome) yield { entry, ...outcome };
      } finally {
        // The loop has dealt with it, and comes for more or ends.
        page.delivered();
      }
    }
  } finally {
    left.abort();
    for (const { page } of ended) page.letGo();
  }
}

export async function forget(job, options) {
  const { journal } = readOptions(options);
  if (typeof job?.id !== "string") {
    throw invalid("job", "job must be a job, or an entry of pending()");
  }
  const entries = (await listed(journal)) ?? [];
  const same = entries.filter((entry) => entry.id === job.id || isOf(entry, job));
  await Promise.all(same.map(({ id }) => removed(journal, id)));
}

/** The id of a job's entry, if it has one. */
export async function entryOf(job, { journal }) {
  return (await listed(journal))?.find((entry) => isOf(entry, job))?.id;
}

function isOf(entry, job) {
  return entry.job?.id === job?.id && entry.provider === job?.provider;
}

/** The entries of jobs at the caller's gateway, oldest first. */
async function unfinished(caller) {
  const engine = await load();
  const { provider, baseUrl } = asked(() => engine.lane(caller.data, caller.hasKey));
  const ours = (entry) => entry.provider === provider && entry.baseUrl === baseUrl;
  const entries = ((await listed(caller.journal)) ?? []).filter(ours);
  return entries.sort((one, other) => one.submittedAt - other.submittedAt);
}

/**
 * How a job ends, whoever waits for it; no outcome if that was told where it ended. Its page of the
 * journal stays held until it is told that the outcome was delivered, or to let go.
 */
async function outcomeOf(entry, told, caller, stopped) {
  const { id } = entry;
  const { journal } = caller;
  const { signal, end } = within(stopped);
  const held = hold(id, signal);
  const news = told.then(received);
  const page = openPage(journal, id, held);
  let known = entry;
  let outcome = await Promise.race([news, held.then(() => undefined)]);
  if (outcome) {
    page.close(undefined, true);
  } else {
    const entries = await listed(journal);
    // What cannot be read is not gone.
    known = entries ? entries.find((one) => one.id === id) : entry;
    outcome = known
      ? await recovered(known, caller, signal, page)
      : await Promise.race([news, sleepUntil(now() + NEWS_MS, signal)]);
    if (!known) page.close();
  }
  end();
  return { entry: known ?? entry, outcome, page };
}

async function recovered(entry, caller, stopped, page) {
  try {
    return { generation: await perform("recover", entry, caller, stopped, page) };
  } catch (error) {
    return { error };
  }
}

/** An outcome as another tab told it. */
function received({ generation, error }) {
  return error ? { error: new WanvasError(error) } : { generation };
}
