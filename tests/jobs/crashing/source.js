/** The engine beside the package. */

export async function source() {
  return (await fetch("/pkg/engine_bg.wasm")).arrayBuffer();
}
