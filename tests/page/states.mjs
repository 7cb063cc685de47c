/**
 * The states of the demo page, as its own files and the sandbox in them bring them about, for
 * pictures of the page and for tests of its quality.
 */

import { inProject } from "../../scripts/lib/paths.mjs";
import { serve } from "../support/site.mjs";
import { launchChromium } from "./chromium.mjs";

/** Longest wait for anything on the page, in milliseconds: far above what a busy machine needs. */
const PATIENCE_MS = 60_000;

/** A phone and a desktop. */
export const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];
export const SCHEMES = ["light", "dark"];
/** In each of these every state is looked at. */
export const VIEWS = SIZES.flatMap((viewport) =>
  SCHEMES.map((colorScheme) => ({ viewport, colorScheme })),
);

/** Each state of the page, and how a page that was just opened comes into it. */
export const STATES = {
  async empty() {},

  async generating(page) {
    await script(page, { on: "submit", fault: "hang" });
    await prompt(page, "A lighthouse at dusk, long exposure, calm sea");
    await page.getByRole("radio", { name: "3:4" }).check();
    await choose(page, "4");
    const run = await generate(page);
    await run.getByText(/^[1-9]\d* s$/).waitFor();
  },

  async "one picture"(page) {
    await prompt(page, "A lighthouse at dusk, long exposure, calm sea");
    await loaded(await generate(page), 1);
  },

  async results(page) {
    await choose(page, "Vtrix");
    await prompt(page, "Botanical plate of a fern, ink and watercolour");
    await page.getByRole("radio", { name: "4:3" }).check();
    await choose(page, "4");
    await loaded(await generate(page), 4);
  },

  async "some missing"(page) {
    await script(page, { on: "submit", fault: "partial", images: 2 });
    await prompt(page, "Three boats in the morning mist");
    await choose(page, "3");
    await loaded(await generate(page), 2);
  },

  async compared(page) {
    await prompt(page, "A fox in the snow, seen from the edge of the wood");
    await loaded(await generate(page), 1);
    await page.getByRole("button", { name: "Compare with Vtrix" }).click();
    await loaded(page, 2);
  },

  async error(page) {
    await script(page, { on: "submit", fault: "cut", when: "after" });
    await prompt(page, "Tiny bakery in the rain, warm light in the window");
    const run = await generate(page);
    await run.getByText("Failed", { exact: true }).waitFor();
  },

  async "prompt refused"(page) {
    await page.getByRole("button", { name: "Generate" }).click();
    await page.locator("#prompt-problem").waitFor();
  },

  async "free size refused"(page) {
    await prompt(page, "A poster for a village fair");
    await page.getByRole("radio", { name: "Free" }).check();
    await page.getByLabel("Width").fill("1104");
    await page.getByLabel("Height").fill("1472");
    await page.getByRole("button", { name: "Use 1056 × 1408" }).waitFor();
  },

  async "with a key"(page) {
    await choose(page, "With a key");
    await page.getByLabel("Key", { exact: true }).fill("sk-0123456789");
    await page.getByLabel("Key", { exact: true }).scrollIntoViewIfNeeded();
  },

  async "code open"(page) {
    await prompt(page, "A lighthouse at dusk, long exposure, calm sea");
    await page.locator("summary").click();
    await page.getByRole("button", { name: "Copy code" }).scrollIntoViewIfNeeded();
  },

  async "large view"(page) {
    await STATES.results(page);
    await page.getByRole("figure").nth(1).getByRole("button", { name: /^Open/ }).click();
    await page.getByRole("dialog").getByRole("img").waitFor();
  },

  async kept(page) {
    await STATES.results(page);
    await page.reload();
    await loaded(page, 4);
  },

  async unfinished(page) {
    await script(page, { on: "submit", fault: "stuck" });
    await choose(page, "Vtrix");
    await prompt(page, "An observatory under the Milky Way");
    const run = await generate(page);
    await run.getByText(/^(Queued|Running)$/).waitFor();
    await run.getByRole("button", { name: "Cancel" }).click();
    await run.getByText("Cancelled", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("Unfinished", { exact: true }).waitFor();
  },

  async deleted(page) {
    await STATES["one picture"](page);
    page.once("dialog", (dialog) => dialog.accept());
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Your pictures will appear here.").waitFor();
  },

  async "long prompt"(page) {
    await prompt(page, "A winding street in an old town after the rain. ".repeat(40));
    await loaded(await generate(page), 1);
    await prompt(page, "Too long to be taken by any gateway. ".repeat(60));
    await page.locator("#prompt-problem").waitFor();
  },

  async "right to left"(page) {
    await prompt(page, "بيت أبيض على التل عند الغروب، ألوان مائية");
    await loaded(await generate(page), 1);
  },
};

/** The page's folder on a plain web server, and a Chromium. */
export class StaticPage {
  #contexts = [];

  /** @param {{ gzip?: boolean }} [options] */
  async start(options) {
    this.site = await serve(inProject("www"), {}, {}, options);
    this.browser = await launchChromium();
  }

  /**
   * The page, ready for use, in a browser profile of its own.
   *
   * @param {import("playwright-core").BrowserContextOptions} [options]
   * @param {(page: import("playwright-core").Page) => Promise<void> | void} [prepare] before it loads
   */
  async open(options, prepare = () => {}) {
    const context = await this.browser.newContext(options);
    this.#contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await prepare(page);
    await page.goto(this.site.origin);
    await page.getByRole("radio", { name: "Free" }).waitFor();
    return page;
  }

  async closePages() {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async stop() {
    await this.browser?.close();
    await this.site?.stop();
  }
}

/** Brings a page into a view. */
export async function show(page, { viewport, colorScheme }) {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
}

/** Scripts a fault of the sandbox for the next matching request. */
async function script(page, fault) {
  await page.evaluate(async (fault) => {
    const { SANDBOX_URL, sandboxFetch } = await import("./sandbox/sandbox.js");
    const body = JSON.stringify(fault);
    await sandboxFetch(`${SANDBOX_URL}/__gateway/scenario`, { method: "POST", body });
  }, fault);
}

async function prompt(page, words) {
  await page.getByLabel("Prompt", { exact: true }).fill(words);
}

async function choose(page, name) {
  await page.getByRole("radio", { name, exact: true }).check();
}

/** Asks for pictures as the keyboard does, by which the form scrolls nowhere; returns the run. */
async function generate(page) {
  await page.getByLabel("Prompt", { exact: true }).press("Control+Enter");
  return page.getByRole("article").first();
}

/** Waits until so many pictures can be seen. */
async function loaded(within, count) {
  const images = within.locator(".frame img");
  await images.nth(count - 1).waitFor();
  for (const image of await images.all()) await image.evaluate((img) => img.decode());
}
