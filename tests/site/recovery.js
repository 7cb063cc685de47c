/**
 * An app that is reloaded, or dies, at any moment: when it is loaded it goes on with what is
 * unfinished, and it writes down each delivery in the very moment of it.
 */

import { at } from "/app.js";
import { generate, pending, resume } from "/pkg/wanvas.js";

const PROVIDERS = ["aimlapi", "vtrix"];
const OPTIONS = {
  pollIntervalMs: 30,
  timeoutMs: 30_000,
  headers: { "X-Client-Request-Id": "{id}" },
};
/** Where deliveries are written down outside the browser, if they are. */
const LISTENER = new URLSearchParams(location.search).get("listener");
const NOTES = "deliveries";
/** Each resolves when a delivery is written down there. */
const arrivals = [];

/** Whether the page is being left; whatever it is told now, no user sees. */
let isLeaving = false;
addEventListener("beforeunload", () => {
  isLeaving = true;
});

if (LISTENER) {
  // So that there is a connection, and what is to be written down arrives without delay.
  await fetch(LISTENER);
  // The journal forgets after the delivery: who is told again after that is told wrongly.
  const remove = IDBObjectStore.prototype.delete;
  IDBObjectStore.prototype.delete = function (id) {
    const forgotten = () =>
      fetch(LISTENER, { method: "POST", body: JSON.stringify({ forgotten: id }) });
    this.transaction.addEventListener("complete", forgotten);
    return remove.call(this, id);
  };
}

/** Resolves when all that was unfinished is told. */
export const recovered = Promise.all(PROVIDERS.map(recover));

/**
 * Begins a generation at each gateway; its pictures name the run by their seed. `thenReload`
 * reloads the page as soon as one of them is delivered.
 */
export function begin(run, thenReload) {
  for (const provider of PROVIDERS) request(provider, run, thenReload);
}

/** Takes what was written down here; and what is still kept as unfinished. */
export async function takeStock() {
  await Promise.all(arrivals.splice(0));
  const deliveries = JSON.parse(localStorage.getItem(NOTES) ?? "[]");
  localStorage.removeItem(NOTES);
  const kept = await Promise.all(PROVIDERS.map((provider) => pending(at(provider, OPTIONS))));
  return { deliveries, kept: kept.flat() };
}

async function request(provider, run, thenReload) {
  const by = { by: "generate", provider, run };
  try {
    const generation = await generate({ prompt: `run ${run}`, seed: run }, at(provider, OPTIONS));
    note({ ...by, ...pictureOf(generation) });
  } catch (error) {
    note({ ...by, ...errorOf(error) });
  }
  if (thenReload) location.reload();
}

async function recover(provider) {
  for await (const { entry, generation, error } of resume(at(provider, OPTIONS))) {
    const outcome = error ? errorOf(error) : pictureOf(generation);
    note({ by: "resume", provider, id: entry.id, ...outcome });
  }
}

function pictureOf({ images }) {
  return { url: images[0].url };
}

function errorOf(error) {
  return { error: error.toJSON?.() ?? { message: String(error) } };
}

/** Before anything else can happen, as an app would show the picture or store its address. */
function note(told) {
  const delivery = { ...told, isLeaving };
  if (LISTENER) {
    const body = JSON.stringify(delivery);
    arrivals.push(fetch(LISTENER, { method: "POST", body }));
    return;
  }
  const before = JSON.parse(localStorage.getItem(NOTES) ?? "[]");
  localStorage.setItem(NOTES, JSON.stringify([...before, delivery]));
}
