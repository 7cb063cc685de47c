/** A web server for the files of a directory, which knows few types but those of a page's own files. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
};

/**
 * @param {string} directory
 * @param {Record<string, string>} [headers] of every answer
 * @param {Record<string, string>} [types] further ones, by the ending of a file's name
 * @param {{ gzip?: boolean }} [options] whether answers are compressed, as most web servers do
 * @returns {Promise<{ origin: string, asked: string[], sent: () => number,
 *   stop: () => Promise<void> }>} `asked` grows with the paths that are asked for, and `sent` is how
 *   many bytes went out, headers and all
 */
export async function serve(directory, headers = {}, types = {}, { gzip = false } = {}) {
  const asked = [];
  const sockets = new Set();
  const encoding = gzip ? { "Content-Encoding": "gzip" } : {};
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://site").pathname);
    asked.push(path);
    const file = join(directory, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      const type = { ...TYPES, ...types }[extname(file)] ?? "text/plain";
      response.writeHead(200, { ...headers, ...encoding, "Content-Type": type });
      response.end(gzip ? gzipSync(body) : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sent = () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, asked, sent, stop };
}
