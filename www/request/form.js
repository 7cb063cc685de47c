/** The request form: reads what is to be made and where, and says at once what is wrong. */

import { check } from "../built/wanvas.js";
import { byId } from "../dom.js";
import { codeFor } from "./code.js";
import { optionsFor } from "./destination.js";
import { keys } from "./keys.js";

/** @import { GenerateRequest, Options, Provider, Size, WanvasError } from "../built/wanvas.js" */
/** @import { Destination, Place } from "./destination.js" */
/** @import { SizePicker } from "./sizes.js" */

/**
 * A request as this form makes it: nothing that the results show is left to a default.
 *
 * @typedef {GenerateRequest & { size: Size, count: number, seed: number }} CompleteRequest
 */

/** Length of a prompt that every gateway takes, in code points. */
const PROMPT_LIMIT = 2000;
/** First whole number that is no longer a seed. */
const SEED_END = 2 ** 31;

/**
 * The id of the control that holds a request's or an option's member.
 *
 * @type {Record<string, string>}
 */
const CONTROLS = {
  prompt: "prompt",
  negativePrompt: "negative-prompt",
  seed: "seed",
  apiKey: "api-key",
  baseUrl: "base-url",
};

/** @type {Record<Place, string>} */
const PLACES = {
  sandbox: "Drawn in this page, not by a model. Free.",
  local: "Drawn by the local gateway, not by a model. Free.",
  real: "Made by the model. Each picture may cost money.",
};

/** Reads the form, and shows beside a field why it was refused. */
export class RequestForm {
  #form = /** @type {HTMLFormElement} */ (byId("request"));
  #sizes;
  /** Fields that were typed in: only of these is anything said before Generate. */
  #touched = new Set();

