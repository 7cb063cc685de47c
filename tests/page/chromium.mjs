/** Chromium, as Playwright drives it. */

import { chromium } from "playwright-core";
import { programPath } from "../../scripts/setup/browsers.mjs";
import { CHROMIUM_FLAGS } from "../support/browser.mjs";

/** @param {string[]} [flags] further ones */
export function launchChromium(flags = []) {
  const args = [...CHROMIUM_FLAGS, ...flags];
  return chromium.launch({ executablePath: programPath("chromium"), args });
}
