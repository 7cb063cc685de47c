/** The engine as a file beside the package's module; the literal is what bundlers look for. */
export const source = () => new URL("wanvas_bg.wasm", import.meta.url);
