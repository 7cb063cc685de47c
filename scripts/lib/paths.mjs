/** Where things are, as absolute paths. */

import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the npm package ships. */
export const PKG = join(ROOT, "pkg");

/** Everything made on the way there. */
export const TARGET = join(ROOT, "target");

/** The local gateway's program. */
export const GATEWAY = join(TARGET, "debug", "wanvas-gateway");

/** What wasm-pack makes of the crate as it comes. */
export const CRATE = join(TARGET, "crate");

/** The package with an engine that can be made to crash. */
export const CRASHING = join(TARGET, "crashing");

/** wasm-pack's output: the engine and its glue, before they are optimised and bundled. */
export const ENGINE = join(TARGET, "engine");

/**
 * Tools built by cargo, one directory per tool and version. It is the user's and not the
 * project's, so that two clones share it, and not `~/.cargo/bin`, so that nothing the user has
 * installed is overwritten.
 */
export const TOOLS = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "wanvas");

/** A path in the project, from its parts. */
export function inProject(...parts) {
  return join(ROOT, ...parts);
}

/** A program that npm installed for the project. */
export function nodeBin(name) {
  return inProject("node_modules", ".bin", name);
}

/** Whether the module with this `import.meta.url` is the script that was started. */
export function isMain(url) {
  // By the real path: a link to the project may have been followed.
  return realpathSync(process.argv[1]) === fileURLToPath(url);
}
