/** What one tab of several does; each call of the package has a name, which its requests carry. */

import { at } from "/app.js";
import { generate, pending, preload, resume } from "/pkg/wanvas.js";

/** What each call was told, by its name. */
const told = new Map();
/** Resolves when a call has ended, by its name. */
const ends = new Map();

/** Has a job made, for which nobody waits yet. */
export async function submitOnly(name) {
  await generate({ prompt: name }, { ...optionsOf(name), wait: false });
}

/** Begins a generation; resolves when its job is accepted. */
export function beginGenerate(name) {
  return new Promise((accepted) => {
    const onProgress = ({ job }) => job && accepted();
    const call = async () => {
      note(name, await generate({ prompt: name }, { ...optionsOf(name), onProgress }));
    };
    ends.set(name, call());
  });
}

/** Begins to go on with all that is unfinished; resolves when it is known what that is. */
export async function beginResume(name) {
  await preload();
  const options = optionsOf(name);
  const call = async () => {
    for await (const { generation, error } of resume(options)) {
      if (error) throw error;
      note(name, generation);
    }
  };
  ends.set(name, call());
  return (await pending(options)).length;
}

/** The addresses of the pictures that a call was told, once it has ended; or how it failed. */
export async function outcomeOf(name) {
  try {
    await ends.get(name);
    return { urls: told.get(name) ?? [] };
  } catch (error) {
    return { error: error.toJSON?.() ?? String(error) };
  }
}

export async function countPending() {
  return (await pending(optionsOf("count"))).length;
}

function optionsOf(name) {
  const headers = { "X-Client-Request-Id": name };
  return at("vtrix", { headers, timeoutMs: 60_000, pollIntervalMs: 100 });
}

function note(name, { images }) {
  const urls = images.map(({ url }) => url);
  told.set(name, [...(told.get(name) ?? []), ...urls]);
}
