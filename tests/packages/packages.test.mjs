/** The packed package in every kind of project, each with nothing configured for it. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { programsHere, startBrowser } from "../../scripts/lib/engines.mjs";
import { Gateway } from "../support/gateway.mjs";
import { KINDS } from "./kinds.mjs";
import { Project } from "./project.mjs";
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
  gateway = await Gateway.start("tests/packages/program", "50..150");
  browser = await startBrowser("chromium", await programsHere());
});

after(async () => {
  await browser?.quit();
  await gateway?.stop();
  writeFileSync(join(PROJECTS, "passed.json"), JSON.stringify(passed));
});

for (const kind of KINDS) {
  if (only && !only.includes(kind.at)) continue;
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
    passed.push(title);
  });
}
