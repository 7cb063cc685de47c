/**
 * A service worker that keeps the page's own files, so that it opens without a network once it was
 * loaded. With a network, files come from there: no old page is ever shown.
 */

const CACHE = "wanvas-files";

/** What the page needs to open. The sandbox is kept when it is first used. */
const FILES = [
  "./",
  "favicon.svg",
  "styles/base.css",
  "styles/form.css",
  "styles/pictures.css",
  "main.js",
  "dom.js",
  "messages.js",
  "request/code.js",
  "request/destination.js",
  "request/form.js",
  "request/keys.js",
  "request/sizes.js",
  "pictures/album.js",
  "pictures/files.js",
  "pictures/gallery.js",
  "pictures/job.js",
  "pictures/picture.js",
  "pictures/png.js",
  "pictures/run.js",
  "pictures/studio.js",
  "pictures/viewer.js",
  "sandbox/sandbox.js",
  "built/idb-keyval.js",
  "built/wanvas.js",
];

/** Where whatever is asked for is kept. */
const FOLDERS = ["built/", "sandbox/"];

/** The types of a page's scripts know nothing of a service worker's. @type {any} */
const worker = self;

worker.oninstall = (/** @type {any} */ event) => {
  // The page has just loaded them: what the browser still holds is not fetched a second time.
  const files = FILES.map((file) => new Request(file, { cache: "force-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
  worker.skipWaiting();
};

worker.onactivate = (/** @type {any} */ event) => event.waitUntil(worker.clients.claim());

worker.onfetch = (/** @type {any} */ event) => {
  if (event.request.method === "GET" && isOwn(event.request.url)) {
    event.respondWith(answer(event.request));
  }
};

/** @param {string} address */
function isOwn(address) {
  const here = new URL("./", location.href).href;
  const path = address.startsWith(here) ? address.slice(here.length) : undefined;
  return (
    path !== undefined &&
    (FILES.includes(path || "./") || FOLDERS.some((folder) => path.startsWith(folder)))
  );
}

/** @param {Request} request */
async function answer(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (offline) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw offline;
  }
}
