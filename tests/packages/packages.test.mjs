/**
 * The packed package in every kind of project, each with nothing configured for it.
 *
 * `WANVAS_KINDS` names the directories of the only kinds to try. With `WANVAS_WRITE` the README's
 * table is written from what passes; without, it is compared.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inProject } from "../../scripts/lib/paths.mjs";
import { startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";
import { partOfReadme, writePartOfReadme } from "../support/readme.mjs";
import { KINDS } from "./kinds.mjs";
import { Project } from "./project.mjs";
import { kindsInMarkdown } from "./readme.mjs";
import { PROJECTS, pack } from "./tarball.mjs";
import { assertTriedOut } from "./verdict.mjs";

/** Installing a first time takes long. */
const TIMEOUT_MS = 600_000;

const only = process.env.WANVAS_KINDS?.split(",");
const passed = [];
let tarball;
let gateway;
let browser;

before(async () => {
  tarball = pack();
  gateway = await Gateway.start("50..150", { www: inProject("tests", "packages", "program") });
  browser = await startBrowser("chromium");
});

after(async () => {
  await browser?.quit();
  await gateway?.stop();
});

for (const kind of KINDS.filter(({ at }) => !only || only.includes(at))) {
  const title = [kind.name, kind.uses?.[1]].filter(Boolean).join(" ");
  test(title, { timeout: TIMEOUT_MS }, async () => {
    await gateway.reset();
    const project = new Project(join(PROJECTS, kind.at), tarball);
    const context = { project, gateway, browser };
    project.write(kind.files);
    await project.install(kind.dependencies);
    if (kind.build) await project.run(kind.build);
    if (kind.outcome) await assertTriedOut(await kind.outcome(context), gateway);
    await kind.check?.(context);
    passed.push(kind);
  });
}

test("the README shows what has passed", { skip: only !== undefined }, () => {
  if (process.env.WANVAS_WRITE) writePartOfReadme("runs", kindsInMarkdown(passed));
  const advice = "out of date: WANVAS_WRITE=1 npm run test:packages";
  assert.equal(partOfReadme("runs"), kindsInMarkdown(passed), advice);
});
