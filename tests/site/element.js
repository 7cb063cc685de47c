/** What a page does with `<wan-image>`. */

import "/pkg/element.js";
import { at } from "/app.js";

/** An element with these attributes, for the gateway that serves the page. */
export function made(attributes, more) {
  const element = document.createElement("wan-image");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  const { apiKey, provider, ...options } = at(attributes.gateway, more);
  return Object.assign(element, { apiKey, options });
}

/** The same, in the document. */
export function added(attributes, more) {
  return document.body.appendChild(made(attributes, more));
}

/** What is in its shadow tree, by part. */
export function look({ shadowRoot }) {
  const parts = (name) => [...shadowRoot.querySelectorAll(`[part~="${name}"]`)];
  return { parts, part: (name) => parts(name)[0] };
}

export function isVisible(element) {
  return getComputedStyle(element).display !== "none";
}
