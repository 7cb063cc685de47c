/** The page: the form asks for pictures, and each request becomes a generation among the results. */

import { preload } from "./built/wanvas.js";
import { byId, copyText, element } from "./dom.js";
import { explain } from "./messages.js";
import { Studio } from "./pictures/studio.js";
import { isServedByGateway } from "./request/destination.js";
import { RequestForm } from "./request/form.js";
import { SizePicker } from "./request/sizes.js";

/** @import { WanvasError } from "./built/wanvas.js" */

const sizes = new SizePicker();
const form = new RequestForm(sizes);
const studio = new Studio(form);

byId("request").addEventListener("submit", (event) => event.preventDefault());
byId("generate").addEventListener("click", ({ detail }) => {
  // The second click of a double click would be paid for as well.
  if (detail < 2) start();
});
byId("request").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.repeat || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  start();
});
byId("examples").addEventListener("click", ({ target }) => {
  const example = /** @type {HTMLElement} */ (target).closest("button");
  if (example) form.setPrompt(example.textContent);
});
byId("copy-code").addEventListener("click", () => copyText("code", byId("code").textContent));

function start() {
  studio.start(form.readRequest(), form.destination);
}

try {
  await preload();
  await sizes.show(form.provider);
  if (await isServedByGateway()) form.offer("local");
  await studio.open();
} catch (error) {
  const { advice, detail } = explain(/** @type {WanvasError} */ (error));
  byId("runs").append(element("p", { className: "trouble" }, `${advice} (${detail})`));
}

// Once loaded, the page opens without a network too.
if (isSecureContext) await navigator.serviceWorker?.register("offline.js").catch(() => {});
