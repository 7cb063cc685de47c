/** What every kind of project does with the package it has installed. */

/**
 * Generates at a gateway that gives jobs, hands a job on to `poll()`, and asks for the sizes.
 *
 * @param {typeof import("wanvas")} wanvas
 * @param {string} baseUrl of the local gateway
 */
export async function tryOut({ generate, poll, sizes }, baseUrl) {
  const options = { provider: "vtrix", apiKey: "any", baseUrl, pollIntervalMs: 20 };
  const waited = await generate({ prompt: "a heron", count: 2 }, options);
  const { job } = await generate({ prompt: "a crane" }, { ...options, wait: false });
  const polled = await poll(job, options);
  const [first] = await sizes("vtrix");
  return { waited, polled, first };
}
