/** The engines in which these tests run: those that keep a profile, so that one can be killed. */

import { chosenEngines } from "../support/browser.mjs";

export const CHOSEN = chosenEngines(["chromium", "firefox"]);
