/** Counting tests by what their runners print. */

/**
 * One suite's outcome.
 *
 * @typedef {{ suite: string, passed: number, failed: number }} Tally
 */

/**
 * Counts in the output of cargo and of wasm-bindgen's test runner: one line for each test binary.
 *
 * @param {string} suite
 * @param {{ code: number | string, output: string }} run
 * @returns {Tally}
 */
export function cargoTally(suite, run) {
  const lines = run.output.matchAll(/^\s*test result: .*?(\d+) passed; (\d+) failed/gm);
  return tally(suite, run, [...lines]);
}

/**
 * Counts in the output of Node's test runner, as its spec reporter prints them.
 *
 * @param {string} suite
 * @param {{ code: number | string, output: string }} run
 * @returns {Tally}
 */
export function nodeTally(suite, run) {
  const passed = run.output.match(/^ℹ pass (\d+)$/m);
  const failed = run.output.match(/^ℹ fail (\d+)$/m);
  return tally(suite, run, passed && failed ? [[null, passed[1], failed[1]]] : []);
}

/** A part of the work that failed as a whole: one failure. */
export function failedPart(suite) {
  return { suite, passed: 0, failed: 1 };
}

/** A run that ends badly without naming a failed test, or that names none at all, is a failure. */
function tally(suite, { code }, counts) {
  const passed = sum(counts.map((count) => Number(count[1])));
  const failed = sum(counts.map((count) => Number(count[2])));
  const explained = failed > 0 || (code === 0 && passed > 0);
  return { suite, passed, failed: explained ? failed : 1 };
}

function sum(numbers) {
  return numbers.reduce((left, right) => left + right, 0);
}
