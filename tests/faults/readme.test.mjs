import assert from "node:assert/strict";
import { test } from "node:test";
import { partOfReadme } from "../support/readme.mjs";
import { faultsInMarkdown } from "./readme.mjs";

test("the README shows the table of faults as it is", () => {
  const advice = "node tests/faults/readme.mjs --write";
  assert.equal(partOfReadme("faults"), faultsInMarkdown(), `out of date: ${advice}`);
});
