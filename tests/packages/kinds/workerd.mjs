/** workerd, the runtime of Cloudflare Workers, with a Worker that esbuild has bundled. */

import { byFetch, program } from "../ways.mjs";

const WORKER = `${program()}
export default {
  async fetch(request) {
    const gateway = new URL(request.url).searchParams.get("gateway");
    return Response.json(await tryOut(wanvas, gateway));
  },
};
`;

/** As wrangler does it: the engine is a module of the Worker, since workerd compiles no bytes. */
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "./wanvas_bg.wasm", wasm = embed "node_modules/wanvas/pkg/wanvas_bg.wasm"),
  ],
  compatibilityDate = "2025-01-01",
);
`;

export default {
  name: "Cloudflare Workers (workerd)",
  at: "workerd",
  uses: ["workerd", "1.20261117.1"],
  dependencies: { workerd: "1.20261117.1", esbuild: "0.28.2" },
  files: { "worker.js": WORKER, "config.capnp": CONFIG },
  build: [
    ...["esbuild", "worker.js", "--bundle", "--format=esm", "--outfile=dist/worker.js"],
    ...["--conditions=workerd,worker", "--external:*.wasm"],
  ],
  outcome: byFetch((port) => [
    "workerd",
    "serve",
    "config.capnp",
    `--socket-addr=http=127.0.0.1:${port}`,
  ]),
};
