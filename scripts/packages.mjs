/**
 * `npm run test:packages`: builds the package, packs it, and tries it in projects of every kind.
 * With `--write`, writes the README's table of them from what has passed.
 */

import { buildPackage } from "./build.mjs";
import { buildGateway } from "./lib/gateway.mjs";
import { main } from "./lib/run.mjs";
import { setUpBrowsers, setUpBuild } from "./setup.mjs";
import { testPackages } from "./suites/packages.mjs";

await main(async () => {
  await setUpBuild();
  const programs = await setUpBrowsers();
  await buildPackage();
  await buildGateway();
  const write = process.argv.includes("--write");
  const { passed, failed } = await testPackages(programs, { write });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});
