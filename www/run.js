/** A run: one request with its progress, its pictures or its error. */

import { button, element } from "./dom.js";
import { isLocal } from "./form.js";
import { dateTime, explain, PROVIDER_NAMES, pictures, price } from "./messages.js";
import { fileName, Picture } from "./picture.js";

/** @import { Generation, Options, Progress } from "../pkg/wanvas.js" */
/** @import { CompleteRequest } from "./form.js" */

const PHASES = {
  waiting: "Waiting",
  submitting: "Submitting",
  queued: "Queued",
  running: "Running",
};
/** How often the elapsed time is drawn anew, in milliseconds: often enough to skip no second. */
const TICK_MS = 250;

/**
 * One press of Generate in the results: its prompt, how far it is, its pictures or what went wrong.
 *
 * The elapsed time runs by the page's own clock; everything else is shown only when it is known.
 */
export class Run {
  #request;
  #isLocal;
  #announce;
  #startedAt = performance.now();
  #phase = "";

  #state = element("span", { className: "phase" });
  #elapsed = element("span", { className: "elapsed" });
  #buttons = element("span", { className: "buttons" });
  #bar = element("progress", { hidden: true, max: 1, ariaLabel: "Progress" });
  #problem = element("div", { className: "trouble", hidden: true });
  #frames = element("div", { className: "pictures" });
  #facts = element("dl", { className: "facts" });
  /** @type {Picture[]} */
  #pictures;
  /** @type {number | undefined} Set while waiting. */
  #ticking;

  /**
   * @param {CompleteRequest} request
   * @param {Options} options
   * @param {(text: string) => void} announce Tells a change of state to screen readers.
   */
  constructor(request, options, announce) {
    this.#request = request;
    this.#isLocal = isLocal(options);
    this.#announce = announce;
    this.#pictures = Array.from({ length: request.count }, () => new Picture(request.size));
    this.#frames.dataset.count = String(request.count);
    this.#frames.append(...this.#pictures.map((picture) => picture.element));
    this.element = element(
      "article",
      { className: "run", tabIndex: -1, ariaLabel: request.prompt },
      element("h2", { dir: "auto" }, request.prompt),
      element("div", { className: "state" }, this.#state, this.#elapsed, this.#buttons),
      this.#facts,
      this.#bar,
      this.#problem,
      this.#frames,
    );
    const gateway = PROVIDER_NAMES[options.provider];
    this.#addFact("Seed", String(request.seed));
    this.#addFact("Gateway", this.#isLocal ? `${gateway}, local` : gateway);
  }

  /**
   * The wait begins, or goes on.
   *
   * @param {() => void} onCancel
   */
  begin(onCancel) {
    this.element.dataset.state = "waiting";
    this.#state.textContent = "Waiting";
    this.#problem.hidden = true;
    this.#buttons.replaceChildren(button("Cancel", onCancel));
    this.#tick();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  /** @param {Progress} event */
  progress({ phase, progress }) {
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#state.textContent = PHASES[phase];
      this.#announce(PHASES[phase]);
    }
    this.#bar.hidden = progress === null;
    if (progress !== null) this.#bar.value = progress;
  }

  /**
   * @param {Generation} generation
   * @param {(seed: number) => void} onUseSeed
   */
  succeed(generation, onUseSeed) {
    const { prompt, seed, count } = this.#request;
    const made = generation.images.filter(({ error }) => error === undefined).length;
    const outcome = made < count ? `${made} of ${pictures(count)}` : pictures(made);
    this.#end("done", outcome, outcome);
    this.#pictures.forEach((picture, index) => {
      const image = generation.images[index];
      if (image === undefined) picture.showProblem("The gateway did not send this picture.");
      else picture.show(image, prompt, fileName(prompt, seed, index));
    });
    if (generation.cost !== null) {
      const told = price(generation.cost);
      this.#addFact("Cost", this.#isLocal ? `${told}, not charged` : told);
    }
    const expiry = firstExpiry(generation.images);
    if (expiry !== null) this.#addFact("Links work until", dateTime(expiry));
    this.#buttons.append(button("Use seed again", () => onUseSeed(seed)));
  }

  /**
   * @param {Error} error
   * @param {(() => void) | null} onGoOn Goes on waiting; null if there is no job to wait for.
   */
  fail(error, onGoOn) {
    const { advice, detail, charged } = explain(error);
    this.#end("failed", "Failed", advice);
    this.#explain([advice, charged], detail, onGoOn);
  }

  /**
   * @param {boolean} wasSent
   * @param {(() => void) | null} onGoOn
   */
  cancel(wasSent, onGoOn) {
    this.#end("cancelled", "Cancelled", "Cancelled");
    const advice = wasSent
      ? "This page has stopped waiting. What the gateway has begun it may still finish and charge."
      : "Nothing was sent.";
    this.#explain([advice], null, onGoOn);
    this.element.focus({ preventScroll: true });
  }

  /** Takes the run away, as when nothing was sent. */
  remove() {
    clearInterval(this.#ticking);
    this.element.remove();
  }

  /**
   * @param {"done" | "failed" | "cancelled"} state
   * @param {string} words
   * @param {string} announced
   */
  #end(state, words, announced) {
    clearInterval(this.#ticking);
    this.#tick();
    this.element.dataset.state = state;
    this.#phase = "";
    this.#state.textContent = words;
    this.#buttons.replaceChildren();
    this.#bar.hidden = true;
    this.#announce(announced);
  }

  /**
   * @param {(string | null)[]} sentences
   * @param {string | null} detail What the library or the gateway said.
   * @param {(() => void) | null} onGoOn
   */
  #explain(sentences, detail, onGoOn) {
    const said = sentences.filter((sentence) => sentence !== null);
    this.#problem.replaceChildren(...said.map((sentence) => element("p", {}, sentence)));
    if (detail) this.#problem.append(element("p", { className: "note", dir: "auto" }, detail));
    if (onGoOn !== null) this.#problem.append(button("Go on waiting", onGoOn));
    this.#problem.hidden = false;
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #addFact(name, value) {
    this.#facts.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  }

  #tick() {
    const seconds = Math.floor((performance.now() - this.#startedAt) / 1000);
    this.#elapsed.textContent = `${seconds} s`;
  }
}

/**
 * When the first of the links stops working.
 *
 * @param {Generation["images"]} images
 * @returns {number | null} Unix milliseconds; null if no gateway said so.
 */
function firstExpiry(images) {
  const known = images.flatMap(({ expiresAt }) => expiresAt ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
