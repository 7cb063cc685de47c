/** Where the journal is kept unless the caller says otherwise: IndexedDB, in pages and workers. */

import { createStore, promisifyRequest } from "idb-keyval";

let database;

/** The entries of this origin. */
export const indexedDbStore = {
  put: (entry) => change((entries) => entries.put(entry, entry.id)),
  delete: (id) => change((entries) => entries.delete(id)),
  list: () => opened()("readonly", (entries) => promisifyRequest(entries.getAll())),
};

function opened() {
  database ??= createStore("wanvas", "journal");
  return database;
}

async function change(act) {
  return opened()("readwrite", (entries) => {
    act(entries);
    // At once: a page that is closed now would take an open transaction along.
    entries.transaction.commit?.();
    return promisifyRequest(entries.transaction);
  });
}
