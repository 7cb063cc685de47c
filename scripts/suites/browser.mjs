/** The crate's own tests in real browsers, with a gateway for each. */

import { setTimeout as sleep } from "node:timers/promises";
import { startBrowser } from "../lib/engines.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { ProcessGroup } from "../lib/process-group.mjs";
import { Failure, heading, run } from "../lib/run.mjs";
import { cargoTally } from "../lib/tally.mjs";

/** Compiles and runs `tests/<suite>`. */
const TESTS = ["test", "--locked", "--target", "wasm32-unknown-unknown", "--test"];

/** Longest wait for the next test to end, in milliseconds. */
const SILENCE_MS = 120_000;
/** Between two looks at what the page says, in milliseconds. */
const LOOK_MS = 500;

/**
 * Compiles the tests of a suite, and serves the page that runs them.
 *
 * @param {string} suite
 * @returns {Promise<{ runs: (engines: string[], programs: Record<string, string>) =>
 *   (() => Promise<import("../lib/tally.mjs").Tally>)[], stop: () => Promise<void> }>}
 */
export async function serveCrateTests(suite) {
  heading(`Compiling the ${suite} tests (cargo)`);
  await run("cargo", [...TESTS, suite, "--no-run"]);
  const server = new ProcessGroup(["cargo", ...TESTS, suite], {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
    // The runner only serves the page. A browser that it started itself it would neither start
    // again nor tell why it did not come.
    NO_HEADLESS: "1",
    WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0",
  });
  const page = await addressOf(server);
  return {
    runs: (engines, programs) =>
      engines.map((engine) => () => testIn(suite, engine, page, programs)),
    stop: () => server.kill(),
  };
}

/** The address that the runner prints as soon as it listens. */
async function addressOf(server) {
  for (;;) {
    const [address] = server.words.match(/http:\/\/127\.0\.0\.1:\d+(?=\s)/) ?? [];
    if (address) return address;
    if (server.ended) throw new Failure(`The tests are not served: ${server.words.trim()}`);
    await sleep(50);
  }
}

async function testIn(suite, engine, page, programs) {
  const gateway = await startGateway(["--listen", "127.0.0.1:0", "--job-ms", "50..150"]);
  try {
    const browser = await startBrowser(engine, programs);
    try {
      const told = new URLSearchParams({ gateway: gateway.url, package: "1" });
      await browser.open(`${page}/?${told}`);
      const output = await lastWords(browser);
      console.log(`\n${engine}\n${output}`);
      return cargoTally(`${suite}, ${engine}`, { code: 0, output });
    } finally {
      await browser.quit();
    }
  } finally {
    await gateway.stop();
  }
}

/** What the page says when all tests have ended, or when no more of them do. */
async function lastWords(browser) {
  let words = "";
  let changed = performance.now();
  while (!words.includes("test result:") && performance.now() - changed < SILENCE_MS) {
    await sleep(LOOK_MS);
    const now = await browser.tab.text("#output");
    if (now !== words) changed = performance.now();
    words = now;
  }
  return words;
}
