/** A picture of a run: its place from the first moment, then the picture and its download. */

import { button, element } from "./dom.js";
import { pixels } from "./messages.js";

/** @import { GeneratedImage, Size } from "../pkg/wanvas.js" */

/**
 * File name endings of the media types gateways answer with.
 *
 * @type {Record<string, string>}
 */
const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };
/** Longest part of a file name that is taken from the prompt, in code points. */
const NAME_LENGTH = 48;

/** One picture: an empty frame of the right shape from the first moment, filled when it is there. */
export class Picture {
  #frame = element("div", { className: "frame" });
  #caption = element("figcaption");
  element = element("figure", { className: "picture" }, this.#frame, this.#caption);

  /** @param {Size} size The size asked for. */
  constructor(size) {
    // A style sheet cannot know the ratio; through the object model no inline style is needed.
    this.element.style.setProperty("--ratio", String(size.width / size.height));
    this.#caption.textContent = pixels(size);
  }

  /**
   * @param {GeneratedImage} image
   * @param {string} alt
   * @param {string} name The name under which it is saved, without ending.
   */
  show(image, alt, name) {
    if (image.error !== undefined) return this.showProblem(image.error.message);
    const address = addressOf(image);
    const shown = element("img", { alt, decoding: "async", referrerPolicy: "no-referrer" });
    shown.addEventListener("load", () => {
      const natural = { width: shown.naturalWidth, height: shown.naturalHeight };
      this.element.style.setProperty("--ratio", String(natural.width / natural.height));
      this.#frame.replaceChildren(shown);
      this.#describe(pixels(natural), address, name);
    });
    shown.addEventListener("error", () => {
      this.showProblem("The picture is made, but its link could not be loaded.");
      this.#describe("", address, name);
    });
    shown.src = address;
  }

  /** @param {string} problem Why this picture is missing. */
  showProblem(problem) {
    this.#frame.replaceChildren(element("p", { className: "problem", dir: "auto" }, problem));
    this.#caption.replaceChildren();
  }

  /**
   * @param {string} size
   * @param {string} address
   * @param {string} name
   */
  #describe(size, address, name) {
    const save = button("Download", () => download(address, name));
    save.setAttribute("aria-label", `Download ${name}`);
    this.#caption.replaceChildren(element("span", {}, size), save);
  }
}

/**
 * A name, without ending, that says what the file is: the first words of the prompt, the seed, and
 * which of the pictures.
 *
 * @param {string} prompt
 * @param {number} seed
 * @param {number} index From 0.
 */
export function fileName(prompt, seed, index) {
  const words = [...prompt.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")]
    .slice(0, NAME_LENGTH)
    .join("")
    .replace(/^-+|-+$/g, "");
  return [words || "wanvas", seed, index + 1].join("-");
}

/** @param {GeneratedImage} image */
function addressOf({ url, base64, mediaType = "image/png" }) {
  return url ?? `data:${mediaType};base64,${base64}`;
}

/**
 * Saves the picture. Where its host lets no script read it, the link opens in a new tab instead,
 * because a cross-origin link cannot be made to save by itself.
 *
 * @param {string} address
 * @param {string} name Without ending.
 */
async function download(address, name) {
  try {
    const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const blob = await response.blob();
    const object = URL.createObjectURL(blob);
    follow({ href: object, download: `${name}.${ENDINGS[blob.type] ?? "png"}` });
    // The browser has its own hold on the bytes once the download began.
    setTimeout(() => URL.revokeObjectURL(object), 60_000);
  } catch {
    follow({ href: address, target: "_blank", rel: "noopener noreferrer" });
  }
}

/** @param {Partial<HTMLAnchorElement>} properties */
function follow(properties) {
  element("a", properties).click();
}
