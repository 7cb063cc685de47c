/**
 * The demo page from a plain web server in the engines in which its other tests do not run: pictures
 * are made, kept, shown large and deleted.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { ROOT } from "../../scripts/lib/paths.mjs";
import { chosenEngines, startBrowser } from "../support/browser.mjs";
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
      browser = await startBrowser(engine);
    });
    after(async () => {
      await browser?.quit();
      await site?.stop();
    });

    test("makes pictures at both gateways, keeps, enlarges and deletes them", async (context) => {
      const { session } = browser;
      const find = (css) => session.findElement({ css });
      await session.get(`${site.origin}/www/`);
      await until(
        session,
        "ready",
        () => document.querySelector("[name=size][value=free]") !== null,
      );
      await find("#prompt").sendKeys("A lighthouse at dusk");
      for (const [made, provider] of [
        [1, "aimlapi"],
        [2, "vtrix"],
      ]) {
        await find(`[name=provider][value=${provider}]`).click();
        const begun = performance.now();
        await find("#generate").click();
        await shown(session, made);
        const ms = Math.round(performance.now() - begun);
        context.diagnostic(`${engine}, ${provider}: ${ms} ms to the picture`);
      }

      await session.navigate().refresh();
      await shown(session, 2);

      await find(".frame button").sendKeys(Key.ENTER);
      await until(session, "large", () => document.querySelector("#viewer[open] img") !== null);
      await find("#viewer").sendKeys(Key.ESCAPE);
      await until(
        session,
        "small, and where it was",
        () =>
          document.querySelector("#viewer[open]") === null &&
          document.activeElement === document.querySelector(".frame button"),
      );

      const deletion = ".run .buttons button:last-child";
      await session.executeScript((selector) => {
        // A driver does not wait for a page that scrolls smoothly.
        const where = { behavior: "instant", block: "center" };
        document.querySelector(selector).scrollIntoView(where);
      }, deletion);
      // WebKit's driver never comes back from a question of the page.
      if (engine === "webkit") await session.executeScript(AGREE);
      await find(deletion).click();
      if (engine !== "webkit") await session.switchTo().alert().accept();
      await shown(session, 1);
      await session.navigate().refresh();
      await shown(session, 1);
    });

    for (const width of [320, 900, 3840]) {
      test(`at ${width} pixels nothing sticks out sideways`, async () => {
        await browser.open(`${site.origin}/tests/site/frame.html`);
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
async function shown(session, count) {
  const areShown = (count) => {
    const images = [...document.querySelectorAll(".run .frame img")];
    const isAll = document.querySelectorAll(".run").length === count && images.length === count;
    return isAll && images.every(({ naturalWidth }) => naturalWidth > 0);
  };
  await until(session, `${count} shown`, areShown, count);
}

async function until(session, what, condition, ...args) {
  const holds = () => session.executeScript(condition, ...args);
  try {
    await session.wait(holds, PATIENCE_MS, what, 50);
  } catch (error) {
    const shown = await session.findElement({ css: "main" }).getText();
    assert.fail(`${what}: not within ${PATIENCE_MS} ms (${error.message}); ${shown}`);
  }
}
