/**
 * `npm run screenshots`: writes the demo page's states to target/screenshots/, on a phone and on a
 * desktop, light and dark, to be looked at.
 */

import { buildPackage } from "./build.mjs";
import { inProject } from "./lib/paths.mjs";
import { heading, main } from "./lib/run.mjs";
import { setUpTests } from "./setup.mjs";
import { buildSite } from "./site.mjs";

const DIRECTORY = inProject("target", "screenshots");

await main(async () => {
  await setUpTests();
  await buildPackage();
  await buildSite();
  heading(`Taking screenshots into ${DIRECTORY}`);
  // Not before the npm packages that it needs are there.
  const { takeScreenshots } = await import("../tests/page/states.mjs");
  await takeScreenshots(DIRECTORY);
});
