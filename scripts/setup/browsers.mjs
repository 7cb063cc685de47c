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
  // WebKitGTK's browser has no headless mode.
  xvfbRun: { names: ["xvfb-run"], variable: "XVFB_RUN", package: "xvfb" },
  xauth: { names: ["xauth"], variable: "XAUTH", package: "xauth" },
};

/**
 * The path of a program; a {@link Failure} if it is nowhere.
 *
 * @param {keyof typeof PROGRAMS} name
 */
export function programPath(name) {
  const path = find(PROGRAMS[name]);
  if (path === null) throw notInstalled([PROGRAMS[name]]);
  return path;
}

/** Installs what is missing, where apt-get can; a {@link Failure} if something still is, or is old. */
export async function installBrowsers() {
  const programs = Object.values(PROGRAMS);
  const missing = () => programs.filter((program) => find(program) === null);
  if (missing().length > 0) await install(missing());
  if (missing().length > 0) throw notInstalled(missing());
  programs.forEach(refuseOld);
}

/** The path of a program, null if it is nowhere. */
function find({ variable, names }) {
  const named = process.env[variable];
  if (named) return existsSync(named) ? named : null;
  return names.map(which).find((path) => path !== null) ?? null;
}

async function install(programs) {
  const asRoot = rootPrefix();
  if (asRoot === null) return;
  const packages = programs.map((program) => program.package);
  heading(`Setting up, by the system's apt-get: ${packages.join(", ")}`);
  const [command, ...args] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
  await run(command, [...args, "update"]);
  await run(command, [...args, "install", "-y", "--no-install-recommends", ...packages]);
}

/** What runs apt-get as root; null where there is no apt-get, or it would take a password. */
function rootPrefix() {
  if (which("apt-get") === null) return null;
  if (process.getuid?.() === 0) return [];
  return read("sudo", ["-n", "true"]) === null ? null : ["sudo", "-n"];
}

function refuseOld(program) {
  if (!program.oldest) return;
  const path = find(program);
  const version = read(path, ["--version"]) ?? "";
  if (Number(version.match(/\d+/)) >= program.oldest) return;
  throw new Failure(
    `${path} is too old (${version || "no version"}): ${program.oldest} is needed. ` +
      `On Debian: ${byHand([program])}`,
  );
}

function notInstalled(programs) {
  const list = programs.map(({ names, variable }) => `${names[0]} (or its path in ${variable})`);
  return new Failure(
    `Missing for the browser tests: ${list.join(", ")}.\nOn Debian: ${byHand(programs)}`,
  );
}

function byHand(programs) {
  const packages = programs.map((program) => program.package);
  return `sudo apt-get install --no-install-recommends ${packages.join(" ")}`;
}
