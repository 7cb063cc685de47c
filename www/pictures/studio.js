/** The generations of the page: begun, waited for, kept, taken up again, and deleted. */

import { generate, nearestSize, resume, WanvasError } from "../built/wanvas.js";
import { announce, button, byId, copyText, element } from "../dom.js";
import { bytes, dollars, PROVIDER_NAMES, pictures, total } from "../messages.js";
import { optionsFor } from "../request/destination.js";
import { keys } from "../request/keys.js";
import { album } from "./album.js";
import { Run } from "./run.js";

/** @import { Generation, JournalStore, Options, Provider } from "../built/wanvas.js" */
/** @import { Destination } from "../request/destination.js" */
/** @import { CompleteRequest, RequestForm } from "../request/form.js" */
/** @import { Kept } from "./album.js" */
/** @import { Picture } from "./picture.js" */

/** Errors by which a job has ended: waiting for it again would only tell the same. */
const FINAL = new Set(["generation_failed", "content_rejected"]);

/** @type {Record<Provider, Provider>} */
const OTHER = { aimlapi: "vtrix", vtrix: "aimlapi" };

export class Studio {
  #form;
  /** @type {Map<string, { kept: Kept, run: Run }>} In the order in which they began. */
  #all = new Map();

  /** @param {RequestForm} form */
  constructor(form) {
    this.#form = form;
    byId("delete-all").addEventListener("click", () => this.#deleteAll());
  }

  /** Shows what the album has, and goes on with what an earlier page left unfinished. */
  async open() {
    for (const kept of await album.list()) this.#show(kept);
    this.#sum();
    const unfinished = [...this.#all.values()].filter(({ kept }) => !kept.result && !kept.error);
    if (unfinished.length > 0) announce(`Going on with ${unfinished.length} from before`);
    await Promise.all(unfinished.map(({ kept }) => this.#takeUp(kept)));
  }

  /**
   * Makes pictures.
   *
   * @param {CompleteRequest} request
   * @param {Destination} destination
   * @param {string} [beside] the id of the generation that it is compared with
   */
  async start(request, destination, beside) {
    const kept = { id: newId(), startedAt: Date.now(), request, destination };
    const compared = beside ? { ...kept, beside } : kept;
    const { run } = this.#show(compared);
    await alone(compared, async () => {
      await album.save(compared);
      await this.#wait(compared, run, "Waiting", (options) => generate(request, options));
    });
  }

  /** @param {Kept} kept */
  async #takeUp(kept) {
    const { run } = this.#of(kept);
    if (await isElsewhere(kept)) run.rest("In another tab", "What comes of it will show here too.");
    await alone(kept, async () => {
      Object.assign(kept, await album.get(kept.id));
      await this.#goOnWith(kept, run);
    });
  }

  /**
   * @param {Kept} kept
   * @param {Run} run
   */
  async #goOnWith(kept, run) {
    const hasKey = kept.destination.place !== "real" || this.#key(kept) !== "";
    if (kept.result || kept.error) {
      await this.#tell(kept, run);
    } else if (!kept.entry) {
      run.rest("Not sent", "The page was left before this was sent.");
      this.#offer(kept, run, [this.#goOn(kept, "Send now")]);
    } else if (kept.cancelled || (!hasKey && !kept.destination.baseUrl)) {
      run.rest("Unfinished", "The gateway may still be making this, or have made it.");
      this.#offer(kept, run, [this.#goOn(kept, "Go on waiting")]);
    } else {
      await this.#wait(kept, run, "Going on after a reload", (options) => resumed(kept, options));
    }
  }

  /**
   * @param {Kept} kept
   * @param {string} label
   */
  #goOn(kept, label) {
    const { run } = this.#of(kept);
    return button(label, () => {
      kept.cancelled = false;
      const again = kept.entry
        ? (/** @type {Options} */ options) => resumed(kept, options)
        : (/** @type {Options} */ options) => generate(kept.request, options);
      alone(kept, () => this.#wait(kept, run, "Waiting", again));
      run.element.focus({ preventScroll: true });
    });
  }

  /**
   * Shows in the page how a call goes, until it ends.
   *
   * @param {Kept} kept
   * @param {Run} run
   * @param {string} words
   * @param {(options: Options) => Promise<Pick<Generation, "images" | "cost">>} call
   */
  async #wait(kept, run, words, call) {
    const controller = new AbortController();
    const { signal } = controller;
    let wasSent = kept.entry !== undefined;
    run.begin(words, () => controller.abort());
    /** @type {Options} */
    const options = {
      ...optionsFor(kept.destination, this.#key(kept)),
      journal: journalOf(kept),
      signal,
      onProgress(event) {
        wasSent ||= event.phase !== "waiting";
        run.progress(event);
      },
    };
    try {
      const { images, cost } = await call(options);
      kept.result = { images, cost };
      kept.entry = undefined;
      kept.error = undefined;
      await album.save(kept);
      run.succeed(kept.result, true);
      await this.#bring(kept, run, options.fetch ?? fetch);
      this.#offer(kept, run);
    } catch (caught) {
      if (signal.aborted) await this.#cancelled(kept, run, wasSent);
      else await this.#failed(kept, run, /** @type {Error} */ (caught), wasSent);
    }
    this.#sum();
  }

  /**
   * @param {Kept} kept
   * @param {Run} run
   * @param {boolean} wasSent
   */
  async #cancelled(kept, run, wasSent) {
    kept.cancelled = true;
    await album.save(kept);
    const sentence = wasSent
      ? "This page has stopped waiting. What the gateway has begun it may still finish and charge."
      : "Nothing was sent.";
    run.rest("Cancelled", sentence);
    announce("Cancelled");
    this.#offer(kept, run, kept.entry?.job ? [this.#goOn(kept, "Go on waiting")] : []);
    run.element.focus({ preventScroll: true });
  }

  /**
   * @param {Kept} kept
   * @param {Run} run
   * @param {Error} error
   * @param {boolean} wasSent
   */
  async #failed(kept, run, error, wasSent) {
    const isOwn = error instanceof WanvasError;
    if (isOwn && error.code === "invalid_request" && !wasSent && this.#form.refuse(error)) {
      return this.#remove(kept);
    }
    kept.error = isOwn ? error.toJSON() : { message: String(error) };
    await album.save(kept);
    run.fail(error, true);
    const canGoOn = isOwn && kept.entry?.job && !FINAL.has(error.code);
    this.#offer(kept, run, canGoOn ? [this.#goOn(kept, "Go on waiting")] : []);
  }

