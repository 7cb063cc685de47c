/** The engine as a module that the runtime has compiled, where a page or worker may not do so. */

import module from "./wanvas_bg.wasm";

export const source = () => module;
