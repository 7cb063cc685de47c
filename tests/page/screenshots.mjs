/**
 * `npm run screenshots`: writes the demo page's states to target/screenshots/, on a phone and on a
 * desktop, light and dark, to be looked at: of the window, and not of the whole page.
 */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TARGET } from "../../scripts/lib/paths.mjs";
import { SCHEMES, SIZES, STATES, StaticPage, show } from "./states.mjs";

const DIRECTORY = join(TARGET, "screenshots");

/** The smallest phone and a large screen; in these only some of the states. */
const EXTREMES = [
  { width: 320, height: 568 },
  { width: 2560, height: 1440 },
];
const AT_EXTREMES = ["empty", "results", "compared", "free size refused", "large view"];

await mkdir(DIRECTORY, { recursive: true });
const demo = new StaticPage();
try {
  await demo.start();
  for (const [name, reach] of Object.entries(STATES)) {
    for (const viewport of [...SIZES, ...(AT_EXTREMES.includes(name) ? EXTREMES : [])]) {
      const page = await demo.open({ viewport, reducedMotion: "reduce" });
      await reach(page);
      for (const colorScheme of SCHEMES) {
        await show(page, { viewport, colorScheme });
        const size = `${viewport.width}x${viewport.height}`;
        const file = `${name.replaceAll(" ", "-")}-${size}-${colorScheme}.png`;
        await page.screenshot({ path: join(DIRECTORY, file) });
        console.log(file);
      }
      await demo.closePages();
    }
  }
} finally {
  await demo.stop();
}
