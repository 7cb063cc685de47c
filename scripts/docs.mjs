/** `npm run docs`: writes the API reference, `docs/api`, from the hand-written types. */

import { join } from "node:path";
import { copyTypes } from "./build.mjs";
import { inProject, isMain, TARGET } from "./lib/paths.mjs";
import { Failure, main, run } from "./lib/run.mjs";
import { installNodeModules } from "./setup.mjs";

const REFERENCE = inProject("docs", "api");

/** TypeDoc and its settings, in a package of their own: it needs an older compiler than ours. */
const TOOLS = inProject("scripts", "docs");

/** A {@link Failure} if the reference is not what the types say. */
export async function checkReference() {
  const written = join(TARGET, "reference");
  await writeReference(written);
  try {
    await run("diff", ["--recursive", REFERENCE, written]);
  } catch {
    throw new Failure("docs/api is not what the types say: npm run docs writes it");
  }
}

async function writeReference(directory) {
  const options = ["--options", join(TOOLS, "typedoc.json"), "--out", directory];
  await run(join(TOOLS, "node_modules", ".bin", "typedoc"), options);
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await installNodeModules();
    copyTypes();
    await writeReference(REFERENCE);
  });
}
