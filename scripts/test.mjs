/**
 * `npm test`: lints, builds, and runs every test; `node scripts/test.mjs proto`, and so on, runs one
 * suite. A failing part does not keep the others from running. The last line says how many tests
 * passed and failed.
 */

import { buildPackage } from "./build.mjs";
import { buildGateway } from "./lib/gateway.mjs";
import { Failure, heading, main, showError } from "./lib/run.mjs";
import { failedPart } from "./lib/tally.mjs";
import { lint } from "./lint.mjs";
import { setUpBrowsers, setUpBuild, setUpLint } from "./setup.mjs";
import { buildSite } from "./site.mjs";
import { testBrowsers } from "./suites/browser.mjs";
import { testInEngines } from "./suites/engines.mjs";
import { testHost } from "./suites/host.mjs";
import { testPage } from "./suites/page.mjs";

const IN_ENGINES = ["loading", "jobs", "faults", "recovery", "sandbox", "views"];

const PARTS = {
  lint: () => lint(),
  proto: () => testHost(),
  build: () => buildPackage(),
  site: () => buildSite(),
  gateway: () => buildGateway(),
  browser: (programs) => testBrowsers(programs),
  engines: (programs) => testInEngines(IN_ENGINES, programs),
  loading: (programs) => testInEngines(["loading"], programs),
  jobs: (programs) => testInEngines(["jobs"], programs),
  faults: (programs) => testInEngines(["faults"], programs),
  recovery: (programs) => testInEngines(["recovery"], programs),
  sandbox: (programs) => testInEngines(["sandbox"], programs),
  views: (programs) => testInEngines(["views"], programs),
  page: (programs) => testPage(programs),
};

/** The parts of each command, in order. */
const PLANS = {
  all: ["lint", "proto", "build", "site", "gateway", "browser", "engines", "page"],
  proto: ["proto"],
  browser: ["build", "gateway", "browser"],
  loading: ["build", "gateway", "loading"],
  jobs: ["build", "gateway", "jobs"],
  faults: ["build", "gateway", "faults"],
  recovery: ["build", "gateway", "recovery"],
  sandbox: ["build", "site", "sandbox"],
  views: ["build", "gateway", "views"],
  page: ["build", "site", "gateway", "page"],
};

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
  for (const { suite, passed, failed } of tallies) {
    console.log(`${suite.padEnd(10)} ${passed} passed, ${failed} failed`);
  }
  const [passed, failed] = ["passed", "failed"].map((outcome) =>
    tallies.reduce((sum, tally) => sum + tally[outcome], 0),
  );
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed;
}
