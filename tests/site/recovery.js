/**
 * An app that is reloaded, or killed, at any moment. It keeps each picture in a store of its own, with
 * its own words on it, and when it is loaded it goes on with what is unfinished.
 */

import { at, sleep } from "/app.js";
import { generate, pending, resume } from "/pkg/wanvas.js";

const PROVIDERS = ["aimlapi", "vtrix"];
/** How many calls are made at each gateway; one runs, the others wait for their turn. */
const CALLS = 4;
/** How long the app takes at most to save a picture. */
const SAVING_MS = 100;

const opened = openStore();

/** Resolves when all that was unfinished is in the store. */
export const recovered = Promise.all(PROVIDERS.map(recover));

/** Begins generations at each gateway, whose pictures name their run and call by their seed. */
export function begin(run) {
  for (const provider of PROVIDERS) {
    for (let call = 0; call < CALLS; call += 1) request(provider, { provider, run, call });
  }
}

/** Takes all that is in the store; and what is still kept as unfinished. */
export async function takeStock() {
  const kept = await Promise.all(PROVIDERS.map((provider) => pending(optionsOf(provider))));
  const saved = await inStore((store) => store.getAll());
  await inStore((store) => store.clear());
  return { saved, kept: kept.flat() };
}

async function request(provider, tag) {
  const seed = tag.run * CALLS + tag.call;
  try {
    await generate({ prompt: "a heron", seed }, { ...optionsOf(provider), tag });
  } catch (error) {
    await save({ id: error.id, ...tag, error: error.toJSON() });
  }
}

async function recover(provider) {
  for await (const { entry, error } of resume(optionsOf(provider))) {
    if (error) await save({ id: entry.id, ...entry.tag, error: error.toJSON() });
  }
}

function optionsOf(provider) {
  return at(provider, {
    pollIntervalMs: 30,
    timeoutMs: 30_000,
    concurrency: 1,
    headers: { "X-Client-Request-Id": "{id}" },
    async deliver({ images }, { id, tag }) {
      await sleep(Math.random() * SAVING_MS);
      await save({ id, ...tag, url: images[0].url });
    },
  });
}

/** Resolves when it is on the disk. */
function save(picture) {
  return inStore((store) => store.put(picture));
}

async function inStore(work) {
  const database = await opened;
  const transaction = database.transaction("pictures", "readwrite", { durability: "strict" });
  const request = work(transaction.objectStore("pictures"));
  await heard(transaction, "complete");
  return request.result;
}

async function openStore() {
  const request = indexedDB.open("app");
  request.onupgradeneeded = () => request.result.createObjectStore("pictures", { keyPath: "id" });
  await heard(request, "success");
  return request.result;
}

function heard(target, event) {
  return new Promise((resolve, reject) => {
    target.addEventListener(event, resolve);
    for (const bad of ["error", "abort"]) target.addEventListener(bad, () => reject(target.error));
  });
}
