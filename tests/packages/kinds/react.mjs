/** React in strict mode, which in development runs every effect twice. */

import assert from "node:assert/strict";
import { byServer, html, program } from "../ways.mjs";

const MAIN = `import { createElement, StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
${program()}
const gateway = new URLSearchParams(location.search).get("gateway");
const options = { provider: "vtrix", apiKey: "any", baseUrl: gateway, pollIntervalMs: 20 };
const calls = [];

function Picture() {
  useEffect(() => {
    calls.push(wanvas.generate({ prompt: "an effect" }, options));
    if (calls.length === 2) globalThis.outcome = Promise.all(calls);
  }, []);
  return null;
}

const root = document.body.appendChild(document.createElement("div"));
createRoot(root).render(createElement(StrictMode, null, createElement(Picture)));
`;

const open = byServer((port) => ["vite", "--host", "127.0.0.1", "--port", `${port}`]);

export default {
  name: "React in strict mode, by Vite",
  at: "react",
  uses: ["react", "19.3.1"],
  dependencies: { vite: "8.3.8", react: "19.3.1", "react-dom": "19.3.1" },
  files: { "index.html": html("/main.js"), "main.js": MAIN },
  async check(context) {
    const generations = await open(context);
    assert.deepEqual(
      generations.map(({ status, images }) => [status, images.length]),
      [
        ["succeeded", 1],
        ["succeeded", 1],
      ],
    );
    assert.notEqual(generations[0].job.id, generations[1].job.id);
    assert.equal((await context.gateway.arrived("submit")).length, 2, "a call is one submit");
  },
  row: "yes; its effects run twice in development, and each call is a submit",
};
