/** Lighthouse, in a browser of its own, on the page as a web server with compression has it. */

import lighthouse, { desktopConfig } from "lighthouse";
import { findFreePort } from "selenium-webdriver/net/portprober.js";
import { inProject } from "../../scripts/lib/paths.mjs";
import { launchChromium } from "../page/chromium.mjs";
import { serve } from "../support/site.mjs";

/** Its presets: a phone on a slow network, and a desktop. */
export const PRESETS = { mobile: undefined, desktop: desktopConfig };

/**
 * @param {keyof typeof PRESETS} preset
 * @param {string[]} categories as Lighthouse names them
 * @returns {Promise<{ scores: Record<string, number>, failed: string[] }>} scores up to 100, and the
 *   names of the audits that are to blame for what is missing
 */
export async function audit(preset, categories) {
  const site = await serve(inProject("www"), {}, {}, { gzip: true });
  const port = await findFreePort();
  const browser = await launchChromium([`--remote-debugging-port=${port}`]);
  try {
    const flags = { port, onlyCategories: categories, logLevel: "error" };
    const { lhr } = await lighthouse(site.origin, flags, PRESETS[preset]);
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    const found = Object.values(lhr.categories);
    return {
      scores: Object.fromEntries(found.map(({ id, score }) => [id, Math.round(score * 100)])),
      failed: found.flatMap(({ auditRefs }) =>
        auditRefs
          .filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 0.9)
          .map(({ id }) => id),
      ),
    };
  } finally {
    await browser.close();
    await site.stop();
  }
}
