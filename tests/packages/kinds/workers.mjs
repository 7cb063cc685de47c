/** Workers of a page: dedicated ones, by a bundler's own rule or none, and a Service Worker. */

import { byPage, html, program } from "../ways.mjs";

/** A dedicated worker: it is sent the gateway, and answers with the outcome. */
const WORKER = `${program()}
onmessage = async ({ data }) => postMessage(await tryOut(wanvas, data));
`;

/** A page that asks such a worker. */
const PAGE = `const gateway = new URLSearchParams(location.search).get("gateway");
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
globalThis.outcome = new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
});
worker.postMessage(gateway);
`;

/** A Service Worker, which answers in the same way. */
const SERVICE = `${program("/node_modules/wanvas/pkg/wanvas.js")}
addEventListener("message", (event) => {
  event.waitUntil(tryOut(wanvas, event.data).then((outcome) => event.source.postMessage(outcome)));
});
`;

const SERVICE_PAGE = `const gateway = new URLSearchParams(location.search).get("gateway");
navigator.serviceWorker.register("/service.js", { type: "module" });
globalThis.outcome = navigator.serviceWorker.ready.then(({ active }) => {
  active.postMessage(gateway);
  return new Promise((resolve) => {
    navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
  });
});
`;

const NAME = "Web Worker";

export default [
  {
    name: `${NAME}, without a bundler`,
    at: "import-map",
    dependencies: {},
    // Import maps do not hold in workers.
    files: {
      "index.html": html("/main.js"),
      "main.js": PAGE,
      "worker.js": WORKER.replace('"wanvas"', '"/node_modules/wanvas/pkg/wanvas.js"'),
    },
    outcome: byPage("."),
    row: "yes, by the module's address",
  },
  {
    name: `${NAME}, by Vite`,
    at: "vite",
    uses: ["vite", "8.3.8"],
    dependencies: { vite: "8.3.8" },
    files: { "index.html": html("/main.js"), "main.js": PAGE, "worker.js": WORKER },
    build: ["vite", "build"],
    outcome: byPage(),
  },
  {
    name: `${NAME}, by webpack`,
    at: "webpack",
    uses: ["webpack", "5.112.2"],
    dependencies: { webpack: "5.112.2", "webpack-cli": "7.3.1" },
    files: {
      "index.html": html("/dist/main.js"),
      "src/index.js": PAGE.replace("./worker", "../worker"),
      "worker.js": WORKER,
    },
    build: ["webpack", "--mode=production"],
    outcome: byPage("."),
  },
  {
    name: "Service Worker, without a bundler",
    at: "import-map",
    dependencies: {},
    files: { "index.html": html("/main.js"), "main.js": SERVICE_PAGE, "service.js": SERVICE },
    outcome: byPage("."),
    row: "yes, by the module's address",
  },
  {
    name: "Service Worker, by esbuild",
    at: "esbuild",
    uses: ["esbuild", "0.28.2"],
    dependencies: { esbuild: "0.28.2" },
    files: {
      "index.html": html("/main.js"),
      "main.js": SERVICE_PAGE.replace(', { type: "module" }', ""),
      "src/service.js": SERVICE.replace("/node_modules/wanvas/pkg/wanvas.js", "wanvas").replace(
        "./try-out",
        "../try-out",
      ),
    },
    build: ["esbuild", "src/service.js", "--bundle", "--format=iife", "--outfile=service.js"],
    outcome: byPage("."),
  },
];
