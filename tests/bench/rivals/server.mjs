/**
 * One server that speaks each client's protocol over the same jobs: fal's queue, Replicate's
 * predictions, and Vtrix's tasks with their streams. By HTTP/2, as hosted gateways do.
 */

import { readFile } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import { extname, join } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const KEEPALIVE_MS = 1_000;

/** @param {{ key: string, cert: string, folders: Record<string, string> }} options */
export async function startServer({ key, cert, folders }) {
  const jobs = new Map();
  const counts = { requests: 0 };
  let durations = () => 0;

  /** Accepts a job. */
  function accept() {
    const job = { id: `job-${jobs.size}`, doneAt: undefined };
    job.over = new Promise((resolve) => setTimeout(resolve, durations())).then(() => {
      job.doneAt = Date.now();
    });
    jobs.set(job.id, job);
    return job;
  }

  const isDone = ({ doneAt }) => doneAt !== undefined;
  const picture = ({ id }) => `https://pictures.example/${id}.png`;

  function task(job) {
    const about = { id: job.id, model: "m", created_at: 1 };
    if (!isDone(job)) return { ...about, status: "in_progress" };
    const output = [{ content: [{ type: "image", url: picture(job) }] }];
    return { ...about, status: "completed", output };
  }

  async function stream(job, response) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": keepalive\n\n");
    const timer = setInterval(() => response.write(": keepalive\n\n"), KEEPALIVE_MS);
    response.on("close", () => clearInterval(timer));
    await job.over;
    clearInterval(timer);
    response.end(`event: done\ndata: ${JSON.stringify(task(job))}\n\n`);
  }

  function prediction(job, origin) {
    const urls = { get: `${origin}/replicate/predictions/${job.id}` };
    const about = { id: job.id, model: "o/m", urls, input: {}, logs: "", error: null };
    if (!isDone(job)) return { ...about, status: "processing", output: null };
    return { ...about, status: "succeeded", output: [picture(job)] };
  }

  /** fal's client names the address that it means in a header, for a proxy. */
  function fal(method, target) {
    const [, id, last] = new URL(target).pathname.match(/\/requests\/([^/]+)(?:\/(\w+))?$/) ?? [];
    if (method === "POST") {
      const { id } = accept();
      const at = `https://queue.fal.run/o/m/requests/${id}`;
      const urls = { response_url: at, status_url: `${at}/status`, cancel_url: `${at}/cancel` };
      return { request_id: id, status: "IN_QUEUE", queue_position: 0, ...urls };
    }
    const job = jobs.get(id);
    if (last !== "status") return { images: [{ url: picture(job) }] };
    return { status: isDone(job) ? "COMPLETED" : "IN_PROGRESS", request_id: id, logs: [] };
  }

  async function answer(request, response) {
    const origin = `https://${request.headers[":authority"] ?? request.headers.host}`;
    const { pathname } = new URL(request.url, origin);
    const json = (body) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    const [, first, ...rest] = pathname.split("/");
    if (Object.hasOwn(folders, first)) {
      const file = join(folders[first], rest.join("/"));
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain" });
      return response.end(await readFile(file));
    }
    counts.requests += 1;
    const id = rest.findLast((part) => part.startsWith("job-"));
    const isPost = request.method === "POST";
    if (first === "fal") return json(fal(request.method, request.headers["x-fal-target-url"]));
    if (first === "replicate") return json(prediction(isPost ? accept() : jobs.get(id), origin));
    if (isPost) return json(task(accept()));
    if (pathname.endsWith("/stream")) return stream(jobs.get(id), response);
    return json(task(jobs.get(id)));
  }

  const server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
    // Read to its end, which a connection that is used again needs.
    request.resume();
    answer(request, response).catch((error) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return {
    origin: `https://localhost:${server.address().port}`,
    /** Begins anew: so long the next jobs take, one after the other. */
    begin(next) {
      jobs.clear();
      counts.requests = 0;
      durations = next;
    },
    requests: () => counts.requests,
    /** When each job was done, by its id. */
    doneAt: () => Object.fromEntries([...jobs.values()].map(({ id, doneAt }) => [id, doneAt])),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections?.();
      }),
  };
}
