/** A module whose one function is nothing but `unreachable`. */
const UNREACHABLE = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 4, 1, 96, 0, 0], // a type: nothing to nothing
  ...[3, 2, 1, 0], // a function of that type
  ...[7, 8, 1, 4, 116, 114, 97, 112, 0, 0], // exported as "trap"
  ...[10, 5, 1, 3, 0, 0, 11], // unreachable
]);

/**
 * From now on every instance of an engine can be made to trap: once armed, the next call into one
 * meets a real trap in place of the engine's function.
 */
export async function trappingEngines() {
  const { instantiate } = WebAssembly;
  const { instance } = await instantiate(UNREACHABLE);
  const told = { instances: 0, armed: false };
  const trapping =
    (member) =>
    (...args) => {
      if (!told.armed) return member(...args);
      told.armed = false;
      return instance.exports.trap();
    };
  WebAssembly.instantiate = async (module, imports) => {
    const engine = await instantiate.call(WebAssembly, module, imports);
    told.instances += 1;
    const exports = Object.entries(engine.exports).map(([name, member]) => [
      name,
      typeof member === "function" ? trapping(member) : member,
    ]);
    const value = Object.fromEntries(exports);
    return Object.create(WebAssembly.Instance.prototype, { exports: { value } });
  };
  return Object.assign(told, {
    arm() {
      told.armed = true;
    },
  });
}
