/**
 * The demo page from a plain web server in the engines in which its other tests do not run: pictures
 * are made, kept, shown large and deleted.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Key } from "selenium-webdriver";
import { chosenEngines, programsHere, startBrowser } from "../../scripts/lib/engines.mjs";
import { ROOT } from "../../scripts/lib/paths.mjs";
import { serve } from "../support/site.mjs";

/** `WANVAS_ENGINES=firefox node --test tests/smoke/` runs one engine. */
const CHOSEN = chosenEngines(["firefox", "webkit"]);

/** Longest wait for anything on the page, in milliseconds: far above what a busy machine needs. */
const PATIENCE_MS = 60_000;

for (const engine of CHOSEN) {
  describe(engine, () => {
    let site;
    let browser;
    before(async () => {
      site = await serve(ROOT);
      browser = await startBrowser(engine, await programsHere());
    });
    after(async () => {
      await browser?.quit();
      await site?.stop();
    });

    test("makes pictures at both gateways, keeps, enlarges and deletes them", async (context) => {
      const { tab } = browser;
      await tab.open(`${site.origin}/www/`);
      await until(tab, "ready", () => document.querySelector("[name=size][value=free]") !== null);
      await tab.type("#prompt", "A lighthouse at dusk");
      for (const [made, provider] of [
        [1, "aimlapi"],
        [2, "vtrix"],
      ]) {
        await tab.press(`[name=provider][value=${provider}]`);
        const begun = performance.now();
        await tab.press("#generate");
        await shown(tab, made);
        const ms = Math.round(performance.now() - begun);
        context.diagnostic(`${engine}, ${provider}: ${ms} ms to the picture`);
      }

      await tab.reload();
      await shown(tab, 2);

      await tab.type(".frame button", Key.ENTER);
      await until(tab, "large", () => document.querySelector("#viewer[open] img") !== null);
      await tab.type("#viewer", Key.ESCAPE);
      await until(
        tab,
        "small, and where it was",
        () =>
          document.querySelector("#viewer[open]") === null &&
          document.activeElement === document.querySelector(".frame button"),
      );

      const deletion = ".run .buttons button:last-child";
      await tab.look(
        (selector) => {
          // A driver does not wait for a page that scrolls smoothly.
          const where = { behavior: "instant", block: "center" };
          document.querySelector(selector).scrollIntoView(where);
        },
        [deletion],
      );
      // WebKit's driver never comes back from a question of the page.
      if (engine === "webkit") await tab.look(AGREE);
      await tab.press(deletion);
      if (engine !== "webkit") await tab.agree();
      await shown(tab, 1);
      await tab.reload();
      await shown(tab, 1);
    });

    for (const width of [320, 900, 3840]) {
      test(`at ${width} pixels nothing sticks out sideways`, async () => {
        await browser.open(`${site.origin}/tests/smoke/page/`);
        const sticking = await browser.run(
          async (width) => {
            const frame = document.querySelector("iframe");
            Object.assign(frame.style, { width: `${width}px`, height: "800px", border: "0" });
            const find = (selector) => frame.contentDocument.querySelector(selector);
            while (!find("[name=size][value=free]")) await new Promise(requestAnimationFrame);
            find("summary").click();
            find("[name=size][value=free]").click();
            find("[name=place][value=real]").click();
            await new Promise(requestAnimationFrame);
            const inner = frame.contentDocument.documentElement;
            return [...inner.querySelectorAll("body *:not(.visually-hidden)")]
              .filter((element) => element.getBoundingClientRect().right > inner.clientWidth + 1)
              .map(({ tagName, id, className }) => `${tagName}#${id}.${className}`);
          },
          [width],
        );
        assert.deepEqual(sticking, []);
      });
    }
  });
}

const AGREE = () => {
  window.confirm = () => true;
};

/** Waits until so many pictures are to be seen, and no other generation is there. */
async function shown(tab, count) {
  const areShown = (count) => {
    const images = [...document.querySelectorAll(".run .frame img")];
    const isAll = document.querySelectorAll(".run").length === count && images.length === count;
    return isAll && images.every(({ naturalWidth }) => naturalWidth > 0);
  };
  await until(tab, `${count} shown`, areShown, [count]);
}

async function until(tab, what, condition, args = []) {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    if (await tab.look(condition, args)) return;
    await sleep(50);
  }
  assert.fail(`${what}: not within ${PATIENCE_MS} ms; ${await tab.text("main")}`);
}
