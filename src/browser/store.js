/** Where the journal is kept unless the caller says otherwise: IndexedDB, in pages and workers. */

/** The database, under way or open; none after it failed or had to make way. */
let opened;

/** The store for the entries of this origin. It begins to open, while the engine still loads. */
export function indexedDbStore() {
  within("readonly", () => {}).catch(() => {});
  return store;
}

const store = {
  put: (entry) => change((entries) => entries.put(entry, entry.id)),
  delete: (id) => change((entries) => entries.delete(id)),
  list: () => within("readonly", (entries) => done(entries.getAll())),
};

async function change(act) {
  return within("readwrite", (entries) => {
    act(entries);
    // At once: a page that is closed now would take an open transaction along.
    entries.transaction.commit?.();
    return done(entries.transaction);
  });
}

async function within(mode, work) {
  opened ??= open();
  const database = await opened;
  try {
    return await work(database.transaction("journal", mode).objectStore("journal"));
  } catch (thrown) {
    // It may have been closed unasked; the next to need it opens it again.
    makeWay(database);
    throw thrown;
  }
}

async function open() {
  try {
    const request = indexedDB.open("wanvas");
    request.onupgradeneeded = () => request.result.createObjectStore("journal");
    const database = await done(request);
    if (!database.objectStoreNames.contains("journal")) {
      // Another's of the same name, who would wait for it for ever.
      database.close();
      throw new Error("the database of this name is not the journal's");
    }
    // For a page that deletes it, or has a later version of it; and some browsers close it unasked.
    database.onversionchange = database.onclose = () => makeWay(database);
    return database;
  } catch (thrown) {
    opened = undefined;
    throw thrown;
  }
}

function makeWay(database) {
  database.close();
  opened = undefined;
}

/** Resolves when a request or a transaction is done. */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = request.oncomplete = () => resolve(request.result);
    request.onerror = request.onabort = () => reject(request.error);
  });
}
