/**
 * The browsers of the tests and their drivers, from the system's packages: the engines as users
 * get them, with security updates. A package archive keeps only its newest version, so what is
 * pinned is the oldest version that will do.
 */

import { existsSync } from "node:fs";
import { Failure, heading, read, run, which } from "../lib/run.mjs";

/**
 * Programs, and Debian's package for each. `variable` names a program that lies elsewhere;
 * `oldest` is a major version, of which the engine's vendor no longer mends anything older.
 */
const PROGRAMS = {
  chromium: {
    names: ["chromium", "chromium-browser", "google-chrome"],
    variable: "CHROMIUM",
    package: "chromium",
    oldest: 128,
  },
  chromedriver: {
    names: ["chromedriver"],
    variable: "CHROMEDRIVER",
    package: "chromium-driver",
    oldest: 128,
  },
  firefox: {
    names: ["firefox-esr", "firefox"],
    variable: "FIREFOX",
    package: "firefox-esr",
    oldest: 128,
  },
  webkitDriver: {
    names: ["WebKitWebDriver"],
    variable: "WEBKIT_WEB_DRIVER",
    package: "webkit2gtk-driver",
  },
  xvfbRun: { names: ["xvfb-run"], variable: "XVFB_RUN", package: "xvfb" },
  xauth: { names: ["xauth"], variable: "XAUTH", package: "xauth" },
};

/**
 * Finds the programs, and installs what is missing where apt can.
 *
 * @returns {Promise<Record<keyof typeof PROGRAMS, string>>} their paths
 */
export async function browsers() {
  const missing = () => Object.values(PROGRAMS).filter((program) => find(program) === null);
  if (missing().length > 0) await install(missing().map((program) => program.package));
  const found = {};
  for (const [key, program] of Object.entries(PROGRAMS)) {
    found[key] = find(program);
    if (found[key] === null) throw notInstalled(missing());
    refuseOld(program, found[key]);
  }
  return found;
}

/** The path of a program, null if it is nowhere. */
function find(program) {
  const named = process.env[program.variable];
  if (named) return existsSync(named) ? named : null;
  return program.names.map(which).find((path) => path !== null) ?? null;
}

async function install(packages) {
  const asRoot = rootPrefix();
  if (asRoot === null) return;
  heading(`Setting up: ${packages.join(", ")}`);
  const [command, ...args] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
  try {
    await run(command, [...args, "update"]);
    await run(command, [...args, "install", "-y", "--no-install-recommends", ...packages]);
  } catch (error) {
    throw new Failure(`${error.message}. By hand: ${byHand(packages)}`);
  }
}

/** What runs apt-get as root; null where there is no apt-get, or it would take a password. */
function rootPrefix() {
  if (read("apt-get", ["--version"]) === null) return null;
  if (process.getuid?.() === 0) return [];
  return read("sudo", ["-n", "true"]) === null ? null : ["sudo", "-n"];
}

function refuseOld(program, path) {
  if (!program.oldest) return;
  const version = read(path, ["--version"]) ?? "";
  const major = Number.parseInt(version.match(/\d+/)?.[0] ?? "0", 10);
  if (major >= program.oldest) return;
  throw new Failure(
    `${path} is too old (${version || "no version"}): ${program.oldest} is needed. ` +
      `On Debian: ${byHand([program.package])}`,
  );
}

function notInstalled(programs) {
  const list = programs.map(({ names, variable }) => `${names[0]} (or its path in ${variable})`);
  return new Failure(
    `Missing for the browser tests: ${list.join(", ")}.\n` +
      `On Debian: ${byHand(programs.map((program) => program.package))}`,
  );
}

function byHand(packages) {
  return `sudo apt-get install --no-install-recommends ${packages.join(" ")}`;
}
