/**
 * Starts the engine before the first call: the one within the package, or what is given, such as the
 * package's `wanvas/engine.wasm` with its integrity checked: `preload(fetch(url, { integrity }))`.
 *
 * @throws {@link WanvasError} with code `"engine"`; a failed load can be tried again.
 */
export function preload(module?: EngineSource | PromiseLike<EngineSource>): Promise<void>;

/** The engine's address, an answer with it, its bytes, or the compiled module. */
export type EngineSource = string | URL | Response | ArrayBuffer | ArrayBufferView | CompiledModule;

/** A `WebAssembly.Module`, as far as the project's types know of one: those of Node do not. */
export type CompiledModule = typeof globalThis extends {
  WebAssembly: { Module: { prototype: infer Module } };
}
  ? Module
  : object;
