/** The demo page in a real Chromium, served by a local gateway of its own for each test file. */

import { after, afterEach, before, beforeEach } from "node:test";
import { inProject } from "../../scripts/lib/paths.mjs";
import { Gateway } from "../support/gateway.mjs";
import { launchChromium } from "./chromium.mjs";

/** Longest wait for anything on the page, in milliseconds: far above a job's real time. */
const PATIENCE_MS = 60_000;

/** How long a job of the gateway takes. */
const JOB_MS = "200..400";

/**
 * Starts a gateway and a browser before the tests of a file and stops them afterwards. Before each
 * test the gateway forgets what it was told; after each its pages are closed.
 */
export function useDemo() {
  const demo = new Demo();
  before(() => demo.start());
  beforeEach(() => demo.gateway.reset());
  afterEach(() => demo.closePages());
  after(() => demo.stop());
  return demo;
}

export class Demo {
  #contexts = [];

  async start() {
    this.gateway = await Gateway.start(JOB_MS, { www: inProject("www") });
    // A host of this machine that no browser trusts as it does the loopback address.
    this.browser = await launchChromium(["--host-resolver-rules=MAP plain.example 127.0.0.1"]);
  }

  /**
   * The page, ready for use, in a browser profile of its own.
   *
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  async open(options) {
    const page = await this.blank(options);
    await page.goto(this.gateway.origin);
    await ready(page);
    return page;
  }

  /**
   * An empty page in a browser profile of its own. Without being asked to, it keeps no files for
   * times without a network, so that a test sees every request.
   *
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  async blank(options) {
    const context = await this.browser.newContext({ serviceWorkers: "block", ...options });
    this.#contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    return context.newPage();
  }

  /** Has no stream tell that a job is done: the first check does, some 2 s after the submit. */
  async withoutStreams() {
    await this.gateway.script({ on: "stream", fault: "answer", status: 503, times: 0 });
  }

  async closePages() {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async stop() {
    await this.browser?.close();
    await this.gateway?.stop();
  }
}

/** Waits until a page that the gateway serves has chosen it. */
export async function ready(page) {
  await page.getByRole("radio", { name: "Free" }).waitFor();
  await page.locator("[value=local]:checked").waitFor();
}

/** What a person does on the page. */
export const user = {
  async writePrompt(page, prompt) {
    await page.getByLabel("Prompt", { exact: true }).fill(prompt);
  },

  async choose(page, name) {
    await page.getByRole("radio", { name, exact: true }).check();
  },

  async choosePreset(page, width, height) {
    await page.getByRole("radio", { name: `${width} × ${height}` }).check();
  },

  async typeFreeSize(page, width, height) {
    await user.choose(page, "Free any size");
    await page.getByLabel("Width").fill(String(width));
    await page.getByLabel("Height").fill(String(height));
  },

  /** Presses Generate; returns the run that begins. */
  async generate(page) {
    await page.getByRole("button", { name: "Generate" }).click();
    return page.getByRole("article").first();
  },

  /** Presses Generate and waits; returns the pictures once they can be seen. */
  async generatePictures(page) {
    const before = await page.getByRole("article").count();
    const run = await user.generate(page);
    await page.getByRole("article").nth(before).waitFor();
    return picturesOf(run);
  },
};

/** The loaded pictures of a run: natural size, pixels and what stands below. */
export async function picturesOf(run) {
  await run.getByText(/^\d pictures?$/).waitFor();
  const frames = run.getByRole("figure");
  const pictures = [];
  for (const frame of await frames.all()) {
    const image = frame.locator("img");
    await image.waitFor();
    pictures.push({
      size: await image.evaluate((img) => [img.naturalWidth, img.naturalHeight]),
      pixels: await pixelsOf(image),
      text: await frame.innerText(),
    });
  }
  return pictures;
}

/** What a loaded picture shows, as a short text that is the same for the same pixels. */
export function pixelsOf(image) {
  return image.evaluate(async (img) => {
    const { naturalWidth, naturalHeight } = img;
    const context = new OffscreenCanvas(naturalWidth, naturalHeight).getContext("2d");
    context.drawImage(img, 0, 0);
    const { data } = context.getImageData(0, 0, naturalWidth, naturalHeight);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  });
}

/**
 * Keeps what the page submits from arriving, until it is let go.
 *
 * @returns {Promise<() => void>} lets go what was held
 */
export async function holdSubmits(page) {
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  const isSubmit = ({ pathname }) => /\/v1\/(images\/generations|generation)$/.test(pathname);
  await page.route(isSubmit, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** Says yes or no to the next question that the page asks. */
export function answer(page, isYes) {
  return new Promise((resolve) => {
    page.once("dialog", async (dialog) => {
      await (isYes ? dialog.accept() : dialog.dismiss());
      resolve(dialog.message());
    });
  });
}

/** What the page keeps, by database and store. */
export function stored(page) {
  return page.evaluate(async () => {
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found = {};
    for (const { name } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values = database.transaction(store).objectStore(store);
        found[`${name}/${store}`] = await asked(values.getAll());
      }
      database.close();
    }
    return found;
  });
}

/** What a submit said, in the same words for each gateway. */
export function submitted({ provider, body }) {
  if (provider === "aimlapi") {
    const { width, height } = body.image_size;
    return {
      prompt: body.prompt,
      negativePrompt: body.negative_prompt,
      size: [width, height],
      count: body.num_images,
      seed: body.seed,
      enhancePrompt: body.enhance_prompt,
      watermark: body.watermark,
    };
  }
  const { input, parameters } = body.input[0].params;
  return {
    prompt: input.prompt,
    negativePrompt: input.negative_prompt,
    size: parameters.size.split("*").map(Number),
    count: parameters.n,
    seed: parameters.seed,
    enhancePrompt: parameters.prompt_extend,
    watermark: parameters.watermark,
  };
}

/** Whether an element gets the focus, which may come to it a task later. */
export function isFocused(locator) {
  const focused = locator.and(locator.page().locator(":focus"));
  return focused.waitFor().then(
    () => true,
    () => false,
  );
}
