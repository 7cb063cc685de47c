/**
 * `npm test`: lints, builds, and runs every test; `node scripts/test.mjs proto`, and so on, runs one
 * suite. A failing part does not keep the others from running. The last line says how many tests
 * passed and failed.
 */

import { buildCrashing, buildCrate, buildPackage } from "./build.mjs";
import { buildGateway } from "./lib/gateway.mjs";
import { Failure, heading, main, showError } from "./lib/run.mjs";
import { failedPart } from "./lib/tally.mjs";
import { lint } from "./lint.mjs";
import { setUpBrowsers, setUpBuild, setUpLint } from "./setup.mjs";
import { buildSite } from "./site.mjs";
import { SUITES, testInEngines } from "./suites/engines.mjs";
import { testHost } from "./suites/host.mjs";

/** The suites of `npm test`. */
const OFTEN = Object.keys(SUITES).filter((suite) => suite !== "examples");

const PARTS = {
  lint: () => lint(),
  proto: () => testHost(),
  build: () => buildPackage(),
  crateBuild: () => buildCrate(),
  crashingBuild: () => buildCrashing(),
  site: () => buildSite(),
  gateway: () => buildGateway(),
  browsers: (programs) => testInEngines(OFTEN, programs),
};

/** What runs before a suite in browsers. */
const BUILDS = ["build", "crateBuild", "crashingBuild", "site", "gateway"];

/** The parts of each command, in order. */
const PLANS = { all: ["lint", "proto", ...BUILDS, "browsers"], proto: ["proto"] };
for (const suite of Object.keys(SUITES)) {
  PARTS[suite] = (programs) => testInEngines([suite], programs);
  PLANS[suite] = [...BUILDS, suite];
}

await main(async () => {
  const name = process.argv[2] ?? "all";
  const plan = PLANS[name];
  if (!plan)
    throw new Failure(`No such suite: ${name}. There are ${Object.keys(PLANS).join(", ")}`);
  const programs = await setUp(plan);
  const tallies = [];
  for (const part of plan) tallies.push(...(await outcome(part, programs)));
  process.exitCode = report(tallies) === 0 ? 0 : 1;
});

/** Everything that the plan needs is set up before the first part begins. */
async function setUp(plan) {
  if (plan.some((part) => part !== "proto")) await setUpBuild();
  if (plan.includes("lint")) await setUpLint();
  return plan.length > 1 ? await setUpBrowsers() : {};
}

/** The tallies of a part, which has none if it is no suite and goes well. */
async function outcome(part, programs) {
  try {
    return [(await PARTS[part](programs)) ?? []].flat();
  } catch (error) {
    showError(error);
    return [failedPart(part)];
  }
}

/** Prints each suite's counts, and last of all their sums; returns how many failed. */
function report(tallies) {
  heading("Results");
  for (const suite of new Set(tallies.map((tally) => tally.suite))) {
    const { passed, failed } = sum(tallies.filter((tally) => tally.suite === suite));
    console.log(`${suite.padEnd(20)} ${passed} passed, ${failed} failed`);
  }
  const { passed, failed } = sum(tallies);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed;
}

function sum(tallies) {
  const of = (outcome) => tallies.reduce((total, tally) => total + tally[outcome], 0);
  return { passed: of("passed"), failed: of("failed") };
}
