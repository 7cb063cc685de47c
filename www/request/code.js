/** The call of the package that Generate makes, as code to copy. */

import { SANDBOX_INTERVAL_MS } from "./destination.js";

/** @import { Destination } from "./destination.js" */
/** @import { CompleteRequest } from "./form.js" */

/**
 * The code for a request; it never holds a key.
 *
 * @param {Partial<CompleteRequest>} request what is left out is left to the package
 * @param {Destination} destination
 * @param {boolean} hasKey
 */
export function codeFor(request, destination, hasKey) {
  const isSandbox = destination.place === "sandbox";
  const asksKey = destination.place === "real" && hasKey;
  const lines = [
    'import { generate } from "wanvas";',
    isSandbox && 'import { SANDBOX_URL, sandboxFetch } from "./sandbox/sandbox.js";',
    "",
    asksKey && 'const apiKey = prompt("Key"); // of your user; never one of yours in a public page',
    "const { images, cost } = await generate(",
    object(Object.entries(request).map(([name, value]) => [name, literal(value)])),
    object(optionsOf(destination, hasKey)),
    ");",
  ];
  return lines.filter((line) => line !== false).join("\n");
}

/**
 * The options that lead to each place, as source.
 *
 * @param {Destination} destination
 * @param {boolean} hasKey
 */
function optionsOf({ place, provider, baseUrl }, hasKey) {
  const options = {
    sandbox: {
      baseUrl: "SANDBOX_URL",
      apiKey: '"any"',
      fetch: "sandboxFetch",
      pollIntervalMs: literal(SANDBOX_INTERVAL_MS),
    },
    local: { baseUrl: "location.origin", apiKey: '"any"' },
    real: {
      ...(baseUrl && { baseUrl: literal(baseUrl) }),
      ...(hasKey && { apiKey: "apiKey" }),
    },
  };
  return Object.entries({ provider: literal(provider), ...options[place] });
}

/** @param {[name: string, source: string][]} members */
function object(members) {
  const lines = members.map(
    ([name, source]) => `    ${name === source ? name : `${name}: ${source}`},`,
  );
  return ["  {", ...lines, "  },"].join("\n");
}

/** @param {unknown} value plain data, of which only a size has members */
function literal(value) {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${name}: ${JSON.stringify(member)}`,
  );
  return `{ ${members.join(", ")} }`;
}
