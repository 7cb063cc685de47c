/**
 * Sets up what a task needs, each thing in its version, and only what is not there yet.
 *
 * By hand: `node scripts/setup.mjs build` or `node scripts/setup.mjs test`.
 */

import { isMain } from "./lib/paths.mjs";
import { main, runAll, which } from "./lib/run.mjs";
import { browsers } from "./setup/browsers.mjs";
import { cargoTool, GECKODRIVER, WASM_BINDGEN, WASM_PACK } from "./setup/cargo-tools.mjs";
import { nodeModules } from "./setup/node-modules.mjs";
import { rustLints, wasmTarget } from "./setup/rust.mjs";

/** For the package: npm's tools, the wasm target, wasm-pack and wasm-bindgen. */
export async function setUpBuild() {
  await runAll([
    nodeModules,
    wasmTarget,
    () => cargoTool(WASM_BINDGEN),
    () => cargoTool(WASM_PACK),
  ]);
}

/** For the lints: what the build needs, rustfmt and clippy. */
export async function setUpLint() {
  await runAll([nodeModules, wasmTarget, rustLints]);
}

/**
 * For the browser and page tests: browsers and drivers.
 *
 * @returns {Promise<Record<string, string>>} the paths of the programs, by name
 */
export async function setUpBrowsers() {
  const [, programs] = await runAll([() => cargoTool(GECKODRIVER), browsers]);
  return { ...programs, geckodriver: which(GECKODRIVER.program) };
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await setUpBuild();
    if (process.argv[2] !== "build") {
      await setUpLint();
      console.log(await setUpBrowsers());
    }
  });
}
