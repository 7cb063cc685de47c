import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsInMarkdown, faultsInReadme } from "./readme.mjs";

test("the README shows the table of faults as it is", () => {
  const advice = "node tests/faults/readme.mjs --write";
  assert.equal(faultsInReadme(), faultsInMarkdown(), `out of date: ${advice}`);
});
