/** The page: the form asks for pictures, and each request becomes a run among the results. */

import { generate, poll, preload } from "../pkg/wanvas.js";
import { byId, element } from "./dom.js";
import { RequestForm } from "./form.js";
import { explain } from "./messages.js";
import { Run } from "./run.js";
import { SizePicker } from "./sizes.js";

/** @import { Generation, Job, Options, WanvasError } from "../pkg/wanvas.js" */

/** Errors by which a job has ended: waiting for it again would only tell the same. */
const FINAL = new Set(["generation_failed", "content_rejected"]);

const sizes = new SizePicker();
const form = new RequestForm(sizes);
let generating = false;

byId("request").addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
byId("request").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  start();
});
byId("gateway").addEventListener("change", () => sizes.show(form.provider));
byId("examples").addEventListener("click", (event) => {
  const example = /** @type {HTMLElement} */ (event.target).closest("button");
  if (example === null) return;
  form.setPrompt(example.textContent);
  byId("prompt").focus();
});

try {
  await preload();
  await sizes.show(form.provider);
} catch (error) {
  const { advice, detail } = explain(/** @type {WanvasError} */ (error));
  byId("runs").append(element("p", { className: "trouble" }, `${advice} (${detail})`));
}

/** Sends the form's request, but never a second one beside it: each is paid for. */
async function start() {
  if (generating) return;
  setGenerating(true);
  const request = form.readRequest();
  const destination = form.readOptions();
  const run = new Run(request, destination, announce);
  byId("runs").prepend(run.element);
  await wait(run, destination, (options) => generate(request, options));
  setGenerating(false);
}

/**
 * Shows in `run` how a call goes, until it ends.
 *
 * @param {Run} run
 * @param {Options} destination Gateway, address and key.
 * @param {(options: Options) => Promise<Generation>} call `generate` or `poll`.
 */
async function wait(run, destination, call) {
  const controller = new AbortController();
  let wasSent = false;
  /** @type {Job | null} */
  let job = null;
  run.begin(() => controller.abort());
  try {
    const generation = await call({
      ...destination,
      signal: controller.signal,
      onProgress(event) {
        if (!wasSent) run.element.scrollIntoView({ block: "nearest" });
        wasSent = true;
        job = event.job;
        run.progress(event);
      },
    });
    run.succeed(generation, (seed) => form.setSeed(seed));
  } catch (caught) {
    const error = /** @type {WanvasError} */ (caught);
    const rest = FINAL.has(error.code) ? null : (error.job ?? job);
    const goOn = rest && (() => wait(run, destination, (options) => poll(rest, options)));
    if (controller.signal.aborted) run.cancel(wasSent, goOn);
    else if (error.code === "invalid_request" && form.refuse(error) && !wasSent) run.remove();
    else run.fail(error, goOn);
  }
}

/** @param {boolean} now */
function setGenerating(now) {
  generating = now;
  // Not `disabled`, which would take the focus away from whoever pressed it.
  byId("generate").setAttribute("aria-disabled", String(now));
}

/** @param {string} words A change of state, for screen readers. */
function announce(words) {
  byId("announcements").textContent = words;
}