  /**
   * Brings the pictures into the page: from the album, or from their links, and then into the album.
   *
   * @param {Kept} kept
   * @param {Run} run
   * @param {typeof globalThis.fetch} fetch
   */
  async #bring(kept, run, fetch) {
    const images = kept.result?.images ?? [];
    const work = images.map(async (image, index) => {
      const picture = run.pictures[index];
      if (!picture || image.error) return;
      const blob = (await album.picture(kept.id, index)) ?? (await downloaded(image, fetch));
      if (!blob) return picture.showLink(addressOf(image)).then(() => run.tellExpiry([image]));
      await album.savePicture(kept.id, index, blob);
      await picture.showBlob(blob);
    });
    await Promise.all(work);
  }

  /** @param {Kept} kept */
  #show(kept) {
    const open = async (/** @type {Picture} */ picture) => {
      const { openViewer } = await import("./viewer.js");
      openViewer(picture, this.#pictures());
    };
    const run = new Run(kept, open);
    const shown = { kept, run };
    this.#all.set(kept.id, shown);
    const other = kept.beside && this.#all.get(kept.beside)?.run.element;
    if (other) pairOf(other).append(run.element);
    else byId("runs").prepend(run.element);
    this.#tell(kept, run);
    return shown;
  }

  /**
   * Shows how it ended, if it has.
   *
   * @param {Kept} kept
   * @param {Run} run
   */
  async #tell(kept, run) {
    const { result, error, entry } = kept;
    if (error) run.fail(/** @type {Error} */ (/** @type {unknown} */ (error)), false);
    this.#offer(kept, run, error && entry?.job ? [this.#goOn(kept, "Go on waiting")] : []);
    if (!result) return;
    run.succeed(result, false);
    await this.#bring(kept, run, optionsFor(kept.destination, "").fetch ?? fetch);
  }

  /** The pictures that can be shown large, in the order of the page. */
  #pictures() {
    const runs = [...this.#all.values()].map(({ run }) => run);
    const sorted = runsInPage().flatMap((each) => runs.find((run) => run.element === each) ?? []);
    return sorted.flatMap((run) => run.pictures).filter(({ address }) => address !== "");
  }

  /**
   * @param {Kept} kept
   * @param {Run} run
   * @param {HTMLButtonElement[]} first
   */
  #offer(kept, run, first = []) {
    const { request, destination } = kept;
    const { provider } = destination;
    const { seed, ...rest } = request;
    const other = OTHER[provider];
    run.offer([
      ...first,
      button("Use again", () => this.#form.fill(rest, provider)),
      button("Same seed again", () => this.#form.fill(request, provider)),
      button(`Compare with ${PROVIDER_NAMES[other]}`, () => this.#compare(kept)),
      button("Copy prompt", () => copyText("prompt", request.prompt)),
      button("Delete", () => this.#delete(kept)),
    ]);
  }

  /** Makes the same at the other gateway, beside this one. @param {Kept} kept */
  async #compare({ id, request, destination, beside }) {
    const provider = OTHER[destination.provider];
    const size = await nearestSize(provider, request.size);
    await this.start({ ...request, size }, { ...destination, provider }, beside ?? id);
  }

  /** @param {Kept} kept */
  async #delete(kept) {
    if (!confirm(`Delete this and its ${pictures(kept.request.count)}?`)) return;
    const inPage = runsInPage();
    const at = inPage.indexOf(this.#of(kept).run.element);
    const next = inPage[at + 1] ?? inPage[at - 1] ?? byId("prompt");
    await this.#remove(kept);
    next.focus();
    announce("Deleted");
  }

  /** Deletes all but what is still waited for. */
  async #deleteAll() {
    if (!confirm("Delete all pictures that this browser keeps?")) return;
    const ended = [...this.#all.values()].filter(({ run }) => !run.isWaiting);
    await Promise.all(ended.map(({ kept }) => this.#remove(kept)));
    byId("prompt").focus();
    announce("Deleted");
  }

  /** @param {Kept} kept */
  async #remove(kept) {
    this.#of(kept).run.remove();
    this.#all.delete(kept.id);
    await album.remove(kept);
    await this.#sum();
  }

  /** Says what is kept, and what it all cost. */
  async #sum() {
    const usage = await album.usage();
    const done = [...this.#all.values()].filter(({ kept }) => kept.result);
    const costs = (/** @type {boolean} */ isReal) =>
      done.flatMap(({ kept }) =>
        (kept.destination.place === "real") === isReal ? (kept.result?.cost ?? []) : [],
      );
    byId("kept").hidden = this.#all.size === 0;
    const where = album.isLasting ? "kept in this browser" : "kept until this page is closed";
    byId("usage").textContent = `${pictures(usage.count)}, ${bytes(usage.bytes)}, ${where}`;
    byId("spent").textContent = `Spent: ${dollars(total(costs(true)))}`;
    const drawn = total(costs(false));
    byId("not-charged").textContent =
      drawn > 0 ? `Drawn locally, not charged: ${dollars(drawn)}` : "";
  }

  /** @param {Kept} kept */
  #of({ id }) {
    return /** @type {{ kept: Kept, run: Run }} */ (this.#all.get(id));
  }

  /** @param {Kept} kept */
  #key({ destination }) {
    return destination.place === "real" ? keys.get(destination.provider) : "";
  }
}

/**
 * Does work while no other tab does any for the same generation.
 *
 * @param {Kept} kept
 * @param {() => Promise<void>} work
 */
async function alone(kept, work) {
  // Where there are no locks, as on a page of plain http, each tab works by itself.
  if (navigator.locks) await navigator.locks.request(lockOf(kept), work);
  else await work();
}

/** Whether another tab does something for it now. @param {Kept} kept */
async function isElsewhere(kept) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === lockOf(kept));
}

