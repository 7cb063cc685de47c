/**
 * The sandbox: the local gateway within the page, as a `fetch` for the package's option of that
 * name. It needs no server, no key and no network, and draws its pictures itself, in a worker that
 * starts with the first request.
 *
 * Faults for the next requests are scripted as at the local gateway, by a POST to
 * `/__gateway/scenario`.
 */

/** @import { Asked, Answered, Told } from "./worker.js" */

/** Where the sandbox is asked: a name of nobody's, so that nothing for it can ever be sent. */
export const SANDBOX_URL = "https://sandbox.invalid";

/** How many pieces a slow body comes in. */
const SLOW_PIECES = 12;
/** What a long body is made of, in bytes. */
const WHITE_SPACE = 64 * 1024;

/**
 * What `fetch` is to the network: resolves with a response, rejects with the signal's reason or,
 * where no answer comes, with a `TypeError`.
 *
 * @param {RequestInfo | URL} input an address below {@link SANDBOX_URL}
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function sandboxFetch(input, init) {
  const request = new Request(input, init);
  const signal = init?.signal ?? request.signal;
  if (new URL(request.url).origin !== SANDBOX_URL) {
    throw new TypeError(`${request.url} is not in the sandbox, ${SANDBOX_URL}`);
  }
  const body = new Uint8Array(await unlessAborted(signal, request.arrayBuffer()));
  const { method, url } = request;
  const answer = await unlessAborted(
    signal,
    ask({ method, url, headers: [...request.headers], body }),
  );
  return deliver(answer, signal);
}

/**
 * Delivers an answer as it says: after its wait, whole or in pieces, or not at all.
 *
 * @param {Answered} answer
 * @param {AbortSignal} signal rejects at once with its reason
 * @returns {Promise<Response>}
 */
export async function deliver(answer, signal) {
  await pause(answer.wait, signal);
  return respond(answer, signal);
}

/** @type {Worker | undefined} */
let worker;
/** Requests that the worker has not answered. @type {Map<number, PromiseWithResolvers>} */
const asked = new Map();
let number = 0;

/**
 * @typedef {object} PromiseWithResolvers
 * @property {(answer: Answered) => void} resolve
 * @property {(error: Error) => void} reject
 */

/**
 * @param {Asked} request
 * @returns {Promise<Answered>}
 */
function ask(request) {
  return new Promise((resolve, reject) => {
    worker ??= start();
    number += 1;
    asked.set(number, { resolve, reject });
    worker.postMessage({ number, request });
  });
}

function start() {
  const address = new URL("./worker.js", import.meta.url);
  const started = new Worker(address, { type: "module" });
  started.onmessage = ({ data }) => hear(data);
  started.onerror = (event) => {
    event.preventDefault();
    const why = event.message || "a file of it is missing, or this browser has no module workers";
    fail(`${address} does not run: ${why}`);
  };
  return started;
}

/** @param {Told} told */
function hear({ number, answer, failure }) {
  if (failure !== undefined) return fail(failure);
  asked.get(number)?.resolve(answer);
  asked.delete(number);
}

/**
 * Gives up every request and the worker, which may be left in any state; the next request starts
 * another one.
 *
 * @param {string} why
 */
function fail(why) {
  worker?.terminate();
  worker = undefined;
  const error = new TypeError(`The sandbox failed: ${why}`);
  for (const { reject } of asked.values()) reject(error);
  asked.clear();
}

/**
 * @param {Answered} answer
 * @param {AbortSignal} signal
 */
function respond({ status, headers, body, delivery, amount }, signal) {
  if (delivery === "cut-before") throw cut();
  const deliver = DELIVERIES[delivery];
  // No body at all, as some statuses demand, is told apart from an empty one by nobody else.
  const bytes = body.length === 0 ? null : body;
  return new Response(deliver ? stream(deliver(body, amount, signal)) : bytes, { status, headers });
}

function cut() {
  return new TypeError("The sandbox cut the connection, as it was told to");
}

/**
 * The ways in which a body comes in pieces.
 *
 * @type {Record<string, (body: Uint8Array, amount: number, signal: AbortSignal) => AsyncGenerator<Uint8Array>>}
 */
const DELIVERIES = {
  async *slow(body, ms, signal) {
    const size = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
    const pieces = Math.ceil(body.length / size);
    for (let piece = 0; piece < pieces; piece += 1) {
      await pause(ms / pieces, signal);
      yield body.subarray(piece * size, (piece + 1) * size);
    }
  },
  async *padded(body, length, signal) {
    for (let missing = length - body.length; missing > 0; missing -= WHITE_SPACE) {
      if (signal.aborted) throw signal.reason;
      yield new Uint8Array(Math.min(missing, WHITE_SPACE)).fill(32);
    }
    yield body;
  },
  async *"cut-body"(body) {
    yield body.subarray(0, body.length / 2);
    throw cut();
  },
};

/**
 * @param {AsyncGenerator<Uint8Array>} pieces
 * @returns {ReadableStream<Uint8Array>}
 */
function stream(pieces) {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 */
async function pause(ms, signal) {
  if (ms === 0) return;
  const time = new Promise((resolve) => {
    if (ms !== Number.POSITIVE_INFINITY) setTimeout(resolve, ms);
  });
  await unlessAborted(signal, time);
}

/**
 * @template Result
 * @param {AbortSignal} signal rejects at once with its reason
 * @param {Promise<Result>} work
 * @returns {Promise<Result>}
 */
function unlessAborted(signal, work) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
