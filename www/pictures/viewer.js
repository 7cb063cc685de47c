/** A picture shown large, with the others a key away. */

import { button, byId, element } from "../dom.js";

/** @import { Picture } from "./picture.js" */

const dialog = /** @type {HTMLDialogElement} */ (byId("viewer"));

/** @type {Picture[]} */
let pictures = [];
let at = 0;

/**
 * Opens a picture. The focus comes back to the one that was seen last.
 *
 * @param {Picture} picture
 * @param {Picture[]} all in the order of the page
 */
export function openViewer(picture, all) {
  pictures = all;
  at = all.indexOf(picture);
  show();
  dialog.showModal();
}

dialog.addEventListener("close", () => pictures[at]?.focus());
dialog.addEventListener("keydown", ({ key }) => {
  if (key === "ArrowRight") turn(1);
  if (key === "ArrowLeft") turn(-1);
});
// A press beside the picture.
dialog.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close();
});

/** @param {number} step */
function turn(step) {
  at = (at + step + pictures.length) % pictures.length;
  show();
}

function show() {
  const picture = pictures[at];
  const { address, prompt } = picture;
  const count = `${at + 1} of ${pictures.length}`;
  const others = [
    button("‹", () => turn(-1), "Previous picture"),
    element("span", { role: "status" }, count),
    button("›", () => turn(1), "Next picture"),
  ];
  const focused = dialog.querySelector(":focus")?.getAttribute("aria-label");
  dialog.replaceChildren(
    element("img", { src: address, alt: prompt, referrerPolicy: "no-referrer" }),
    element(
      "div",
      { className: "bar" },
      element("p", { dir: "auto" }, prompt),
      element(
        "div",
        { className: "buttons" },
        ...(pictures.length > 1 ? others : []),
        ...picture.buttons(),
        button("Close", () => dialog.close()),
      ),
    ),
  );
  // The same button again, so that it can be pressed again.
  const same = [...dialog.querySelectorAll("button")].find(
    (each) => focused && each.getAttribute("aria-label") === focused,
  );
  same?.focus();
}
