/**
 * `npm test`: lints, builds, and runs the tests; `npm run test:all` also those that are slow and
 * seldom break, and `npm run test:jobs` and so on one suite. A failing part does not keep the others
 * from running. The last line says how many tests passed and failed.
 */

import { buildCrashing, buildCrate, buildGateway, buildPackage } from "./build.mjs";
import { testTogether } from "./lib/node-test.mjs";
import { Failure, heading, main, showError } from "./lib/run.mjs";
import { lint } from "./lint.mjs";
import { installNodeModules, setUpTests } from "./setup.mjs";
import { buildSite } from "./site.mjs";
import { SUITES } from "./suites.mjs";

/** How many files of each engine run side by side: they mostly wait, but WebKit is the slowest. */
const AT_ONCE = { chromium: 4, firefox: 2, webkit: 1 };

const BUILDS = [buildPackage, buildCrate, buildCrashing, buildSite, buildGateway];

/** The parts of each command, in order: each tells what it counted, or nothing. */
const PLANS = {
  daily: [lint, testHost, ...BUILDS, () => testSuites(Object.keys(SUITES), "daily")],
  all: [lint, testHost, ...BUILDS, () => testSuites(Object.keys(SUITES)), testPackages],
  proto: [testHost],
  packages: [buildPackage, buildGateway, testPackages],
};
for (const suite of Object.keys(SUITES)) PLANS[suite] = [...BUILDS, () => testSuites([suite])];
// What is measured has the machine to itself: one engine after the other.
const bench = (engine) => () =>
  testTogether([{ name: engine, engine, suites: ["bench"], atOnce: 1 }]);
PLANS.bench = [...BUILDS, ...Object.keys(AT_ONCE).map(bench)];

await main(async () => {
  const name = process.argv[2] ?? "daily";
  const plan = PLANS[name];
  if (!plan)
    throw new Failure(`No such suite: ${name}. There are ${Object.keys(PLANS).join(", ")}`);
  // What runs on the host needs no browser.
  await (plan === PLANS.proto ? installNodeModules() : setUpTests());
  const tallies = [];
  for (const part of plan) tallies.push(...(await outcome(part)));
  process.exitCode = report(tallies) === 0 ? 0 : 1;
});

function testHost() {
  heading("Testing on the host");
  return testTogether([{ name: "host", suites: ["proto"], atOnce: 1 }]);
}

/** Runs suites in each of their engines, in all at the same time. */
function testSuites(names, when = "engines") {
  const runs = Object.entries(AT_ONCE).map(([engine, atOnce]) => ({
    name: engine,
    engine,
    atOnce,
    suites: names.filter((name) => SUITES[name][when].includes(engine)),
  }));
  heading("Testing in real browsers");
  return testTogether(runs.filter(({ suites }) => suites.length > 0));
}

/** The packed package in projects of every kind; needs the npm registry for what it does not find. */
function testPackages() {
  heading("Testing the packed package in projects");
  return testTogether([{ name: "packages", suites: ["packages"], atOnce: 1 }]);
}

/** What a part has counted: a failure if it ends as one. */
async function outcome(part) {
  try {
    return (await part()) ?? [];
  } catch (error) {
    showError(error);
    return [{ name: part.name || "tests", passed: 0, failures: [error.message] }];
  }
}

/** Prints what failed, each count, and last of all their sums; returns how many failed. */
function report(tallies) {
  heading("Results");
  const sums = { passed: 0, failed: 0 };
  for (const { name, passed, failures } of tallies) {
    for (const failure of failures) console.log(`${name}: ✖ ${failure}\n`);
    console.log(`${name}: ${passed} passed, ${failures.length} failed`);
    sums.passed += passed;
    sums.failed += failures.length;
  }
  console.log(`\n${sums.passed} passed, ${sums.failed} failed`);
  return sums.failed;
}
