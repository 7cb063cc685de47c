/** A program that uses the types of the crate by itself; it is compiled, not run. */

import init, {
  type Generation,
  generate,
  type Options,
  poll,
  resume,
  WanvasError,
} from "../../target/crate/wanvas.js";

export async function all(options: Options): Promise<Generation[]> {
  await init();
  const { job } = await generate({ prompt: "a heron", size: "16:9" }, { ...options, wait: false });
  const found = job ? [await poll(job, options)] : [];
  for await (const { generation, error } of resume(options)) {
    if (generation) found.push(generation);
    else if (error instanceof WanvasError) console.log(error.code);
  }
  return found;
}
