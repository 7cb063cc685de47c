/** The engine within the package's own module, so that there is no file to find or to configure. */

import deflated from "wanvas-engine-deflated";

export async function source() {
  const bytes = Uint8Array.fromBase64?.(deflated) ?? fromBase64(deflated);
  const engine = new Response(bytes).body.pipeThrough(new DecompressionStream("deflate"));
  return new Response(engine).arrayBuffer();
}

/** For engines before 2025. A plain loop: `Uint8Array.from` takes several times as long. */
function fromBase64(text) {
  const chars = atob(text);
  const bytes = new Uint8Array(chars.length);
  for (let at = 0; at < chars.length; at += 1) bytes[at] = chars.charCodeAt(at);
  return bytes;
}
