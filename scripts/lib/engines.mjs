/** Real browsers driven from Node: Chromium, Firefox and WebKit, by the WebDriver protocol. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setUpBrowsers } from "../setup.mjs";
import { ProcessGroup } from "./process-group.mjs";

/** The engines, as {@link startBrowser} knows them. */
export const ENGINES = ["chromium", "firefox", "webkit"];

/**
 * The engines that tests run in: `WANVAS_ENGINES=firefox node --test tests/jobs/` runs one.
 *
 * @param {string[]} [suited] those that suit the tests
 */
export function chosenEngines(suited = ENGINES) {
  return process.env.WANVAS_ENGINES?.split(",") ?? suited;
}

/** How a script hands the programs on to the tests that it starts. */
const VARIABLE = "WANVAS_BROWSERS";

/** Longest wait for a driver that starts, in milliseconds. */
const DRIVER_MS = 30_000;
/** Longest wait for what runs in a page, unless a browser is started with another one. */
const SCRIPT_MS = 60_000;
/** Longest wait for a browser that was told to end, before it is made to. */
const QUIT_MS = 5_000;

/** Root has no sandbox in any of the engines. */
const IS_ROOT = process.getuid?.() === 0;

/** Chromium without a graphics card, without requests of its own, and as root without a sandbox. */
export const CHROMIUM_FLAGS = [
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  ...(IS_ROOT ? ["--no-sandbox"] : []),
];

/**
 * What each engine needs: the driver's command, further environment, and the capabilities of a
 * session with this profile. `profile` says whether there is one.
 */
const SETUPS = {
  chromium: {
    profile: true,
    driver: ({ chromedriver }, port) => [chromedriver, `--port=${port}`],
    capabilities: ({ chromium }, profile) => ({
      browserName: "chrome",
      "goog:chromeOptions": {
        binary: chromium,
        args: ["--headless=new", ...CHROMIUM_FLAGS, `--user-data-dir=${profile}`],
      },
    }),
  },
  firefox: {
    profile: true,
    driver: ({ geckodriver }, port) => [geckodriver, "--port", String(port)],
    capabilities: ({ firefox }, profile) => ({
      browserName: "firefox",
      "moz:firefoxOptions": { binary: firefox, args: ["-headless", "-profile", profile] },
    }),
  },
  // The driver starts WebKitGTK's own MiniBrowser, which has no headless mode.
  webkit: {
    profile: false,
    driver: ({ xvfbRun, webkitDriver }, port) => [xvfbRun, "-a", webkitDriver, `--port=${port}`],
    env: IS_ROOT ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } : {},
    capabilities: () => ({ browserName: "MiniBrowser" }),
  },
};

/** An error that a page threw. */
export class PageError extends Error {
  name = "PageError";
}

/**
 * What a script sets so that a test which it starts finds the same programs.
 *
 * @param {Record<string, string>} programs from `setUpBrowsers`
 */
export function environmentFor(programs) {
  return { [VARIABLE]: JSON.stringify(programs) };
}

/** The programs that a script handed on; of a test that is run by hand, the system's own. */
export async function programsHere() {
  const handedOn = process.env[VARIABLE];
  return handedOn ? JSON.parse(handedOn) : setUpBrowsers();
}

/**
 * Starts a browser, with one tab.
 *
 * @param {"chromium" | "firefox" | "webkit"} engine
 * @param {Record<string, string>} programs from `setUpBrowsers` or {@link programsHere}
 * @param {{ profile?: string, scriptMs?: number }} [options] `profile` is a directory that outlives
 *   the browser, so that another one can be started with what this one kept; WebKit has none
 * @returns {Promise<Browser>}
 */
export async function startBrowser(engine, programs, options = {}) {
  const setup = SETUPS[engine];
  if (options.profile && !setup.profile) throw new Error(`${engine} takes no profile`);
  // A browser of a busy machine now and then fails to start, and the next one does.
  try {
    return await start(setup, programs, options);
  } catch (error) {
    console.log(`${engine} did not start (${error.message}). Starting it once more.`);
    return start(setup, programs, options);
  }
}

async function start(setup, programs, { profile: given, scriptMs = SCRIPT_MS }) {
  // What is written on the way goes with it, also where a killed process leaves it behind.
  const scratch = await mkdtemp(join(tmpdir(), "wanvas-"));
  const profile = given ?? join(scratch, "profile");
  await mkdir(profile, { recursive: true });
  const env = { ...setup.env, TMPDIR: scratch };
  const port = await unusedPort();
  const processes = new ProcessGroup(setup.driver(programs, port), env);
  try {
    const url = await ready(processes, port);
    // Only now are the packages sure to be there.
    const { Builder } = await import("selenium-webdriver");
    const session = await new Builder()
      .disableEnvironmentOverrides()
      .usingServer(url)
      .withCapabilities(setup.capabilities(programs, profile))
      .build();
    await session.manage().setTimeouts({ script: scriptMs });
    const tab = new Tab(session, await session.getWindowHandle());
    return new Browser(session, processes, scratch, tab);
  } catch (error) {
    await processes.kill();
    await discard(scratch);
    throw error;
  }
}

