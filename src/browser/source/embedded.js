/** The engine within the package's own module, so that there is no file to find or to configure. */

import deflated from "wanvas-engine-deflated";

export async function source() {
  const bytes = Uint8Array.from(atob(deflated), (char) => char.charCodeAt(0));
  const engine = new Response(bytes).body.pipeThrough(new DecompressionStream("deflate"));
  return new Response(engine).arrayBuffer();
}