  /** @param {SizePicker} sizes */
  constructor(sizes) {
    this.#sizes = sizes;
    this.#form.addEventListener("input", ({ target }) => {
      const { id, name } = /** @type {HTMLInputElement} */ (target);
      this.#touched.add(id || name);
      accept(id);
      if (id === "api-key" || id === "keep-key") this.#keepKey();
      this.#describe();
    });
    byId("gateway").addEventListener("change", () => {
      this.#showKey();
      this.#sizes.show(this.provider);
    });
    this.#sizes.onChange = () => this.#describe();
    checkbox("keep-key").checked = keys.wereKept;
    this.#showKey();
    this.#describe();
  }

  /** @returns {Provider} */
  get provider() {
    return /** @type {Provider} */ (this.#checked("provider"));
  }

  /** @returns {Destination} */
  get destination() {
    const place = /** @type {Place} */ (this.#checked("place"));
    const baseUrl = value("base-url");
    return { place, provider: this.provider, ...(place === "real" && baseUrl && { baseUrl }) };
  }

  /** @returns {CompleteRequest} */
  readRequest() {
    return { ...this.#read(), seed: value("seed") === "" ? randomSeed() : Number(value("seed")) };
  }

  /** @param {Place} place offered from now on, and chosen unless another one was */
  offer(place) {
    const radio = radioOf("place", place);
    /** @type {HTMLElement} */ (radio.parentElement).hidden = false;
    if (!this.#touched.has("place")) radio.checked = true;
    this.#describe();
  }

  /**
   * Shows a problem beside the field it is about, and focuses that field.
   *
   * @param {WanvasError} error
   * @returns {boolean} False if the error is about no field of this form.
   */
  refuse(error) {
    const id = this.#show(error);
    if (id === undefined) return false;
    if (id !== "size") {
      byId(id).closest("details")?.setAttribute("open", "");
      byId(id).focus();
    }
    return true;
  }

  /**
   * Fills the form with a request.
   *
   * @param {Omit<CompleteRequest, "seed"> & { seed?: number }} request without a seed, the next one
   *   is random
   * @param {Destination} destination
   */
  fill(request, { provider, place }) {
    const { prompt, negativePrompt, size, count, seed, enhancePrompt, watermark } = request;
    radioOf("provider", provider).checked = true;
    // The local gateway of then may not be there any more.
    const { parentElement: choice } = radioOf("place", place);
    if (!choice?.hidden) radioOf("place", place).checked = true;
    this.#showKey();
    radioOf("count", String(count)).checked = true;
    checkbox("enhance-prompt").checked = enhancePrompt !== false;
    checkbox("watermark").checked = watermark === true;
    setValue("negative-prompt", negativePrompt ?? "");
    setValue("seed", seed === undefined ? "" : String(seed));
    this.#sizes.show(this.provider, size);
    for (const id of Object.values(CONTROLS)) accept(id);
    this.setPrompt(prompt);
  }

  /** @param {string} prompt */
  setPrompt(prompt) {
    setValue("prompt", prompt);
    accept("prompt");
    this.#describe();
    byId("prompt").focus();
  }

  /** What is typed and chosen; a seed that is left to chance is not in it. */
  #read() {
    const negativePrompt = value("negative-prompt");
    const seed = value("seed");
    return {
      prompt: value("prompt"),
      ...(negativePrompt !== "" && { negativePrompt }),
      size: this.#sizes.value,
      count: Number(this.#checked("count")),
      ...(seed !== "" && { seed: Number(seed) }),
      enhancePrompt: checkbox("enhance-prompt").checked,
      watermark: checkbox("watermark").checked,
    };
  }

  /** Says what follows from what the form holds now. */
  #describe() {
    const { destination } = this;
    const length = [...value("prompt")].length;
    byId("prompt-length").textContent = length === 0 ? "" : `${length} / ${PROMPT_LIMIT}`;
    byId("prompt-length").classList.toggle("problem", length > PROMPT_LIMIT);
    byId("real-gateway").hidden = destination.place !== "real";
    byId("destination").textContent = PLACES[destination.place];
    const hasKey = value("api-key") !== "";
    byId("code").textContent = codeFor(this.#read(), destination, hasKey);
    this.#check();
  }

  /** Says, by the package's own rules, what is wrong with a field that was typed in. */
  async #check() {
    const request = this.#read();
    const options = optionsFor(this.destination, value("api-key"));
    // A prompt that is still to be typed must not hide what is wrong with another field.
    const checked = { ...request, prompt: request.prompt || "any" };
    const error = await check(checked, options).catch((thrown) => thrown);
    const id = CONTROLS[memberOf(error)];
    const isStill = JSON.stringify(request) === JSON.stringify(this.#read());
    if (id && isStill && this.#touched.has(id) && value(id) !== "") this.#show(error);
  }

  /**
   * @param {WanvasError} error
   * @returns {string | undefined} the id of its control, if it has one
   */
  #show(error) {
    const member = memberOf(error);
    if (member === "size") {
      this.#sizes.refuse(error.message, error.suggestion);
      return member;
    }
    const id = CONTROLS[member];
    if (id === undefined) return undefined;
    const isMissing = member === "apiKey" && value(id) === "";
    const words = isMissing ? "A key is needed, or the base URL of a relay that adds one." : null;
    byId(`${id}-problem`).textContent = words ?? error.message;
    byId(`${id}-problem`).hidden = false;
    byId(id).setAttribute("aria-invalid", "true");
    return id;
  }

  #showKey() {
    setValue("api-key", keys.get(this.provider));
  }

  #keepKey() {
    keys.set(this.provider, value("api-key"), checkbox("keep-key").checked);
  }

  /** @param {string} name */
  #checked(name) {
    return new FormData(this.#form).get(name);
  }
}

/** @param {Partial<WanvasError> | undefined} error */
function memberOf(error) {
  return (error?.field ?? "").split(".")[0];
}

/** @param {string} id of a control, of which nothing bad is said any more */
function accept(id) {
  const problem = document.getElementById(`${id}-problem`);
  if (problem === null) return;
  problem.hidden = true;
  byId(id).removeAttribute("aria-invalid");
}

/** @param {string} id */
function value(id) {
  return /** @type {HTMLInputElement | HTMLTextAreaElement} */ (byId(id)).value.trim();
}

/**
 * @param {string} id
 * @param {string} text
 */
function setValue(id, text) {
  /** @type {HTMLInputElement | HTMLTextAreaElement} */ (byId(id)).value = text;
}

/** @param {string} id */
function checkbox(id) {
  return /** @type {HTMLInputElement} */ (byId(id));
}

/**
 * @param {string} name
 * @param {string} choice
 */
function radioOf(name, choice) {
  return /** @type {HTMLInputElement} */ (
    document.querySelector(`[name="${name}"][value="${choice}"]`)
  );
}

function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] % SEED_END;
}
