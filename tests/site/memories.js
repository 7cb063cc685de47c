/** Gets hold of each WebAssembly memory that is made here; it must run before the package. */

const memories = [];

const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const made = await instantiate(...args);
  const { exports } = made.instance ?? made;
  for (const part of Object.values(exports)) {
    if (part instanceof WebAssembly.Memory) memories.push(part);
  }
  return made;
};

/** The bytes of all of them. */
globalThis.wasmBytes = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
