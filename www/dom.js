/** Making elements, and finding those of the page. */

/**
 * Makes an element. Strings among the children become text nodes, so nothing that came from a
 * person or a gateway is ever read as markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties] DOM properties, not attributes.
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * A push button.
 *
 * @param {string} label
 * @param {() => void} onClick
 * @param {string} [name] what it is called where the label says too little
 */
export function button(label, onClick, name) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", onClick);
  if (name) made.setAttribute("aria-label", name);
  return made;
}

/**
 * The element of the page with this id.
 *
 * @template {HTMLElement} [Found=HTMLElement]
 * @param {string} id
 * @returns {Found}
 */
export function byId(id) {
  return /** @type {Found} */ (document.getElementById(id));
}

/** @param {string} words A change of state, for screen readers. */
export function announce(words) {
  byId("announcements").textContent = words;
}

/**
 * Copies text, and says whether that went well.
 *
 * @param {string} what it is
 * @param {string} text
 */
export async function copyText(what, text) {
  try {
    // Pages of plain http have no clipboard.
    await navigator.clipboard.writeText(text);
    announce(`Copied the ${what}`);
  } catch {
    announce(`The browser did not let the ${what} be copied`);
  }
}
