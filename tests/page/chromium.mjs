/** Chromium, as Playwright drives it. */

import { chromium } from "playwright-core";
import { CHROMIUM_FLAGS, programsHere } from "../../scripts/lib/engines.mjs";

/** @param {string[]} [flags] further ones */
export async function launchChromium(flags = []) {
  const { chromium: executablePath } = await programsHere();
  return chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] });
}
