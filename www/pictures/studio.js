/** The generations of the page: begun, waited for, kept, taken up again, and deleted. */

import { generate, nearestSize, WanvasError } from "../built/wanvas.js";
import { announce, button, byId, copyText } from "../dom.js";
import { PROVIDER_NAMES, pictures } from "../messages.js";
import { optionsFor } from "../request/destination.js";
import { keys } from "../request/keys.js";
import { album } from "./album.js";
import { addressOf, downloaded } from "./files.js";
import { place, runsInPage, sumUp } from "./gallery.js";
import { alone, isElsewhere, journalOf, resumed } from "./job.js";
import { Run } from "./run.js";

/** @import { Generation, Options, Provider } from "../built/wanvas.js" */
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
    const kept = { id: newId(), startedAt: Date.now(), request, destination, beside };
    const { run } = this.#show(kept);
    run.element.scrollIntoView({ block: "nearest" });
    await alone(kept, async () => {
      await album.save(kept);
      await this.#wait(kept, run, "Waiting", (options) => generate(request, options));
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
    } else if (!kept.entry?.submittedAt) {
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
      const again = kept.entry?.submittedAt
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
    let wasSent = Boolean(kept.entry?.submittedAt);
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
      this.#offer(kept, run);
      await this.#bring(kept, run, options.fetch ?? fetch);
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
    const isReal = kept.destination.place === "real";
    const sent = isReal
      ? "This page has stopped waiting. What the gateway has begun it may still finish and charge."
      : "This page has stopped waiting.";
    const sentence = wasSent ? sent : "Nothing was sent.";
    run.rest("Cancelled", sentence);
    announce("Cancelled");
    // A submit that has left is waited for all the same.
    const isOpen = kept.entry?.submittedAt;
    this.#offer(kept, run, isOpen ? [this.#goOn(kept, "Go on waiting")] : []);
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
    place(run.element, this.#all.get(kept.beside ?? "")?.run.element);
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
      button("Use again", () => this.#form.fill(rest, destination)),
      button("Same seed again", () => this.#form.fill(request, destination)),
      // At an address of one's own there may be only the one gateway.
      ...(destination.baseUrl
        ? []
        : [button(`Compare with ${PROVIDER_NAMES[other]}`, () => this.#compare(kept))]),
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
    await this.#sum();
    next.focus();
    announce("Deleted");
  }

  /** Deletes all but what is still waited for. */
  async #deleteAll() {
    if (!confirm("Delete all pictures that this browser keeps?")) return;
    const ended = [...this.#all.values()].filter(({ run }) => !run.isWaiting);
    await Promise.all(ended.map(({ kept }) => this.#remove(kept)));
    await this.#sum();
    byId("prompt").focus();
    announce("Deleted");
  }

  /** @param {Kept} kept */
  async #remove(kept) {
    this.#of(kept).run.remove();
    this.#all.delete(kept.id);
    await album.remove(kept);
  }

  #sum() {
    return sumUp([...this.#all.values()].map(({ kept }) => kept));
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

/** Pages of plain http have no `randomUUID()`. */
function newId() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
