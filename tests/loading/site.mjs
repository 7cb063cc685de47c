/** A web server for these tests: the package, a page under a policy, and wrong answers. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { inProject } from "../../scripts/lib/paths.mjs";
import { SITE } from "../support/gateway.mjs";

const HTML = "text/html; charset=utf-8";

/** As servers answer that know a page and nothing else. */
const NOT_FOUND = "<!doctype html><title>Not found</title>";

/** What is answered to `/engine/<name>`: status, media type, and whether it is the engine. */
const ENGINES = {
  missing: [404, HTML, false],
  fallback: [200, HTML, false],
  plain: [200, "text/plain", true],
  octets: [200, "application/octet-stream", true],
  "not-found": [404, "application/wasm", true],
};

/**
 * @param {(path: string, request: import("node:http").IncomingMessage,
 *   response: import("node:http").ServerResponse) => boolean} [before] whether it answers itself
 * @returns {Promise<{ origin: string, asked: string[], stop: () => Promise<void> }>} `asked` grows
 *   with the paths that are asked for. `?policy=...` puts a page under that policy
 */
export async function startSite(before = () => false) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://site");
    asked.push(url.pathname);
    if (before(url.pathname, request, response)) return;
    const [status, type, body] = await answerTo(url.pathname).catch(() => [404, HTML, NOT_FOUND]);
    const policy = url.searchParams.get("policy");
    const headers = { "Content-Type": type, "Cache-Control": "no-store" };
    if (policy) headers["Content-Security-Policy"] = policy;
    response.writeHead(status, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, asked, stop };
}

async function answerTo(path) {
  const [, directory, name] = path.match(/^\/(pkg|engine|page)?\/?([\w.-]*)$/) ?? [];
  if (directory === "pkg") return [200, "text/javascript", await readFile(inProject("pkg", name))];
  if (directory === "page") return [200, "text/javascript", await readFile(page(name))];
  if (directory === "engine" && ENGINES[name]) {
    const [status, type, isEngine] = ENGINES[name];
    return [status, type, isEngine ? await readFile(inProject("pkg/wanvas_bg.wasm")) : NOT_FOUND];
  }
  const html = { "/": "index.html", "/policy": "policy.html" }[path];
  return html ? [200, HTML, await readFile(page(html))] : [404, HTML, NOT_FOUND];
}

function page(name) {
  return join(SITE, name);
}