/** @param {Kept} kept */
function lockOf({ id }) {
  return `wanvas-studio ${id}`;
}

/**
 * The journal of one generation, which the album keeps with it: so the page knows after a reload
 * which job was whose.
 *
 * @param {Kept} kept
 * @returns {JournalStore}
 */
function journalOf(kept) {
  return {
    async put(entry) {
      kept.entry = entry;
      await album.save(kept);
    },
    async delete() {
      kept.entry = undefined;
      await album.save(kept);
    },
    async list() {
      const { entry } = (await album.get(kept.id)) ?? {};
      return entry ? [entry] : [];
    },
  };
}

/**
 * Waits for a job that an earlier page began, or that another tab waits for.
 *
 * @param {Kept} kept
 * @param {Options} options
 */
async function resumed(kept, options) {
  for await (const { generation, error } of resume(options)) {
    if (error) throw error;
    return generation;
  }
  const { result } = (await album.get(kept.id)) ?? {};
  if (result) return result;
  throw new Error("another tab has dealt with it");
}

/**
 * @param {import("../built/wanvas.js").GeneratedImage} image
 * @param {typeof globalThis.fetch} fetch
 * @returns {Promise<Blob | undefined>} nothing if its host lets no script read it
 */
async function downloaded(image, fetch) {
  try {
    const init = /** @type {const} */ ({ credentials: "omit", referrerPolicy: "no-referrer" });
    const response = await fetch(addressOf(image), init);
    return response.ok ? await response.blob() : undefined;
  } catch {
    return undefined;
  }
}

/** @param {import("../built/wanvas.js").GeneratedImage} image */
function addressOf({ url, base64, mediaType = "image/png" }) {
  return url ?? `data:${mediaType};base64,${base64}`;
}

/** Pages of plain http have no `randomUUID()`. */
function newId() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/** The row of what is compared, around the first of them. @param {HTMLElement} first */
function pairOf(first) {
  const around = first.parentElement;
  if (around?.classList.contains("pair")) return around;
  const pair = element("div", { className: "pair" });
  first.replaceWith(pair);
  pair.append(first);
  return pair;
}

/** From the top of the page down. @returns {HTMLElement[]} */
function runsInPage() {
  return [...byId("runs").querySelectorAll(/** @type {"article"} */ (".run"))];
}
