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
  static observedAttributes = ["auto"];

  #session = createSession();
  #isAutoDone = false;
  #prompt = "";
  #status = create("p", "status", { role: "status" });
  #progress = create("progress", "progress", { "aria-label": "Progress", hidden: "" });
  #images = create("div", "images");

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#status, this.#progress, this.#images);
    this.#session.subscribe(() => this.#show(this.#session.get()));
  }

  connectedCallback() {
    this.#startIfAuto();
  }

  disconnectedCallback() {
    // An element that is only moved is back by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.cancel();
    });
  }

  attributeChangedCallback() {
    this.#startIfAuto();
  }

  generate(request) {
    if (this.#session.get().status === "running") return Promise.resolve(null);
    const wanted = { ...this.#read(REQUEST), ...request };
    const { apiKey, options } = this;
    this.#session.options = { apiKey, ...options, ...this.#read(OPTIONS) };
    this.#prompt = String(wanted.prompt ?? "");
    return this.#session.generate(wanted);
  }

  cancel() {
    this.#session.cancel();
  }

  /** Once in an element's life, however often it is moved or its attribute is set: it costs money. */
  #startIfAuto() {
    // Later, so that whoever made the element can set the rest of it.
    queueMicrotask(() => {
      if (this.#isAutoDone || !this.isConnected || !this.hasAttribute("auto")) return;
      this.#isAutoDone = true;
      this.generate();
    });
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
    this.#say(PHASES[progress?.phase ?? "waiting"]);
    this.#images.replaceChildren();
    if (typeof progress?.progress === "number") this.#progress.value = progress.progress;
    else this.#progress.removeAttribute("value");
    if (progress) this.#tell("progress", progress);
  }

  #showEnd(status, generation, error) {
    if (status === "cancelled") this.#say("Cancelled");
    if (status === "failed") {
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
