/**
 * Says why a tag must not be published yet, if anything stands against it:
 * `node scripts/release.mjs v1.2.3`. It needs no package installed.
 */

import { readFileSync } from "node:fs";
import { inProject } from "./lib/paths.mjs";
import { Failure, main } from "./lib/run.mjs";

await main(() => {
  const reasons = against(process.argv[2]);
  if (reasons.length > 0) {
    throw new Failure(`Not published:\n${reasons.map((reason) => `- ${reason}`).join("\n")}`);
  }
});

function against(tag) {
  const manifest = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  const changes = readFileSync(inProject("CHANGELOG.md"), "utf8").split("\n");
  const { version } = manifest;
  const reasons = {
    [`the tag is ${tag}, and package.json says ${version}: the tag must be v${version}`]:
      tag !== `v${version}`,
    'package.json has no "repository": npm needs its address to prove where the package was built':
      !(manifest.repository?.url ?? manifest.repository),
    [`CHANGELOG.md has no part "## ${version}"`]: !changes.includes(`## ${version}`),
  };
  return Object.keys(reasons).filter((reason) => reasons[reason]);
}
