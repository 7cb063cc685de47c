/** The suites: which tests there are, and where they run. */

const ENGINES = ["chromium", "firefox", "webkit"];

/**
 * Each suite `tests/<name>`: the engines in which all of it runs, and those of them in which
 * `npm test` runs it. What it leaves out is slow and seldom breaks, and runs by `npm run test:all`.
 * Those that take longest come first.
 */
export const SUITES = {
  // The demo page.
  page: { engines: ["chromium"], daily: ["chromium"] },
  faults: { engines: ENGINES, daily: ["chromium"] },
  // The crate's exports, and the effects of `src/web`.
  browser: { engines: ENGINES, daily: ENGINES },
  web: { engines: ENGINES, daily: ENGINES },
  // Only these two have a profile that outlives a killed browser.
  recovery: { engines: ["chromium", "firefox"], daily: ["chromium"] },
  views: { engines: ["chromium"], daily: ["chromium"] },
  jobs: { engines: ENGINES, daily: ENGINES },
  loading: { engines: ENGINES, daily: ENGINES },
  // What wasm-pack makes of the crate by itself.
  crate: { engines: ENGINES, daily: ["chromium"] },
  sandbox: { engines: ENGINES, daily: ["chromium"] },
  // The page's own suite is in Chromium.
  smoke: { engines: ["firefox", "webkit"], daily: ["firefox", "webkit"] },
  // The app in Leptos, which takes minutes to compile.
  examples: { engines: ["chromium"], daily: [] },
  lighthouse: { engines: ["chromium"], daily: [] },
  soak: { engines: ["chromium"], daily: [] },
};
