/** The request form: reads what is to be made and with which gateway, and shows what is wrong. */

import { byId } from "./dom.js";

/** @import { GenerateRequest, Options, Provider, Size, WanvasError } from "../pkg/wanvas.js" */
/** @import { SizePicker } from "./sizes.js" */

/**
 * A request as this form makes it: nothing that the results show is left to a default.
 *
 * @typedef {GenerateRequest & { size: Size, count: number, seed: number }} CompleteRequest
 */

/** The local gateway wants some key, as the real ones do, and takes any. */
const LOCAL_KEY = "local";
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

/** Reads the form, and shows beside a field why it was refused. */
export class RequestForm {
  #form = /** @type {HTMLFormElement} */ (byId("request"));
  #sizes;

  /** @param {SizePicker} sizes */
  constructor(sizes) {
    this.#sizes = sizes;
    this.#form.addEventListener("input", (event) => {
      acceptAgain(/** @type {HTMLElement} */ (event.target));
      this.#describe();
    });
    this.#describe();
  }

  /** @returns {Provider} */
  get provider() {
    return /** @type {Provider} */ (this.#checked("provider"));
  }

  /** @returns {CompleteRequest} */
  readRequest() {
    const negativePrompt = text("negative-prompt");
    const seed = text("seed");
    return {
      prompt: text("prompt"),
      ...(negativePrompt !== "" && { negativePrompt }),
      size: this.#sizes.value,
      count: Number(this.#checked("count")),
      seed: seed === "" ? randomSeed() : Number(seed),
      enhancePrompt: isOn("enhance-prompt"),
      watermark: isOn("watermark"),
    };
  }

  /**
   * Where to send it: with neither a key nor a base URL, to the local gateway that served the
   * page; with a key alone, to the gateway's own address; with a base URL alone, to a relay that
   * adds the key itself.
   *
   * @returns {Options}
   */
  readOptions() {
    const { provider } = this;
    const apiKey = text("api-key");
    const baseUrl = text("base-url");
    if (apiKey === "" && baseUrl === "") {
      return { provider, baseUrl: location.origin, apiKey: LOCAL_KEY };
    }
    return { provider, ...(apiKey !== "" && { apiKey }), ...(baseUrl !== "" && { baseUrl }) };
  }

  /**
   * Shows a problem beside the field it is about, and focuses that field.
   *
   * @param {WanvasError} error
   * @returns {boolean} False if the error is about no field of this form.
   */
  refuse({ field, message, suggestion }) {
    const [member] = (field ?? "").split(".");
    if (member === "size") {
      this.#sizes.refuse(message, suggestion);
      return true;
    }
    const id = CONTROLS[member];
    if (id === undefined) return false;
    const control = byId(id);
    const problem = byId(`${id}-problem`);
    problem.textContent = message;
    problem.hidden = false;
    control.setAttribute("aria-invalid", "true");
    control.closest("details")?.setAttribute("open", "");
    control.focus();
    return true;
  }

  /** @param {number} seed */
  setSeed(seed) {
    setText("seed", String(seed));
  }

  /** @param {string} prompt */
  setPrompt(prompt) {
    setText("prompt", prompt);
  }

  /** Tells how long the prompt is and where Generate would send it. */
  #describe() {
    const length = [...text("prompt")].length;
    const counter = byId("prompt-length");
    counter.textContent = length === 0 ? "" : `${length} / ${PROMPT_LIMIT}`;
    counter.classList.toggle("problem", length > PROMPT_LIMIT);
    byId("destination").textContent = isLocal(this.readOptions())
      ? "Local gateway: drawn here, costs nothing."
      : "Real gateway: each picture may cost money.";
  }

  /** @param {string} name */
  #checked(name) {
    return new FormData(this.#form).get(name);
  }
}

/**
 * Whether requests go to the gateway that served the page, which draws by itself and costs nothing.
 *
 * @param {Options} options
 */
export function isLocal({ baseUrl, apiKey }) {
  return baseUrl === location.origin && apiKey === LOCAL_KEY;
}

/** @param {HTMLElement} control A control that was just changed. */
function acceptAgain(control) {
  const problem = document.getElementById(`${control.id}-problem`);
  if (problem === null) return;
  problem.hidden = true;
  control.removeAttribute("aria-invalid");
}

/** @param {string} id */
function text(id) {
  return /** @type {HTMLInputElement | HTMLTextAreaElement} */ (byId(id)).value.trim();
}

/**
 * @param {string} id
 * @param {string} value
 */
function setText(id, value) {
  const control = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (byId(id));
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {string} id */
function isOn(id) {
  return /** @type {HTMLInputElement} */ (byId(id)).checked;
}

function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] % SEED_END;
}
