/** What an app does with the package, in words that a test can give: each resolves with plain data. */

const KEY = "a-key-for-tests";

/** The package, anew for each page; imported after a test has changed the page. */
export const wanvas = () => import("/pkg/wanvas.js");

export const A_FOX = { prompt: "a red fox in the snow" };

/** Options for the gateway that serves the page. */
export function at(provider, more) {
  return { provider, baseUrl: location.origin, apiKey: KEY, pollIntervalMs: 20, ...more };
}

/** What a promise comes to, as plain data. */
export async function outcomeOf(promise) {
  try {
    return { value: await promise };
  } catch (thrown) {
    return { error: thrown?.toJSON?.() ?? String(thrown) };
  }
}

/** Submits a job and does not wait for it. */
export async function submitted(provider, more) {
  const { generate } = await wanvas();
  const { job } = await generate(A_FOX, at(provider, { wait: false, ...more }));
  return job;
}

/** Resolves when a submit has arrived at a gateway. */
export async function arrivedSubmit(name) {
  for (;;) {
    const requests = await (await fetch("/__gateway/requests")).json();
    if (requests.some(({ kind, provider }) => kind === "submit" && provider === name)) return;
    await sleep(20);
  }
}

/** Listens to errors that nobody handles; gives what was heard. */
export function unheard() {
  const heard = [];
  addEventListener("error", ({ message }) => heard.push(message));
  addEventListener("unhandledrejection", ({ reason }) => heard.push(String(reason)));
  return () => heard;
}

/** All that `resume()` yields, as plain data. */
export async function resumed(options) {
  const { resume } = await wanvas();
  const outcomes = [];
  for await (const { entry, generation, error } of resume(options)) {
    outcomes.push({ entry, generation, error: error?.toJSON() });
  }
  return outcomes;
}

/** A journal in memory that remembers what was done; given an error, it fails at everything. */
export function memoryStore(error) {
  const entries = new Map();
  const log = [];
  const act = (name, work) => async (value) => {
    log.push(name);
    if (error) throw error;
    return work(value);
  };
  return {
    entries,
    log,
    put: act("put", (entry) => entries.set(entry.id, structuredClone(entry))),
    delete: act("delete", (id) => entries.delete(id)),
    list: act("list", () => [...entries.values()]),
  };
}

/** A `fetch` that counts the requests of each method. */
export function counting() {
  const sent = { POST: 0, GET: 0 };
  const send = (url, init) => {
    sent[init.method] += 1;
    return fetch(url, init);
  };
  return { sent, send };
}

/** The jobs that the journal has. */
export async function pendingJobs() {
  const { pending } = await wanvas();
  return pending(at("vtrix"));
}

/** Every picture's size, once it can be seen. */
export async function sizesOf(pictures) {
  await Promise.all([...pictures].map((picture) => picture.decode()));
  return [...pictures].map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]);
}

/** Waits until something holds, however slow the machine is. */
export async function until(holds) {
  while (!holds()) await sleep(10);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
