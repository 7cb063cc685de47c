/** The states of the demo page, for pictures of it. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Demo, picturesOf, user } from "./harness.mjs";

const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

/** Each state of the page, and how to bring it about. */
const STATES = {
  async empty() {},

  async generating(page, gateway) {
    await gateway.script({ on: "submit", fault: "delay", ms: 10_000 });
    await user.writePrompt(page, "A lighthouse at dusk, long exposure, calm sea");
    await user.choosePreset(page, 1056, 1408);
    await user.choose(page, "4");
    const run = await user.generate(page);
    await run.getByText("1 s", { exact: true }).waitFor();
  },

  async results(page) {
    await user.choose(page, "Vtrix");
    await user.writePrompt(page, "Botanical plate of a fern, ink and watercolour");
    await user.choosePreset(page, 1472, 1104);
    await user.choose(page, "4");
    await picturesOf(await user.generate(page));
  },

  async error(page, gateway) {
    await gateway.script({ on: "submit", fault: "cut", when: "after" });
    await user.writePrompt(page, "Tiny bakery in the rain, warm light in the window");
    const run = await user.generate(page);
    await run.getByText("Failed", { exact: true }).waitFor();
  },

  async "free-size"(page) {
    await user.writePrompt(page, "A poster for a village fair");
    await user.typeFreeSize(page, 1104, 1472);
    await user.generate(page);
    await page.getByRole("button", { name: "Use 1056 × 1408" }).waitFor();
  },

  async "real-gateway"(page) {
    await page.getByText("Real gateway", { exact: true }).click();
    await page.getByLabel("Key", { exact: true }).fill("a key");
  },
};

/** Writes a picture of each state, in each size and colour scheme. */
export async function takeScreenshots(directory) {
  await mkdir(directory, { recursive: true });
  const demo = new Demo();
  try {
    await demo.start();
    for (const viewport of SIZES) {
      for (const colorScheme of ["light", "dark"]) {
        await takeAll(demo, directory, { viewport, colorScheme });
      }
    }
  } finally {
    await demo.stop();
  }
}

/** One picture of each state, of the window and not of the whole page: what a person sees first. */
async function takeAll(demo, directory, { viewport, colorScheme }) {
  for (const [name, reach] of Object.entries(STATES)) {
    await demo.gateway.reset();
    const page = await demo.open({ viewport, colorScheme, reducedMotion: "reduce" });
    await reach(page, demo.gateway);
    const file = `${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`;
    await page.screenshot({ path: join(directory, file) });
    console.log(file);
    await demo.closePages();
  }
}