/** The address of a driver that takes sessions; its own words are shown only if it never does. */
async function ready(processes, port) {
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + DRIVER_MS;
  while (!(await takesSessions(url))) {
    if (processes.ended || performance.now() > until) {
      throw new Error(`no driver: ${processes.words.trim()}`);
    }
    await sleep(50);
  }
  return url;
}

async function takesSessions(url) {
  try {
    const status = await fetch(`${url}/status`, { signal: AbortSignal.timeout(2_000) });
    return (await status.json()).value.ready === true;
  } catch {
    return false;
  }
}

/** A port of the loopback address that nobody listens at. */
export function unusedPort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1" }, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A browser and its driver. `open` and `run` are those of the first tab. */
export class Browser {
  #session;
  #processes;
  #scratch;

  constructor(session, processes, scratch, tab) {
    this.#session = session;
    this.#processes = processes;
    this.#scratch = scratch;
    /** The tab that was there from the start. */
    this.tab = tab;
  }

  open(url) {
    return this.tab.open(url);
  }

  run(work, args) {
    return this.tab.run(work, args);
  }

  /** Another tab of the same browser, empty; it is in front until another is used. */
  async newTab() {
    await this.#session.switchTo().newWindow("tab");
    return new Tab(this.#session, await this.#session.getWindowHandle());
  }

  /** Ends the browser as its user would. */
  async quit() {
    const asked = this.#session.quit().catch(() => {});
    await Promise.race([asked, sleep(QUIT_MS, undefined, { ref: false })]);
    await this.#processes.stop(QUIT_MS);
    await discard(this.#scratch);
  }

  /**
   * Ends every process of the browser at once, as a crash or the loss of power would: no page hears
   * of it. A profile that the caller gave can be opened by another browser afterwards.
   */
  async kill() {
    await this.#processes.kill();
    await discard(this.#scratch);
  }
}

/**
 * A tab. A driver does one thing at a time: while one tab runs something, no other can be spoken
 * to. What is to go on meanwhile is begun by a `run` that leaves its promise in the page.
 */
class Tab {
  #session;
  #handle;

  constructor(session, handle) {
    this.#session = session;
    this.#handle = handle;
  }

  /** Loads a page; when it is loaded, what ran in the one before is gone. */
  async open(url) {
    await this.#toFront();
    await this.#session.get(url);
  }

  async reload() {
    await this.#toFront();
    await this.#session.navigate().refresh();
  }

  /**
   * Runs a function in the page, as a script of the page's own, and waits for what it returns.
   *
   * @template Result
   * @param {string | ((...args: any[]) => Result | Promise<Result>)} work a function that refers to
   *   nothing outside itself, or its source
   * @param {unknown[]} [args] plain data, as is the result
   * @returns {Promise<Result>} rejects with a {@link PageError} where the function throws
   */
  async run(work, args = []) {
    await this.#toFront();
    const { value, thrown } = JSON.parse(
      await this.#session.executeAsyncScript(RUN_IN_PAGE, String(work), JSON.stringify(args)),
    );
    if (thrown) throw new PageError(thrown);
    return value;
  }

  /**
   * Runs a function of no further use than to look at the document, also in a page whose policy lets
   * no script of ours run: in the driver's own world.
   *
   * @param {((...args: any[]) => unknown)} work
   * @param {unknown[]} [args] plain data, as is the result
   */
  async look(work, args = []) {
    await this.#toFront();
    return this.#session.executeScript(`return (${work})(...arguments)`, ...args);
  }

  /** Presses an element as a mouse does. */
  async press(selector) {
    await this.#toFront();
    await this.#session.findElement({ css: selector }).click();
  }

  /** Types into an element as the keyboard does; what it held is still there. */
  async type(selector, ...keys) {
    await this.#toFront();
    await this.#session.findElement({ css: selector }).sendKeys(...keys);
  }

  /** Agrees to what the page asks. */
  async agree() {
    await this.#toFront();
    await this.#session.switchTo().alert().accept();
  }

  /** The text that an element shows; nothing is run in the page for it. */
  async text(selector) {
    await this.#toFront();
    return this.#session.findElement({ css: selector }).getText();
  }

  async close() {
    await this.#toFront();
    await this.#session.close();
  }

  async #toFront() {
    await this.#session.switchTo().window(this.#handle);
  }
}

/**
 * Drivers run scripts in a world of their own, from which not every engine can import a module: the
 * function becomes a script element of the page, and its outcome comes back as text in an event.
 */
const RUN_IN_PAGE = `
  const [source, args, done] = arguments;
  const name = "wanvas-run-" + Math.random();
  addEventListener(name, (event) => done(event.detail), { once: true });
  const script = document.createElement("script");
  script.textContent = \`{
    const tell = (outcome) => dispatchEvent(
      new CustomEvent(\${JSON.stringify(name)}, { detail: JSON.stringify(outcome) }));
    const words = (thrown) => String(thrown) + "\\\\n" + (thrown?.stack ?? "");
    (async () => (\${source})(...\${args}))()
      .then((value) => tell({ value }))
      .catch((thrown) => tell({ thrown: words(thrown) }));
  }\`;
  const failed = (event) => done(JSON.stringify({ thrown: event.message }));
  addEventListener("error", failed);
  document.documentElement.append(script);
  removeEventListener("error", failed);
  script.remove();
`;

/** Removes a directory, into which a last process may still be writing. */
async function discard(directory) {
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
