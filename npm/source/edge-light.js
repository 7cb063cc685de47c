/** As `edge.js`, for a runtime whose bundler wants it said that the file is a module. */

import module from "./wanvas_bg.wasm?module";

export const source = () => module;
