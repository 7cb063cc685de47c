/** A component that uses the hook, shown in the page by the React that this is bundled with. */

import { createElement, StrictMode, useEffect } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { useGenerate } from "wanvas/react";

export { version } from "react";

/** How often the component ran, and its effects by what they depend on. */
export const counts = { renders: 0, functions: 0, states: 0 };

/** The hook's members of the last rendering. */
export let hook;

/** A part of the component, whose effects are run before the component's own. */
function Within({ generate, request }) {
  useEffect(() => {
    generate(request);
  }, [generate, request]);
  return null;
}

/** @param {{ request: object, options: object, atOnce?: "generate" | "resume" | "within" }} props */
export function Studio({ request, options, atOnce }) {
  hook = useGenerate(options);
  const { state, generate, cancel, resume } = hook;
  counts.renders += 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it counts how often a function differs
  useEffect(() => {
    counts.functions += 1;
    if (atOnce === "generate") generate(request);
    if (atOnce === "resume") resume();
  }, [generate, cancel, resume, request, atOnce]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it counts how often the state differs
  useEffect(() => {
    counts.states += 1;
  }, [state]);
  const { status, progress, generation, error, resumed } = state;
  return createElement(
    "main",
    null,
    createElement("output", null, status),
    createElement("i", null, progress?.phase),
    createElement("button", { type: "button", id: "generate", onClick: () => generate(request) }),
    createElement("button", { type: "button", id: "cancel", onClick: cancel }),
    createElement("button", { type: "button", id: "resume", onClick: resume }),
    atOnce === "within" && createElement(Within, { generate, request }),
    createElement("p", { role: "alert" }, error && `${error.code}: ${error.message}`),
    ...(generation?.images ?? []).map(({ url }) => createElement("img", { src: url, alt: "" })),
    ...resumed.map((outcome) =>
      createElement("li", null, outcome.error?.code ?? outcome.generation.images.length),
    ),
  );
}

/** Shows the component; `again` renders it with other properties, `unmount` takes it away. */
export function mount(props, { isStrict = false, hydrates = false } = {}) {
  const container = document.getElementById("root");
  const complaints = [];
  const element = (given) => {
    const studio = createElement(Studio, given);
    return isStrict ? createElement(StrictMode, null, studio) : studio;
  };
  const onRecoverableError = (error) => complaints.push(String(error));
  const root = hydrates
    ? hydrateRoot(container, element(props), { onRecoverableError })
    : createRoot(container);
  if (!hydrates) root.render(element(props));
  return {
    complaints,
    again: (given) => root.render(element(given)),
    unmount: () => root.unmount(),
  };
}

export const find = (selector) => document.querySelector(`main ${selector}`);

export const all = (selector) => document.querySelectorAll(`main ${selector}`);

/** What the component shows of its state. */
export function shown() {
  return {
    status: find("output").textContent,
    alert: find("[role=alert]").textContent,
    pictures: all("img").length,
    resumed: [...all("li")].map(({ textContent }) => textContent),
  };
}

/** Presses a button, once it is there. */
export async function press(id) {
  while (!find(`#${id}`)) await new Promise((resolve) => setTimeout(resolve, 10));
  find(`#${id}`).click();
}

/** Every status and phase that is shown from now on. */
export function watch() {
  const seen = [];
  const note = () => {
    const words = `${find("output")?.textContent} ${find("i")?.textContent}`.trim();
    if (words !== seen.at(-1)) seen.push(words);
  };
  new MutationObserver(note).observe(document.getElementById("root"), {
    subtree: true,
    childList: true,
    characterData: true,
  });
  return seen;
}
