/** What the browser keeps of each generation, and its pictures as files, until they are deleted. */

import { createStore, del, delMany, get, set, values } from "../built/idb-keyval.js";

/** @import { Generation, PendingJob } from "../built/wanvas.js" */
/** @import { Destination } from "../request/destination.js" */
/** @import { CompleteRequest } from "../request/form.js" */

/**
 * A generation as it is kept: plain data, without a key.
 *
 * @typedef {object} Kept
 * @property {string} id
 * @property {number} startedAt Unix milliseconds.
 * @property {CompleteRequest} request
 * @property {Destination} destination
 * @property {string} [beside] The id of the generation that it is compared with.
 * @property {PendingJob} [entry] What the package's journal keeps while the job is unfinished.
 * @property {Pick<Generation, "images" | "cost">} [result]
 * @property {Record<string, any>} [error] A `WanvasError` as plain data.
 * @property {boolean} [cancelled]
 */

const records = createStore("wanvas-studio", "generations");
const pictures = createStore("wanvas-pictures", "pictures");

const nothing = () => undefined;

/** What this page holds where the browser keeps nothing, as in some private windows. */
const memory = { records: new Map(), pictures: new Map() };

export const album = {
  /** Whether the browser keeps what is saved. */
  isLasting: true,

  /** @returns {Promise<Kept[]>} the oldest first */
  async list() {
    const kept = await attempt(
      () => values(records),
      () => [],
    );
    const all = [...kept, ...memory.records.values()];
    return all.sort((one, other) => one.startedAt - other.startedAt);
  },

  /** @param {string} id @returns {Promise<Kept | undefined>} */
  async get(id) {
    return memory.records.get(id) ?? (await attempt(() => get(id, records), nothing));
  },

  /** @param {Kept} kept */
  async save(kept) {
    await attempt(
      () => set(kept.id, kept, records),
      () => memory.records.set(kept.id, kept),
    );
  },

  /**
   * @param {string} id
   * @param {number} index of the picture, from 0
   * @returns {Promise<Blob | undefined>}
   */
  async picture(id, index) {
    const name = fileOf(id, index);
    return memory.pictures.get(name) ?? (await attempt(() => get(name, pictures), nothing));
  },

  /**
   * @param {string} id
   * @param {number} index
   * @param {Blob} blob
   */
  async savePicture(id, index, blob) {
    const name = fileOf(id, index);
    await attempt(
      () => set(name, blob, pictures),
      () => memory.pictures.set(name, blob),
    );
  },

  /** @param {Kept} kept is forgotten, with its pictures */
  async remove({ id, request }) {
    const names = Array.from({ length: request.count }, (_, index) => fileOf(id, index));
    memory.records.delete(id);
    for (const name of names) memory.pictures.delete(name);
    await attempt(() => Promise.all([del(id, records), delMany(names, pictures)]), nothing);
  },

  /** @returns {Promise<{ count: number, bytes: number }>} of the pictures that are kept */
  async usage() {
    const blobs = [
      ...(await attempt(
        () => values(pictures),
        () => [],
      )),
      ...memory.pictures.values(),
    ];
    return { count: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) };
  },
};

/**
 * Does work in the browser's storage; where there is none, the other instead.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {() => unknown} instead
 * @returns {Promise<T>}
 */
async function attempt(work, instead) {
  try {
    return await work();
  } catch {
    album.isLasting = false;
    return /** @type {T} */ (instead());
  }
}

/**
 * @param {string} id
 * @param {number} index
 */
function fileOf(id, index) {
  return `${id}/${index}`;
}
