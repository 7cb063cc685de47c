/** A generation in the page: its prompt, how far it is, and its pictures or what went wrong. */

import { announce, button, element } from "../dom.js";
import { dateTime, explain, PROVIDER_NAMES, pictures, price } from "../messages.js";
import { Picture } from "./picture.js";

/** @import { GeneratedImage, Generation, Progress } from "../built/wanvas.js" */
/** @import { Place } from "../request/destination.js" */
/** @import { Kept } from "./album.js" */

const PHASES = {
  waiting: "Waiting",
  submitting: "Submitting",
  queued: "Queued",
  running: "Running",
};
/** @type {Record<Place, string>} */
const PLACES = { sandbox: ", sandbox", local: ", local", real: "" };
/** How often the elapsed time is drawn anew, in milliseconds: often enough to skip no second. */
const TICK_MS = 250;

/** The elapsed time runs by the page's own clock; everything else is shown only when it is known. */
export class Run {
  #kept;
  #phase = "";

  #state = element("span", { className: "phase" });
  #elapsed = element("span", { className: "elapsed" });
  /** Holds Cancel while there is something to cancel. */
  #cancel = element("div");
  #bar = element("progress", { hidden: true, max: 1, ariaLabel: "Progress" });
  #buttons = element("div", { className: "buttons" });
  #problem = element("div", { className: "trouble", hidden: true });
  #frames = element("div", { className: "pictures" });
  #facts = element("dl", { className: "facts" });
  /** @type {number | undefined} Set while waiting. */
  #ticking;

  /**
   * @param {Kept} kept
   * @param {(picture: Picture) => void} onOpen shows a picture large
   */
  constructor(kept, onOpen) {
    const { request, destination } = kept;
    this.#kept = kept;
    this.pictures = Array.from(
      { length: request.count },
      (_, index) => new Picture(kept, index, onOpen),
    );
    this.#frames.dataset.count = String(request.count);
    this.#frames.append(...this.pictures.map((picture) => picture.element));
    this.element = element(
      "article",
      { className: "run", tabIndex: -1, ariaLabel: request.prompt },
      element("h2", { dir: "auto" }, request.prompt),
      element("div", { className: "state" }, this.#state, this.#elapsed, this.#cancel),
      this.#facts,
      this.#bar,
      this.#problem,
      this.#frames,
      this.#buttons,
    );
    this.#addFact("Seed", String(request.seed));
    this.#addFact("Gateway", PROVIDER_NAMES[destination.provider] + PLACES[destination.place]);
  }

  /**
   * The wait begins, or goes on.
   *
   * @param {string} words
   * @param {() => void} onCancel
   */
  begin(words, onCancel) {
    this.element.dataset.state = "waiting";
    this.#state.textContent = words;
    this.#problem.hidden = true;
    this.#buttons.replaceChildren();
    this.#cancel.replaceChildren(button("Cancel", onCancel));
    this.#tick();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  /** @param {Progress} event */
  progress({ phase, progress }) {
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#state.textContent = PHASES[phase];
      announce(PHASES[phase]);
    }
    this.#bar.hidden = progress === null;
    if (progress !== null) this.#bar.value = progress;
  }

  /**
   * @param {Pick<Generation, "images" | "cost">} result
   * @param {boolean} isNews
   */
  succeed({ images, cost }, isNews) {
    const { request, destination } = this.#kept;
    const made = images.filter(({ error }) => error === undefined).length;
    const outcome = made < request.count ? `${made} of ${pictures(request.count)}` : pictures(made);
    this.#end("done", outcome);
    if (isNews) announce(outcome);
    this.pictures.forEach((picture, index) => {
      if (index >= images.length) picture.showProblem("The gateway did not send this picture.");
      else if (images[index].error) picture.showProblem(images[index].error.message);
    });
    if (cost) {
      const told = price(cost);
      this.#addFact("Cost", destination.place === "real" ? told : `${told}, not charged`);
    }
  }

  /** @param {GeneratedImage[]} images of which a picture could not be kept, and is only a link */
  tellExpiry(images) {
    const known = images.flatMap(({ expiresAt }) => expiresAt ?? []);
    if (known.length > 0) this.#addFact("Links work until", dateTime(Math.min(...known)));
  }

  /**
   * @param {Error} error
   * @param {boolean} isNews
   */
  fail(error, isNews) {
    const { advice, detail, charged } = explain(error, this.#kept.destination.place !== "real");
    this.#end("failed", "Failed");
    if (isNews) announce(advice);
    this.#explain([advice, charged], detail);
  }

  /**
   * The page does not wait for it, or no more.
   *
   * @param {string} words
   * @param {string} sentence
   */
  rest(words, sentence) {
    this.#end("cancelled", words);
    this.#explain([sentence], null);
  }

  /** @param {HTMLButtonElement[]} buttons what can be done with it now */
  offer(buttons) {
    this.#buttons.replaceChildren(...buttons);
  }

  get isWaiting() {
    return this.element.dataset.state === "waiting";
  }

  /** Takes it off the page. */
  remove() {
    clearInterval(this.#ticking);
    for (const picture of this.pictures) picture.release();
    const around = this.element.parentElement;
    this.element.remove();
    if (around?.matches(".pair:empty")) around.remove();
  }

  /**
   * @param {"done" | "failed" | "cancelled"} state
   * @param {string} words
   */
  #end(state, words) {
    if (this.#ticking) this.#tick();
    clearInterval(this.#ticking);
    this.#cancel.replaceChildren();
    this.element.dataset.state = state;
    this.#phase = "";
    this.#state.textContent = words;
    this.#bar.hidden = true;
  }

  /**
   * @param {(string | null)[]} sentences
   * @param {string | null} detail What the library or the gateway said.
   */
  #explain(sentences, detail) {
    const said = sentences.filter((sentence) => sentence !== null);
    this.#problem.replaceChildren(...said.map((sentence) => element("p", {}, sentence)));
    if (detail) this.#problem.append(element("p", { className: "note", dir: "auto" }, detail));
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
    const seconds = Math.max(0, Math.floor((Date.now() - this.#kept.startedAt) / 1000));
    this.#elapsed.textContent = `${seconds} s`;
  }
}
