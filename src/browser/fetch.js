/** Codes of a connection that was never made, where a runtime tells: nothing was sent. */
const UNREACHABLE = ["ECONNREFUSED", "ENOTFOUND", "ConnectionRefused"];

/** The longest text that is read of an answer that is not JSON. */
const MAX_TEXT = 1000;

/**
 * Sends a request with the key, and reads the whole answer.
 *
 * @param {{ method: string, url: string, headers: object, body?: object }} request
 * @param {import("./options.js").Caller} caller
 * @param {Set<string>} secrets to which the key is added
 * @param {AbortSignal} signal gives the request up
 * @returns {Promise<{ input: object, raw?: unknown, thrown?: unknown }>} what happened in the
 *   engine's words, and the answer as it came, or what was thrown in place of one
 */
export async function send(request, caller, secrets, signal) {
  let key;
  try {
    key = await caller.key();
  } catch (thrown) {
    return failed("no_key", thrown);
  }
  if (signal.aborted) return failed("network");
  const headers = { ...request.headers };
  if (request.body) headers["content-type"] = "application/json";
  if (key) {
    headers.authorization = `Bearer ${key}`;
    secrets.add(key);
  }
  const init = {
    method: request.method,
    headers,
    body: request.body && JSON.stringify(request.body),
    // The key would go with a redirect, wherever it leads.
    redirect: "manual",
    // A cached status would be told for ever.
    cache: "no-store",
    signal,
  };
  let answer;
  try {
    // Unbound: browsers refuse a `fetch` that is called as another object's method.
    const { fetch } = caller;
    const response = await fetch(request.url, init);
    const { status, type } = response;
    if (type === "opaqueredirect" || (status >= 300 && status < 400)) return failed("redirect");
    answer = { status, headers: Object.fromEntries(response.headers), response };
  } catch (thrown) {
    const unreachable = UNREACHABLE.includes(thrown?.cause?.code ?? thrown?.code);
    return failed(unreachable ? "unreachable" : "network", thrown);
  }
  return read(answer);
}

async function read({ status, headers, response }) {
  let text;
  try {
    text = await response.text();
  } catch (thrown) {
    return failed("cut", thrown);
  }
  try {
    const json = JSON.parse(text);
    return { input: { status, headers, json }, raw: json };
  } catch {
    return { input: { status, headers, text: text.slice(0, MAX_TEXT) }, raw: text };
  }
}

function failed(failure, thrown) {
  return { input: { failure }, thrown };
}
