/** `examples/rust-app`, built as its README says, on a page in Chromium. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inProject, TARGET } from "../../scripts/lib/paths.mjs";
import { startBrowser } from "../support/browser.mjs";
import { Gateway } from "../support/gateway.mjs";

const APP = inProject("examples", "rust-app");

let gateway;
let browser;
before(async () => {
  const env = { ...process.env, CARGO_TARGET_DIR: join(TARGET, "rust-app") };
  execFileSync("wasm-pack", ["build", "--target", "web", "--", "--locked"], { cwd: APP, env });
  gateway = await Gateway.start("50..150", { www: APP, pkg: join(APP, "pkg") });
  browser = await startBrowser("chromium");
});
after(async () => {
  await browser?.quit();
  await gateway?.stop();
});

test("it shows a picture of what is typed", async () => {
  await browser.open(`${gateway.origin}/`);
  await browser.run(async () => {
    while (!document.querySelector("form")) await new Promise((go) => setTimeout(go, 20));
  });
  const found = (css) => browser.session.findElement({ css });
  await found("input").sendKeys(" in a storm");
  await found("button").click();
  const [width, height] = await browser.run(async () => {
    while (!document.querySelector("img")) await new Promise((go) => setTimeout(go, 20));
    const picture = document.querySelector("img");
    await picture.decode();
    return [picture.naturalWidth, picture.naturalHeight];
  });
  assert.deepEqual([width, height], [1280, 1280]);
  assert.equal(await found("[role=status]").getText(), "Drawn");
  const [submit, ...others] = await gateway.arrived("submit");
  assert.equal(submit.body.input[0].params.input.prompt, "a lighthouse at dusk in a storm");
  assert.equal(others.length, 0);
});

test("its own code is forty lines at most", () => {
  const lines = readFileSync(join(APP, "src", "lib.rs"), "utf8")
    .trimEnd()
    .split("\n");
  assert.ok(lines.length <= 40, `${lines.length} lines`);
});
