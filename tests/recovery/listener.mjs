/** Writes down what a page tells, outside the browser, so that it outlives it. */

import { once } from "node:events";
import { createServer } from "node:http";

/** Longer than any test. */
const KEPT_ALIVE_MS = 600_000;

/**
 * @returns {Promise<{ url: string, take: () => object[], stop: () => void }>} `take` gives what was
 *   told since it was last called
 */
export async function startListener() {
  let told = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    if (text) told.push({ heardAt: Date.now(), ...JSON.parse(text) });
    response.writeHead(204, { "Access-Control-Allow-Origin": "*" }).end();
  });
  server.keepAliveTimeout = KEPT_ALIVE_MS;
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    take() {
      const taken = told;
      told = [];
      return taken;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
