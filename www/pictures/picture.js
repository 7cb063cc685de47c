/** A picture of a generation: its place from the first moment, then the picture and its buttons. */

import { announce, button, element } from "../dom.js";
import { pixels } from "../messages.js";
import { canCopy, copyPicture, fileName, openLink, saveFile } from "./files.js";

/** @import { Kept } from "./album.js" */

/** One picture: an empty frame of the right shape from the first moment, filled when it is there. */
export class Picture {
  #kept;
  #index;
  #onOpen;
  #frame = element("div", { className: "frame" });
  #caption = element("figcaption");
  element = element("figure", { className: "picture" }, this.#frame, this.#caption);
  /** Where it can be loaded from, once it is there. */
  address = "";
  /** @type {Blob | undefined} The bytes, if they could be read. */
  blob;

  /**
   * @param {Kept} kept
   * @param {number} index
   * @param {(picture: Picture) => void} onOpen shows it large
   */
  constructor(kept, index, onOpen) {
    this.#kept = kept;
    this.#index = index;
    this.#onOpen = onOpen;
    this.#shape(kept.request.size);
    this.#caption.textContent = pixels(kept.request.size);
  }

  /** What it is called where it is alone. */
  get name() {
    return fileName(this.#kept, this.#index);
  }

  get prompt() {
    return this.#kept.request.prompt;
  }

  /** @param {Blob} blob */
  showBlob(blob) {
    this.blob = blob;
    return this.#show(URL.createObjectURL(blob));
  }

  /** @param {string} url of a picture whose bytes could not be read */
  showLink(url) {
    return this.#show(url);
  }

  /** @param {string} problem Why this picture is missing. */
  showProblem(problem) {
    this.#frame.replaceChildren(element("p", { className: "problem", dir: "auto" }, problem));
    this.#caption.replaceChildren();
  }

  /** Lets go of what the page holds for it. */
  release() {
    if (this.blob) URL.revokeObjectURL(this.address);
  }

  save() {
    if (this.blob) saveFile(this.blob, this.#kept, this.#index);
    else openLink(this.address);
  }

  focus() {
    this.#frame.querySelector("button")?.focus();
  }

  /** The buttons that go with it, here and where it is shown large. */
  buttons() {
    const { blob, name } = this;
    const buttons = [button("Download", () => this.save(), `Download ${name}`)];
    if (blob && canCopy(blob)) {
      const copy = async () => {
        const words = await copyPicture(blob).then(
          () => "Picture copied",
          () => "The browser did not let the picture be copied",
        );
        announce(words);
        copying.textContent = words === "Picture copied" ? "Copied" : "Not copied";
      };
      const copying = button("Copy", copy, `Copy ${name}`);
      buttons.push(copying);
    }
    return buttons;
  }

  /** @param {string} address */
  #show(address) {
    this.address = address;
    const image = element("img", { decoding: "async", referrerPolicy: "no-referrer" });
    image.alt = this.prompt;
    return new Promise((resolve) => {
      image.addEventListener("load", async () => {
        // Only then can it be painted at once.
        await image.decode().catch(() => {});
        const size = { width: image.naturalWidth, height: image.naturalHeight };
        this.#shape(size);
        const open = button("", () => this.#onOpen(this), `Open ${this.name}`);
        open.append(image);
        this.#frame.replaceChildren(open);
        this.#describe(pixels(size));
        resolve(true);
      });
      image.addEventListener("error", () => {
        this.showProblem("The picture is made, but its link could not be loaded.");
        this.#describe("");
        resolve(false);
      });
      image.src = address;
    });
  }

  /** @param {string} size */
  #describe(size) {
    this.#caption.replaceChildren(element("span", {}, size), ...this.buttons());
  }

  /** @param {{ width: number, height: number }} size */
  #shape({ width, height }) {
    // A style sheet cannot know the ratio; through the object model no inline style is needed.
    this.element.style.setProperty("--ratio", String(width / height));
  }
}
