/** The tests that Node's own runner runs. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { inProject } from "./paths.mjs";
import { Failure } from "./run.mjs";

/** The files `tests/<suite>/*.test.mjs`, as paths within the project. */
export function testFiles(suite) {
  const directory = join("tests", suite);
  const files = readdirSync(inProject(directory)).filter((name) => name.endsWith(".test.mjs"));
  // Without a file named, the runner would look for tests everywhere.
  if (files.length === 0) throw new Failure(`There is no test in ${directory}`);
  return files.map((name) => join(directory, name));
}
