/** The tests that are written in Rust: each is told to Node's runner as a test of its own. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../../scripts/lib/paths.mjs";
import { installTool, WASM_BINDGEN } from "../../scripts/setup/tools.mjs";
import { chosenEngines, startBrowser } from "./browser.mjs";
import { Gateway } from "./gateway.mjs";

/** Longest wait for the next test in a page to end, in milliseconds. */
const SILENCE_MS = 120_000;
/** Between two looks at what the page says, in milliseconds. */
const LOOK_MS = 500;

/** Runs the tests that run on the host. */
export function testOnHost(...args) {
  const { status, stdout } = cargo("test", "--no-fail-fast", ...args);
  const failed = tell(stdout).filter(({ outcome }) => outcome === "FAILED");
  assert.ok(status === 0 || failed.length > 0, "cargo failed, but no test did");
}

/** Runs `tests/<suite>` in a page of each engine, with a gateway for each. */
export async function testInPages(suite) {
  await installTool(WASM_BINDGEN);
  const server = serve(compile(suite));
  try {
    const page = await addressOf(server);
    for (const engine of chosenEngines()) {
      const output = await outputIn(engine, page);
      describe(engine, () => tell(output));
      assert.match(output, /^test result:/m, `the tests in ${engine} came to no end`);
    }
  } finally {
    server.kill();
  }
}

/** Registers a test for each that has a line in the output of its own runner. */
function tell(output) {
  const lines = output.matchAll(/^test (.+) \.\.\. (ok|ignored|FAILED|FAIL)/gm);
  const tests = [...lines].map(([, name, outcome]) => ({ name, outcome }));
  assert.ok(tests.length > 0, `there is no test in:\n${output}`);
  for (const { name, outcome } of tests) {
    test(name, { skip: outcome === "ignored" }, () => {
      assert.equal(
        outcome,
        "ok",
        output.split(/^-{4} /m).find((part) => part.startsWith(`${name} `)),
      );
    });
  }
  return tests;
}

function compile(suite) {
  const target = ["--target", "wasm32-unknown-unknown", "--test", suite];
  const { status, stdout } = cargo("test", ...target, "--no-run", "--message-format=json");
  assert.equal(status, 0, "the tests do not compile");
  const messages = stdout.trim().split("\n").map(JSON.parse);
  return messages.find(({ executable }) => executable).executable;
}

function cargo(command, ...args) {
  const stdio = ["ignore", "pipe", "inherit"];
  const options = { cwd: ROOT, encoding: "utf8", stdio, maxBuffer: Number.POSITIVE_INFINITY };
  return spawnSync("cargo", [command, "--locked", ...args], options);
}

/**
 * The page that runs the tests. wasm-bindgen's runner could start browsers itself, but not WebKit,
 * and could not tell the page where its gateway is.
 */
function serve(executable) {
  const env = { ...process.env, NO_HEADLESS: "1", WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0" };
  const options = { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] };
  return spawn("wasm-bindgen-test-runner", [executable], options);
}

/** The address that the runner prints as soon as it listens. */
async function addressOf(server) {
  for await (const line of createInterface(server.stdout)) {
    const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
    if (address) return address;
  }
  throw new Error("the tests are not served");
}

async function outputIn(engine, page) {
  const gateway = await Gateway.start("50..150");
  const browser = await startBrowser(engine);
  try {
    await browser.open(
      `${page}/?${new URLSearchParams({ gateway: gateway.origin, package: "1" })}`,
    );
    return await lastWords(browser);
  } finally {
    await browser.quit();
    await gateway.stop();
  }
}

/** What the page says when all tests have ended, or when no more of them do. */
async function lastWords({ session }) {
  let words = "";
  let changed = performance.now();
  while (!words.includes("test result:") && performance.now() - changed < SILENCE_MS) {
    await sleep(LOOK_MS);
    const now = await session.findElement({ css: "#output" }).getText();
    if (now !== words) changed = performance.now();
    words = now;
  }
  return words;
}
