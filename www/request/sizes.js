/** The size picker: a gateway's presets as shapes, and a free size that is checked at once. */

import { nearestSize, sizes } from "../built/wanvas.js";
import { byId, element } from "../dom.js";
import { PROVIDER_NAMES, pixels } from "../messages.js";

/** @import { Provider, Size, SizePreset } from "../built/wanvas.js" */

const FREE = "free";
/**
 * Every gateway has this preset, so it stands in until the menu has been asked for.
 *
 * @type {SizePreset}
 */
const DEFAULT_PRESET = { name: "square", width: 1280, height: 1280, ratio: "1:1" };
/** Side of the square in which a shape is drawn, in SVG units. */
const SHAPE_BOX = 28;

/** The size menu: a gateway's presets as shapes, and a free size that is checked while typing. */
export class SizePicker {
  #tiles = byId("size-presets");
  #free = byId("free-size");
  #width = /** @type {HTMLInputElement} */ (byId("width"));
  #height = /** @type {HTMLInputElement} */ (byId("height"));
  #note = byId("size-note");
  #offer = /** @type {HTMLButtonElement} */ (byId("size-suggestion"));

  /** @type {Provider} */
  #provider = "aimlapi";
  /** @type {SizePreset[]} */
  #presets = [DEFAULT_PRESET];
  /** @type {string} */
  #chosen = DEFAULT_PRESET.name;
  /** @type {Size} */
  #offered = DEFAULT_PRESET;
  /** Told when the size may be another. */
  onChange = () => {};

  constructor() {
    this.#tiles.addEventListener("change", (event) => {
      this.#choose(/** @type {HTMLInputElement} */ (event.target).value);
    });
    this.#free.addEventListener("input", () => this.#check());
    this.#offer.addEventListener("click", () => {
      this.#choose(FREE);
      this.#setFreeSize(this.#offered);
      this.#width.focus();
    });
  }

  /**
   * Shows the presets of a gateway. The choice stays unless a size is given: the preset words are
   * the same everywhere, only their pixels differ.
   *
   * @param {Provider} provider
   * @param {Size} [size]
   */
  async show(provider, size) {
    this.#provider = provider;
    const presets = await sizes(provider);
    if (provider !== this.#provider) return;
    this.#presets = presets;
    const longest = Math.max(...presets.flatMap(({ width, height }) => [width, height]));
    this.#tiles.replaceChildren(
      ...presets.map((preset) => presetTile(preset, SHAPE_BOX / longest)),
      tile(FREE, "Free", "any size", shape(SHAPE_BOX, SHAPE_BOX)),
    );
    if (size) this.#pick(size);
    else this.#choose(this.#chosen);
  }

  /** @returns {Size} The size asked for; a free side left empty is NaN. */
  get value() {
    if (this.#chosen === FREE) {
      return { width: this.#width.valueAsNumber, height: this.#height.valueAsNumber };
    }
    const { width, height } =
      this.#presets.find(({ name }) => name === this.#chosen) ?? DEFAULT_PRESET;
    return { width, height };
  }

  /**
   * Shows why the size was refused and puts the focus where it can be changed.
   *
   * @param {string} problem
   * @param {Size | undefined} suggestion
   */
  refuse(problem, suggestion) {
    const chosen = /** @type {HTMLElement} */ (this.#tiles.querySelector(":checked"));
    (this.#chosen === FREE ? this.#width : chosen).focus();
    this.#say(problem, "problem", suggestion ?? null);
  }

  /** @param {Size} size */
  #pick(size) {
    const preset = this.#presets.find((each) => pixels(each) === pixels(size));
    this.#choose(preset?.name ?? FREE);
    if (!preset) this.#setFreeSize(size);
  }

  /** @param {string} name A preset's name, or "free". */
  #choose(name) {
    const before = this.value;
    this.#chosen = name;
    const radio = this.#tiles.querySelector(`[value="${name}"]`);
    /** @type {HTMLInputElement} */ (radio).checked = true;
    this.#free.hidden = name !== FREE;
    const untouched = this.#width.value === "" && this.#height.value === "";
    if (name === FREE && untouched) this.#setFreeSize(before);
    else this.#check();
    this.onChange();
  }

  /** @param {Size} size */
  #setFreeSize({ width, height }) {
    this.#width.value = String(width);
    this.#height.value = String(height);
    this.#check();
    this.onChange();
  }

  /** Says at once whether the free size is one the gateway draws, and if not, which is nearest. */
  async #check() {
    if (this.#chosen !== FREE) return this.#say("", "note", null);
    const provider = this.#provider;
    const wanted = this.value;
    if (!(wanted.width > 0 && wanted.height > 0)) {
      return this.#say("Both width and height are needed.", "problem", null);
    }
    const nearest = await nearestSize(provider, wanted).catch((error) => error);
    if (!this.#isStill(provider, wanted)) return;
    if (nearest instanceof Error) return this.#say(nearest.message, "problem", null);
    if (pixels(nearest) === pixels(wanted)) {
      return this.#say(`${PROVIDER_NAMES[provider]} draws this size.`, "note", null);
    }
    this.#say(`${PROVIDER_NAMES[provider]} does not draw ${pixels(wanted)}.`, "problem", nearest);
  }

  /**
   * @param {Provider} provider
   * @param {Size} wanted
   */
  #isStill(provider, wanted) {
    return (
      this.#chosen === FREE && provider === this.#provider && pixels(wanted) === pixels(this.value)
    );
  }

  /**
   * @param {string} text
   * @param {"note" | "problem"} kind
   * @param {Size | null} offered
   */
  #say(text, kind, offered) {
    this.#note.textContent = text;
    this.#note.className = kind;
    for (const side of [this.#width, this.#height]) {
      side.setAttribute("aria-invalid", String(kind === "problem"));
    }
    this.#offer.hidden = offered === null;
    if (offered !== null) {
      this.#offered = offered;
      this.#offer.textContent = `Use ${pixels(offered)}`;
      this.#offer.scrollIntoView({ block: "nearest" });
    }
  }
}

/**
 * @param {SizePreset} preset
 * @param {number} scale SVG units for each pixel.
 */
function presetTile({ name, width, height, ratio }, scale) {
  return tile(name, ratio, pixels({ width, height }), shape(width * scale, height * scale));
}

/**
 * @param {string} value
 * @param {string} title
 * @param {string} detail
 * @param {SVGElement} drawing
 */
function tile(value, title, detail, drawing) {
  return element(
    "label",
    { className: "tile" },
    element("input", { type: "radio", name: "size", value }),
    element("span", {}, drawing, element("strong", {}, title), " ", element("small", {}, detail)),
  );
}

/**
 * A rectangle of this size, in the middle of the box.
 *
 * @param {number} width
 * @param {number} height
 */
function shape(width, height) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `-1 -1 ${SHAPE_BOX + 2} ${SHAPE_BOX + 2}`);
  svg.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(svg.namespaceURI, "rect");
  const box = { x: (SHAPE_BOX - width) / 2, y: (SHAPE_BOX - height) / 2, width, height, rx: 2 };
  for (const [name, value] of Object.entries(box)) rect.setAttribute(name, String(value));
  svg.append(rect);
  return svg;
}
