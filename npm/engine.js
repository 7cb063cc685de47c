/**
 * Loads the engine. The build resolves `wanvas-engine` to the glue that wasm-bindgen makes of the
 * crate, and `wanvas-engine-source` to a module of `source/`; importing them does nothing.
 */

import * as engine from "wanvas-engine";
import { source } from "wanvas-engine-source";

const { WanvasError, default: instantiate } = engine;

/** The engine, under way or ready, and whether it is what a caller gave; none after a failed load. */
let loading;

/** How browsers put it that a page's policy lets nothing be compiled, or no instance be made. */
const BLOCKED = /unsafe-eval|by CSP|disallowed by embedder/i;

/** The engine's exports, from the package itself or from what is given. */
export function load(given) {
  // Not needed any more, it may fail as it likes.
  if (loading) Promise.resolve(given).catch(() => {});
  loading ??= { engine: begin(given), isGiven: given !== undefined };
  const { engine, isGiven } = loading;
  // Who gave nothing does not depend on what another gave.
  return isGiven && given === undefined ? engine.catch(() => load()) : engine;
}

async function begin(given) {
  try {
    const module = await compile((await had(given)) ?? (await source()));
    await instantiate({ module_or_path: module });
    return engine;
  } catch (cause) {
    loading = undefined;
    const blocked = BLOCKED.test(cause);
    const why = blocked
      ? "the page's Content-Security-Policy needs 'wasm-unsafe-eval' in script-src"
      : (cause?.message ?? cause);
    const cure = given && !blocked ? "; preload() without an argument takes the package's own" : "";
    const message = `the engine could not be loaded: ${why}${cure}`;
    const details = { message, code: "engine", retryable: !blocked, mayHaveBeenCharged: false };
    throw new WanvasError(details, cause);
  }
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
