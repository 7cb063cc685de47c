/** The element `<wan-image>`. Types and documentation are in `index.d.ts`. */

import { createSession } from "../views/session.js";

/** What is asked for, by attribute, and how its text is read. */
const REQUEST = {
  prompt: ["prompt", String],
  "negative-prompt": ["negativePrompt", String],
  size: ["size", String],
  count: ["count", Number],
  seed: ["seed", Number],
};

/** Where, by attribute. */
const OPTIONS = { gateway: ["provider", String], "base-url": ["baseUrl", String] };

/** The properties that a page sets. */
const SETTINGS = ["apiKey", "options"];

const PHASES = {
  waiting: "Waiting…",
  submitting: "Sending…",
  queued: "In the queue…",
  running: "Generating…",
};

const STYLE = `
  :host { display: block; }
  :host([hidden]), [hidden] { display: none; }
  img { display: block; max-width: 100%; height: auto; }
`;

/** A server has no elements; there the class is only a name. */
const Base = globalThis.HTMLElement ?? class {};

export class WanImageElement extends Base {
  static observedAttributes = ["auto", ...Object.keys(REQUEST), ...Object.keys(OPTIONS)];

  #session = createSession();
  #settings = {};
  /** The latest generation's end. */
  #end;
  #isAutoPlanned = false;
  #isAutoDone = false;
  #prompt = "";
  #status = create("p", "status", { role: "status" });
  #progress = create("progress", "progress", { "aria-label": "Progress", hidden: "" });
  #images = create("div", "images");

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.append(this.#status, this.#progress, this.#images);
    this.adoptedCallback();
    this.#session.subscribe(() => this.#show(this.#session.get()));
    // What was set before there was a setter would hide it.
    for (const name of SETTINGS.filter((name) => Object.hasOwn(this, name))) {
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  get apiKey() {
    return this.#settings.apiKey;
  }

  set apiKey(apiKey) {
    this.#settings.apiKey = apiKey;
    this.#planAuto();
  }

  get options() {
    return this.#settings.options;
  }

  set options(options) {
    this.#settings.options = options;
    this.#planAuto();
  }

  connectedCallback() {
    this.#planAuto();
  }

  /** A sheet belongs to one document, and is lost in another; a `<style>` is what policies forbid. */
  adoptedCallback() {
    const { defaultView } = this.ownerDocument;
    // A document that is not shown has none.
    if (!defaultView) return;
    const sheet = new defaultView.CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.shadowRoot.adoptedStyleSheets = [sheet];
  }

  disconnectedCallback() {
    // An element that is only moved is back by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.#session.cancel();
    });
  }

  attributeChangedCallback() {
    this.#planAuto();
  }

  generate(request) {
    if (this.#session.get().status === "running") return Promise.resolve(null);
    const wanted = { ...this.#read(REQUEST), ...request };
    const { apiKey, options } = this;
    this.#session.options = { apiKey, ...options, ...this.#read(OPTIONS) };
    this.#prompt = String(wanted.prompt ?? "");
    this.#end = this.#session.generate(wanted);
    return this.#end;
  }

  cancel() {
    this.#isAutoDone = true;
    this.#session.cancel();
  }

  /**
   * Starts it by itself soon, and anew whenever something was set, until something was sent: that
   * costs money, so it is once in an element's life.
   */
  async #planAuto() {
    if (this.#isAutoPlanned || this.#isAutoDone) return;
    this.#isAutoPlanned = true;
    await documentReady();
    await this.#end;
    this.#isAutoPlanned = false;
    if (!this.#isAutoDone && this.isConnected && this.hasAttribute("auto")) this.generate();
  }

  /** The members that attributes stand for, without those that are not there. */
  #read(attributes) {
    const members = {};
    for (const [attribute, [member, parse]] of Object.entries(attributes)) {
      const text = this.getAttribute(attribute);
      if (text !== null) members[member] = parse(text);
    }
    return members;
  }

  #show({ status, progress, generation, error }) {
    this.#progress.hidden = status !== "running";
    this.#status.part.toggle("error", status === "failed");
    if (status === "running") this.#showProgress(progress);
    else this.#showEnd(status, generation, error);
  }

  #showProgress(progress) {
    const phase = progress?.phase ?? "waiting";
    if (phase !== "waiting") this.#isAutoDone = true;
    this.#say(PHASES[phase]);
    this.#images.replaceChildren();
    if (typeof progress?.progress === "number") this.#progress.value = progress.progress;
    else this.#progress.removeAttribute("value");
    if (progress) this.#tell("progress", progress);
  }

  #showEnd(status, generation, error) {
    if (status === "cancelled") this.#say("Cancelled");
    if (status === "failed") {
      // Such as a key that was asked for and not given.
      if (!error.mayHaveBeenCharged && !error.status && !error.job) this.#isAutoDone = false;
      this.#say(error.message);
      this.#tell("error", error);
    }
    if (status === "succeeded") {
      const made = generation.images.filter((image) => !image.error).length;
      this.#say(made === 1 ? "1 picture" : `${made} pictures`);
      this.#images.replaceChildren(...generation.images.map((image) => this.#picture(image)));
      this.#tell("success", generation);
    }
  }

  #picture({ url, base64, mediaType, error }) {
    if (error) return create("p", "error", {}, error.message);
    const src = url ?? `data:${mediaType};base64,${base64}`;
    return create("img", "image", { src, alt: this.#prompt });
  }

  /** Only what is new: a screen reader reads aloud what is written here. */
  #say(text) {
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  #tell(name, detail) {
    const init = { detail, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent(`wanvas-${name}`, init));
  }
}

/**
 * A task after the document's own scripts have run, of which one may set the key. Elsewhere than in
 * a navigation's document, nothing tells whether they have, but that all is loaded.
 */
async function documentReady() {
  const [page] = performance.getEntriesByType("navigation");
  if (document.readyState !== "complete" && !page?.domContentLoadedEventStart) {
    await new Promise((resolve) => {
      addEventListener("DOMContentLoaded", resolve);
      addEventListener("load", resolve);
    });
  }
  await new Promise((resolve) => setTimeout(resolve));
}

function create(name, part, attributes = {}, text = "") {
  const element = document.createElement(name);
  element.part.add(part);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value);
  }
  element.textContent = text;
  return element;
}

const { customElements } = globalThis;
if (customElements && !customElements.get("wan-image")) {
  customElements.define("wan-image", WanImageElement);
}
