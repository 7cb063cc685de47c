/** Uses in a project of Node, whose types know no page and no WebAssembly. */

import { generate, preload } from "wanvas";

export const used = async () => {
  await preload(new Uint8Array(8));
  await preload(fetch("https://cdn.example/engine.wasm"));
  return generate({ prompt: "a heron" }, { provider: "vtrix", headers: new Headers() });
};

// @ts-expect-error: headers are as fetch takes them
generate({ prompt: "a heron" }, { provider: "vtrix", headers: 5 });
// @ts-expect-error: a number is no engine
preload(42);
