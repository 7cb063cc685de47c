/** `npm run docs`: writes the API reference, `docs/api`, from the hand-written types. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { copyTypes } from "./build.mjs";
import { inProject, isMain, TARGET } from "./lib/paths.mjs";
import { Failure, main, run } from "./lib/run.mjs";
import { nodeModules } from "./setup/node-modules.mjs";

const REFERENCE = inProject("docs", "api");

/** TypeDoc and its settings, in a package of their own: it needs an older compiler than ours. */
const TOOLS = inProject("scripts", "docs");

/** A {@link Failure} if the reference is not what the types say. */
export async function checkReference() {
  mkdirSync(TARGET, { recursive: true });
  const written = mkdtempSync(join(TARGET, "reference-"));
  try {
    await writeReference(written);
    const stale = differences(textsIn(REFERENCE), textsIn(written));
    if (stale.length > 0) {
      throw new Failure(
        `docs/api is not what the types say (${stale.join(", ")}): npm run docs writes it`,
      );
    }
  } finally {
    rmSync(written, { recursive: true });
  }
}

async function writeReference(directory) {
  const options = ["--options", join(TOOLS, "typedoc.json"), "--out", directory];
  await run(join(TOOLS, "node_modules", ".bin", "typedoc"), options);
}

/** The files in a directory, at any depth: their texts by their paths. */
function textsIn(directory) {
  const paths = readdirSync(directory, { recursive: true });
  const files = paths.filter((path) => statSync(join(directory, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(directory, path), "utf8")]));
}

/** The paths whose texts differ, or that only one of the two has. */
function differences(one, other) {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path));
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await nodeModules();
    copyTypes();
    await writeReference(REFERENCE);
  });
}
