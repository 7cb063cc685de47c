/** Real browsers driven from Node: Chromium, Firefox and WebKit, by the WebDriver protocol. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Builder } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import * as firefox from "selenium-webdriver/firefox.js";
import remote from "selenium-webdriver/remote/index.js";
import { Failure } from "../../scripts/lib/run.mjs";
import { programPath } from "../../scripts/setup/browsers.mjs";
import { GECKODRIVER, installTool } from "../../scripts/setup/tools.mjs";

/** The engines, as {@link startBrowser} knows them. */
const ENGINES = ["chromium", "firefox", "webkit"];

/**
 * The engines that tests run in: `WANVAS_ENGINES=firefox node --test tests/jobs/` runs one.
 *
 * @param {string[]} [suited] those that suit the tests
 */
export function chosenEngines(suited = ENGINES) {
  return process.env.WANVAS_ENGINES?.split(",") ?? suited;
}

/** Longest wait for what runs in a page, in milliseconds. */
const SCRIPT_MS = 180_000;
/** Longest wait for a browser that was told to end, before it is made to. */
const QUIT_MS = 5_000;
/** Longest wait for the dead to be gone: where nobody buries them, they never are. */
const GONE_MS = 1_000;

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

/** The driver of each engine, and the capabilities of a session, with a profile where one is given. */
const DRIVERS = {
  chromium: {
    service: () => new chrome.ServiceBuilder(programPath("chromedriver")),
    capabilities(profile) {
      const options = new chrome.Options().setBinaryPath(programPath("chromium"));
      if (profile) options.addArguments(`--user-data-dir=${profile}`);
      return options.addArguments("--headless=new", ...CHROMIUM_FLAGS);
    },
  },
  firefox: {
    async service() {
      await installTool(GECKODRIVER);
      return new firefox.ServiceBuilder(GECKODRIVER.program);
    },
    capabilities(profile) {
      const options = new firefox.Options().setBinary(programPath("firefox"));
      if (profile) options.addArguments("-profile", profile);
      return options.addArguments("-headless");
    },
  },
  // The driver starts WebKitGTK's own MiniBrowser, which has no headless mode.
  webkit: {
    service() {
      if (!process.env.DISPLAY)
        throw new Failure("WebKit needs a display: xvfb-run -a node --test …");
      const builder = new remote.DriverService.Builder(programPath("webkitDriver"));
      return builder.setLoopback(true);
    },
    capabilities(profile) {
      if (profile) throw new Error("WebKit takes no profile");
      return { browserName: "MiniBrowser" };
    },
  },
};

/**
 * Starts a browser, with one tab.
 *
 * @param {"chromium" | "firefox" | "webkit"} engine
 * @param {string} [profile] a directory that outlives the browser, so that another one can be
 *   started with what this one kept; WebKit has none
 * @returns {Promise<Browser>}
 */
export async function startBrowser(engine, profile) {
  // A browser of a busy machine now and then fails to start, and the next one does.
  try {
    return await start(DRIVERS[engine], profile);
  } catch (error) {
    if (error instanceof Failure) throw error;
    console.log(`${engine} did not start (${error.message}). Starting it once more.`);
    return start(DRIVERS[engine], profile);
  }
}

async function start(driver, profile) {
  // What is written on the way goes with it, also where a killed process leaves it behind.
  const scratch = await mkdtemp(join(tmpdir(), "wanvas-"));
  const env = { ...process.env, TMPDIR: scratch };
  if (IS_ROOT) env.WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS = "1";
  const service = (await driver.service()).setEnvironment(env).build();
  try {
    const session = await new Builder()
      .disableEnvironmentOverrides()
      .usingServer(await service.start())
      .withCapabilities(driver.capabilities(profile))
      .build();
    await session.manage().setTimeouts({ script: SCRIPT_MS });
    const capabilities = await session.getCapabilities();
    const pid = capabilities.get("goog:processID") ?? capabilities.get("moz:processID");
    const tab = new Tab(session, await session.getWindowHandle());
    return new Browser(session, tab, pid, () => discard(service, scratch));
  } catch (error) {
    await discard(service, scratch);
    throw error;
  }
}

/** Ends a driver, and removes a directory, into which a last process may still be writing. */
async function discard(service, scratch) {
  await service.kill();
  await rm(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** A browser and its driver. `open` and `run` are those of the first tab. */
export class Browser {
  #pid;
  #discard;

  constructor(session, tab, pid, discard) {
    /** As selenium has it. */
    this.session = session;
    /** The tab that was there from the start. */
    this.tab = tab;
    this.#pid = pid;
    this.#discard = discard;
  }

  open(url) {
    return this.tab.open(url);
  }

  run(work, args) {
    return this.tab.run(work, args);
  }

  /** Another tab of the same browser, empty; it is in front until another is used. */
  async newTab() {
    await this.session.switchTo().newWindow("tab");
    return new Tab(this.session, await this.session.getWindowHandle());
  }

  /** Ends the browser as its user would. */
  async quit() {
    const isLate = sleep(QUIT_MS, undefined, { ref: false }).then(() => Promise.reject());
    await Promise.race([this.session.quit(), isLate]).catch(() => this.#killProcess());
    await this.#discard();
  }

  /**
   * Ends the browser at once, as a crash or the loss of power would: no page hears of it. A profile
   * that the caller gave can be opened by another browser afterwards.
   */
  async kill() {
    await this.#killProcess();
    await this.#discard();
  }

  /** Its further processes end with the one that the driver has started. */
  async #killProcess() {
    const until = performance.now() + GONE_MS;
    try {
      process.kill(this.#pid, "SIGKILL");
      while (process.kill(this.#pid, 0) && performance.now() < until) await sleep(20);
    } catch {
      // It is gone.
    }
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
   * @returns {Promise<Result>} rejects where the function throws
   */
  async run(work, args = []) {
    await this.#toFront();
    const { value, thrown } = JSON.parse(
      await this.#session.executeAsyncScript(RUN_IN_PAGE, String(work), JSON.stringify(args)),
    );
    if (thrown) throw new Error(thrown);
    return value;
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
