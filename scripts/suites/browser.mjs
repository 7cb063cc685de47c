/** The crate in three browser engines, by wasm-pack, against a running gateway. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, startGateway } from "../lib/gateway.mjs";
import { TARGET } from "../lib/paths.mjs";
import { heading, run, runAndRead } from "../lib/run.mjs";
import { cargoTally } from "../lib/tally.mjs";

/**
 * The tests have the gateway's address compiled in, so that another one compiles them anew. All
 * engines share one gateway, at the same port as the last time if it is free.
 */
const PORT = 18_080;

const WASM = "wasm32-unknown-unknown";

/** The tests in `tests/browser`. */
const SELECTION = ["--locked", "--test", "browser"];

/** For the runner of wasm-bindgen. Its limits are in seconds, and by default for a few tests. */
const RUNNER = {
  WASM_BINDGEN_TEST_TIMEOUT: "180",
  WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "30",
  // It takes the first driver it is told of; wasm-pack tells it of the right one.
  GECKODRIVER: undefined,
  SAFARIDRIVER: undefined,
  CHROMEDRIVER: undefined,
};

/**
 * Runs all tests in one engine after the other.
 *
 * @param {Record<string, string>} programs browsers and drivers, from `setUpBrowsers`
 * @returns {Promise<import("../lib/tally.mjs").Tally[]>}
 */
export async function testBrowsers(programs) {
  const listen = `127.0.0.1:${await freePort(PORT)}`;
  const gateway = await startGateway(["--listen", listen, "--job-ms", "50..150"]);
  const env = { ...RUNNER, WANVAS_GATEWAY: gateway.url };
  try {
    await compile(env);
    const tallies = [];
    for (const engine of engines(programs)) tallies.push(await testIn(engine, env));
    return tallies;
  } finally {
    await gateway.stop();
  }
}

/**
 * Each engine: the flag of wasm-pack, the driver, and what is its own. wasm-pack knows WebKit as
 * Safari, whose driver it speaks to in the same way.
 */
function engines({ chromium, chromedriver, firefox, geckodriver, webkitDriver, xvfbRun }) {
  return [
    {
      name: "Chromium",
      driver: ["--chrome", "--chromedriver", chromedriver],
      // The runner itself adds that it is headless and, as root it must, without a sandbox.
      capabilities: {
        "goog:chromeOptions": { binary: chromium, args: CHROMIUM_ARGUMENTS },
      },
    },
    {
      name: "Firefox",
      driver: ["--firefox", "--geckodriver", geckodriver],
      capabilities: { "moz:firefoxOptions": { binary: firefox } },
    },
    {
      name: "WebKit",
      driver: ["--safari", "--safaridriver", webkitDriver],
      // The runner sends Safari no capabilities, and the driver then starts WebKitGTK's own
      // MiniBrowser, which has no headless mode and, as root, no sandbox.
      wrapper: [xvfbRun, "-a"],
      env: process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } : {},
    },
  ];
}

/** No window and no graphics card, and no request of the browser's own. */
const CHROMIUM_ARGUMENTS = [
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What wasm-pack does first for each engine, so that a compiler's error is shown only once. */
async function compile(env) {
  heading("Compiling the browser tests (cargo)");
  await run("cargo", ["build", "--target", WASM, "--tests", ...SELECTION], { env });
}

async function testIn(engine, shared) {
  heading(`Testing in ${engine.name} (wasm-pack)`);
  const options = ["test", "--headless", "--mode", "no-install", ...engine.driver];
  const [command, ...args] = [...(engine.wrapper ?? []), "wasm-pack", ...options];
  const capabilities = { WASM_BINDGEN_TEST_WEBDRIVER_JSON: writeCapabilities(engine) };
  const env = { ...shared, ...capabilities, ...engine.env };
  const once = () => runAndRead(command, [...args, ...SELECTION], { env });
  let result = await once();
  if (neverRan(result)) {
    console.log(`${engine.name} did not start; no test ran. Starting it once more.`);
    result = await once();
  }
  return cargoTally(engine.name, result);
}

/** The runner reads the capabilities of a session from a file. */
function writeCapabilities({ name, capabilities = {} }) {
  const directory = join(TARGET, "webdriver");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name.toLowerCase()}.json`);
  writeFileSync(path, JSON.stringify(capabilities, null, 2));
  return path;
}

/** Whether everything was compiled, but the browser came to no test. */
function neverRan({ code, output }) {
  const started = /Running headless tests in|driver failed to start/.test(output);
  return code !== 0 && started && !/^running \d+ tests?|^test /m.test(output);
}
