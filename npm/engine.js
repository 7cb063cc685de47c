/**
 * Loads the engine. The build resolves `wanvas-engine` to the glue that wasm-bindgen makes of the
 * crate; importing it does nothing.
 */

import * as engine from "wanvas-engine";
import { compiled, loadFailure } from "./compile.js";

const { WanvasError, default: instantiate } = engine;

/** The engine, under way or ready, and whether it is what a caller gave; none after a failed load. */
let loading;

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
    const module = await compiled(given);
    refuseOther(module);
    await instantiate({ module_or_path: module });
    return engine;
  } catch (cause) {
    loading = undefined;
    throw new WanvasError(loadFailure(cause, given), cause);
  }
}

/** The glue would keep an instance of any module, for good. */
function refuseOther(module) {
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === "generate")) {
    throw new TypeError("this WebAssembly is another than the package's wanvas_bg.wasm");
  }
}
