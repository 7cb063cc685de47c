/** Vite: its server for development, and its build. */

import { byPage, byServer, html, PAGE_MAIN } from "../ways.mjs";

const VITE = {
  at: "vite",
  uses: ["vite", "8.3.8"],
  dependencies: { vite: "8.3.8" },
  files: { "index.html": html("/main.js"), "main.js": PAGE_MAIN },
};

export default [
  {
    ...VITE,
    name: "Vite, dev server",
    outcome: byServer((port) => ["vite", "--host", "127.0.0.1", "--port", `${port}`]),
  },
  { ...VITE, name: "Vite, build", build: ["vite", "build"], outcome: byPage() },
];
