/** Pictures come into the page by their links, and leave it as files and by the clipboard. */

import { element } from "../dom.js";
import { withWords } from "./png.js";

/** @import { GeneratedImage } from "../built/wanvas.js" */
/** @import { Kept } from "./album.js" */

/**
 * File name endings of the media types gateways answer with.
 *
 * @type {Record<string, string>}
 */
const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };
/** Longest part of a file name that is taken from the prompt, in code points. */
const NAME_LENGTH = 48;

/** Where a picture can be had. @param {GeneratedImage} image */
export function addressOf({ url, base64, mediaType = "image/png" }) {
  return url ?? `data:${mediaType};base64,${base64}`;
}

/**
 * @param {GeneratedImage} image
 * @param {typeof globalThis.fetch} fetch
 * @returns {Promise<Blob | undefined>} nothing if its host lets no script read it
 */
export async function downloaded(image, fetch) {
  try {
    const init = /** @type {const} */ ({ credentials: "omit", referrerPolicy: "no-referrer" });
    const response = await fetch(addressOf(image), init);
    return response.ok ? await response.blob() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A name, without ending, that says what the file is: the first words of the prompt, the seed, and
 * which of the pictures.
 *
 * @param {Kept} kept
 * @param {number} index From 0.
 */
export function fileName({ request: { prompt, seed } }, index) {
  const words = [...prompt.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")]
    .slice(0, NAME_LENGTH)
    .join("")
    .replace(/^-+|-+$/g, "");
  return [words || "wanvas", seed, index + 1].join("-");
}

/**
 * Saves a picture with the words that it was made from in it.
 *
 * @param {Blob} picture
 * @param {Kept} kept
 * @param {number} index
 */
export async function saveFile(picture, kept, index) {
  const { prompt, negativePrompt, seed } = kept.request;
  const file = await withWords(picture, {
    prompt,
    ...(negativePrompt && { "negative prompt": negativePrompt }),
    seed: String(seed),
    gateway: kept.destination.place === "real" ? kept.destination.provider : "drawn locally",
  });
  const href = URL.createObjectURL(file);
  const download = `${fileName(kept, index)}.${ENDINGS[picture.type] ?? "png"}`;
  element("a", { href, download }).click();
  // The browser has its own hold on the bytes once the download began.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/**
 * Opens the link of a picture whose host lets no script read it: such a link cannot be made to save.
 *
 * @param {string} href
 */
export function openLink(href) {
  element("a", { href, target: "_blank", rel: "noopener noreferrer" }).click();
}

/** @param {Blob} picture */
export async function copyPicture(picture) {
  await navigator.clipboard.write([new ClipboardItem({ [picture.type]: picture })]);
}

/** Whether the clipboard takes this picture; all take PNG, where there is a clipboard at all. */
export function canCopy(/** @type {Blob} */ { type }) {
  return (
    type === "image/png" && typeof ClipboardItem === "function" && Boolean(navigator.clipboard)
  );
}
