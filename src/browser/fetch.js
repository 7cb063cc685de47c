import { watchLeaving } from "./leave.js";

/** Codes of a connection that was never made, where a runtime tells: nothing was sent. */
const UNREACHABLE = ["ECONNREFUSED", "ENOTFOUND", "ConnectionRefused"];

const REDIRECTS = [301, 302, 303, 307, 308];

/** The longest answer that is read, in bytes: four pictures as base64 have a third of it. */
const MAX_BODY = 64 * 1024 * 1024;

/** The longest text that is read of an answer that is not JSON. */
const MAX_TEXT = 1000;

/** A shorter key is no secret but a word such as the local gateway's, and may occur in any text. */
const MIN_SECRET = 8;

/**
 * Sends a request with the key, and reads the whole answer.
 *
 * @param {{ method: string, url: string, headers: [string, string][], body?: string, sent?: boolean }} request
 *   marked as `sent` once it has its key
 * @param {import("./options.js").Caller} caller
 * @param {AbortSignal} signal gives the request up
 * @returns {Promise<{ input: object, raw?: unknown, thrown?: unknown }>} what happened in the
 *   engine's words, and the answer as it came, or what was thrown in place of one
 */
export async function send(request, caller, signal) {
  let key;
  try {
    key = await caller.key();
  } catch (thrown) {
    return failed("no_key", thrown);
  }
  if (signal.aborted) return failed("network");
  const headers = Object.fromEntries(request.headers);
  if (request.body) headers["content-type"] = "application/json";
  if (key) headers.authorization = `Bearer ${key}`;
  const init = {
    method: request.method,
    headers,
    body: request.body,
    // The key would go with a redirect, wherever it leads.
    redirect: "manual",
    // A cached status would be told for ever.
    cache: "no-store",
    signal,
  };
  try {
    // Refuses what `fetch` would, such as an address or a header that is impossible here.
    new Request(request.url, init);
  } catch (thrown) {
    return failed("unreachable", thrown);
  }
  request.sent = true;
  const page = watchLeaving();
  let response;
  try {
    // Unbound: browsers refuse a `fetch` that is called as another object's method.
    const { fetch } = caller;
    response = await fetch(request.url, init);
    const { status, type } = response;
    if (type === "opaqueredirect" || REDIRECTS.includes(status)) return failed("redirect");
    if (!(status >= 200)) throw new TypeError("fetch gave no response");
    return await read(response, withoutSecrets(headers.authorization));
  } catch (thrown) {
    await page.stays(signal);
    if (response) return failed("cut", thrown);
    const unreachable = UNREACHABLE.includes(thrown?.cause?.code ?? thrown?.code);
    return failed(unreachable ? "unreachable" : "network", thrown);
  } finally {
    page.end();
  }
}

/** Reads an answer, each text of it cleaned, which may repeat what was sent. */
async function read(response, clean) {
  const { status } = response;
  const entries = [...response.headers].map(([name, value]) => [name, clean(value)]);
  const headers = entries;
  const text = await bodyOf(response);
  if (text === undefined) return failed("too_long");
  try {
    const json = JSON.parse(text, (_, value) => (typeof value === "string" ? clean(value) : value));
    return { input: { status, headers, text: JSON.stringify(json) }, raw: json };
  } catch {
    const start = clean(text).slice(0, MAX_TEXT);
    return { input: { status, headers, text: start }, raw: start };
  }
}

/** An answer's text; none if it is too long, of which no more is read then. */
async function bodyOf(response) {
  // A caller's own `fetch` may know no streams.
  if (!response.body?.getReader) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; size <= MAX_BODY; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  reader.cancel().catch(() => {});
  return undefined;
}

/** Takes the key, or what the caller sends in its place, out of texts. */
function withoutSecrets(authorization = "") {
  const secret = authorization.replace(/^\S+ +/, "");
  return secret.length < MIN_SECRET ? (text) => text : (text) => text.replaceAll(secret, "…");
}

function failed(failure, thrown) {
  return { input: { failure }, thrown };
}
