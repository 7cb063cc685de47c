/** Where the journal is kept unless the caller says otherwise: IndexedDB, in pages and workers. */

import { createStore, promisifyRequest } from "idb-keyval";

let open;

/** The store for the entries of this origin. It begins to open, while the engine still loads. */
export function indexedDbStore() {
  within("readonly", () => {}).catch(() => {});
  return store;
}

const store = {
  put: (entry) => change((entries) => entries.put(entry, entry.id)),
  delete: (id) => change((entries) => entries.delete(id)),
  list: () => within("readonly", (entries) => promisifyRequest(entries.getAll())),
};

async function change(act) {
  return within("readwrite", (entries) => {
    act(entries);
    // At once: a page that is closed now would take an open transaction along.
    entries.transaction.commit?.();
    return promisifyRequest(entries.transaction);
  });
}

async function within(mode, work) {
  open ??= createStore("wanvas", "journal");
  return open(mode, (entries) => {
    const { db } = entries.transaction;
    // Makes way for a page that deletes the database, or has a later version of it.
    db.onversionchange = () => {
      db.close();
      open = undefined;
    };
    return work(entries);
  });
}
