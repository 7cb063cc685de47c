/** Ways to run a project's program and to get at its outcome. */

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreePort } from "selenium-webdriver/net/portprober.js";
import { serve } from "../support/site.mjs";
import { endGroup } from "./project.mjs";

/** Longest wait for a server that starts, on a busy machine. */
const SERVER_MS = 120_000;

/** The program of a page or a module of Node; `from` is where it finds the package. */
export function program(from = "wanvas") {
  return `import { generate, poll, sizes } from "${from}";
import { tryOut } from "./try-out.js";

const wanvas = { generate, poll, sizes };
`;
}

/** The main module of a page: leaves the outcome where the test finds it. */
export const PAGE_MAIN = `${program()}
const gateway = new URLSearchParams(location.search).get("gateway");
globalThis.outcome = tryOut(wanvas, gateway);
`;

/** The main module of a program: the gateway is its argument, the outcome what it prints. */
export const NODE_MAIN = `${program()}
console.log(JSON.stringify(await tryOut(wanvas, process.argv.at(-1))));
`;

/** A page with that script. */
export function html(script, head = "") {
  const tag = `<script type="module" src="${script}"></script>`;
  return `<!doctype html><html lang="en"><head><title>Page</title>${head}${tag}</head></html>\n`;
}

/** Runs a command that prints the outcome, and nothing else at all, also on its other output. */
export function byCommand(...command) {
  return async ({ project, gateway }) => {
    const { code, stdout, stderr } = await project.tell([...command, gateway.origin]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" }, stdout);
    return JSON.parse(stdout);
  };
}

/** Opens a directory of the project as a page: its files are of one origin, the gateway another. */
export function byPage(directory = "dist", page = "/") {
  return async ({ project, gateway, browser }) => {
    const site = await serve(project.path(directory));
    try {
      const outcome = await outcomeOf(browser, `${site.origin}${page}`, gateway);
      const engines = site.asked.filter((path) => path.endsWith(".wasm"));
      assert.deepEqual(engines, [], "no file but the page's own is fetched");
      return outcome;
    } finally {
      await site.stop();
    }
  };
}

/** Starts the project's own server on an unused port, and opens its page. */
export function byServer(command, path = "/") {
  return async (context) =>
    withServer(context, command, (origin) =>
      outcomeOf(context.browser, `${origin}${path}`, context.gateway),
    );
}

/** Starts the project's own server, of which a request is answered with the outcome. */
export function byFetch(command, path = "/") {
  return async (context) =>
    withServer(context, command, async (origin) => {
      const gateway = encodeURIComponent(context.gateway.origin);
      const response = await fetch(`${origin}${path}?gateway=${gateway}`);
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      throw new Error(`${response.status}: ${text}`);
    });
}

/** Starts the project's own server while something is done with it. */
export async function withServer({ project }, command, work) {
  const port = await findFreePort();
  const server = project.start(command(port));
  try {
    const origin = `http://127.0.0.1:${port}`;
    await answers(server, origin);
    return await work(origin);
  } finally {
    endGroup(server);
  }
}

/** What the page at that address leaves as its outcome. */
async function outcomeOf(browser, address, gateway) {
  await browser.open(`${address}?gateway=${encodeURIComponent(gateway.origin)}`);
  return browser.run(async () => {
    const until = performance.now() + 30_000;
    while (!globalThis.outcome) {
      if (performance.now() > until) throw new Error("the page's program did not begin");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return globalThis.outcome;
  });
}

async function answers(server, origin) {
  const until = performance.now() + SERVER_MS;
  while (performance.now() < until && server.exitCode === null) {
    try {
      await fetch(origin, { signal: AbortSignal.timeout(60_000) });
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`no server:\n${server.printed.output}`);
}
