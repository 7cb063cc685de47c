/** The generations in the page: their order, what stands side by side, and what all of it comes to. */

import { byId, element } from "../dom.js";
import { bytes, dollars, pictures, total } from "../messages.js";
import { album } from "./album.js";

/** @import { Kept } from "./album.js" */

/**
 * Places a generation at the top, or beside the one that it is compared with.
 *
 * @param {HTMLElement} added
 * @param {HTMLElement} [other]
 */
export function place(added, other) {
  if (other) pairOf(other).append(added);
  else byId("runs").prepend(added);
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
export function runsInPage() {
  return [...byId("runs").querySelectorAll(/** @type {"article"} */ (".run"))];
}

/**
 * Says what is kept, and what it all cost.
 *
 * @param {Kept[]} all
 */
export async function sumUp(all) {
  const { count, bytes: size } = await album.usage();
  const where = album.isLasting ? "kept in this browser" : "kept until this page is closed";
  const [spent, drawn] = [true, false].map((isReal) => costOf(all, isReal));
  byId("kept").hidden = all.length === 0;
  byId("usage").textContent = count > 0 ? `${pictures(count)}, ${bytes(size)}, ${where}` : "";
  byId("spent").textContent = spent > 0 ? `Spent: ${dollars(spent)}` : "";
  byId("not-charged").textContent =
    drawn > 0 ? `Drawn locally, not charged: ${dollars(drawn)}` : "";
}

/**
 * @param {Kept[]} all
 * @param {boolean} isReal whether of those that were paid for, or of the others
 */
function costOf(all, isReal) {
  const counted = all.filter(({ destination }) => (destination.place === "real") === isReal);
  return total(counted.flatMap(({ result }) => result?.cost ?? []));
}
