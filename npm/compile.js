/**
 * Compiles the engine, from the package itself or from what a caller gives. The build resolves
 * `wanvas-engine-source` to a module of `source/`; importing it does nothing.
 */

import { source } from "wanvas-engine-source";

/** How browsers put it that a page's policy lets nothing be compiled, or no instance be made. */
const BLOCKED = /unsafe-eval|by CSP|disallowed by embedder/i;

/** The engine as a module, from the package itself or from what is given. */
export async function compiled(given) {
  return compile((await had(given)) ?? (await source()));
}

/** What a `WanvasError` says of an engine that could not be loaded. */
export function loadFailure(cause, given) {
  const blocked = BLOCKED.test(cause);
  const why = blocked
    ? "the page's Content-Security-Policy needs 'wasm-unsafe-eval' in script-src"
    : (cause?.message ?? cause);
  const cure = given && !blocked ? "; preload() without an argument takes the package's own" : "";
  const message = `the engine could not be loaded: ${why}${cure}`;
  return { message, code: "engine", retryable: !blocked, mayHaveBeenCharged: false };
}

/** What was given, or the answer to its address; once it is there. */
async function had(given) {
  try {
    const what = await given;
    return /String|URL|Request/.test(kindOf(what)) ? await fetch(what) : what;
  } catch (thrown) {
    const rules = "it must be there, open to this page (CORS, connect-src), and of its integrity";
    throw new TypeError(`${thrown?.message ?? thrown}: ${rules}`, { cause: thrown });
  }
}

/** Not by its class: a module may come from another realm. */
function kindOf(given) {
  return Object.prototype.toString.call(given);
}

/** Compiles the engine: from an answer, bytes, or a module that is compiled already. */
async function compile(given) {
  if (kindOf(given) === "[object WebAssembly.Module]") return given;
  const isAnswer = kindOf(given) === "[object Response]";
  return WebAssembly.compile(isAnswer ? await download(given) : given);
}

/** The bytes in an answer; of any media type, which not every server knows. */
async function download(response) {
  const bytes = await response.arrayBuffer();
  const isEngine = new TextDecoder().decode(bytes.slice(0, 4)) === "\0asm";
  if (response.ok && isEngine) return bytes;
  const type = response.headers.get("content-type");
  throw new TypeError(
    `${response.url} is no WebAssembly but ${type} (HTTP ${response.status}); serve the package's ` +
      "wanvas_bg.wasm there",
  );
}
