/** The package as npm would publish it. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ROOT, TARGET } from "../../scripts/lib/paths.mjs";
import { npmEnvironment } from "./project.mjs";

/** Where the projects are, each with what it installed the last time. */
export const PROJECTS = join(TARGET, "packages");

/**
 * Packs the package as it is built.
 *
 * @returns {string} the tarball's path, which differs for another package
 */
export function pack() {
  mkdirSync(PROJECTS, { recursive: true });
  const args = ["pack", "--json", "--pack-destination", PROJECTS];
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd: ROOT,
    env: npmEnvironment(),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [{ filename }] = JSON.parse(stdout);
  const packed = join(PROJECTS, filename);
  const hash = createHash("sha256").update(readFileSync(packed)).digest("hex").slice(0, 16);
  const tarball = join(PROJECTS, `wanvas-${hash}.tgz`);
  renameSync(packed, tarball);
  return tarball;
}
