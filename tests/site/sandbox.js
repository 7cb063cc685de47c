/** What the tests of the sandbox do in their page, beside the site in a folder. */

const site = new URL("./some/folder/", import.meta.url);

export const wanvas = () => import(new URL("built/wanvas.js", site));
export const sandbox = () => import(new URL("sandbox/sandbox.js", site));

export const A_FOX = { prompt: "a fox in the snow", size: "768x768", seed: 7 };

/** Options for the sandbox. */
export async function at(provider, more = {}) {
  const { SANDBOX_URL, sandboxFetch } = await sandbox();
  return { provider, apiKey: "any", baseUrl: SANDBOX_URL, fetch: sandboxFetch, ...more };
}

/** The files behind links of the sandbox. */
export async function files(images) {
  const { sandboxFetch } = await sandbox();
  const load = async ({ url }) => (await sandboxFetch(url)).blob();
  return Promise.all(images.map(load));
}

/** The pixels of a picture, as a browser sees them. */
export async function sizeOf(file) {
  const { width, height } = await createImageBitmap(file);
  return `${width}x${height}`;
}

/** Names equal bytes by equal text. */
export async function fingerprint(file) {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].join();
}

/** Scripts faults for the next requests. */
export async function script(faults) {
  const { SANDBOX_URL, sandboxFetch } = await sandbox();
  const body = JSON.stringify(faults);
  await sandboxFetch(`${SANDBOX_URL}/__gateway/scenario`, { method: "POST", body });
}

/** Waits until so many requests of this page have arrived. */
export async function arrived(count) {
  const { SANDBOX_URL, sandboxFetch } = await sandbox();
  for (;;) {
    const requests = await sandboxFetch(`${SANDBOX_URL}/__gateway/requests`);
    if ((await requests.json()).length >= count) return;
  }
}

/** How a promise that rejects does so. */
export async function refusal(promise) {
  const error = await promise.then(
    () => "nothing",
    (thrown) => thrown,
  );
  const { name, message, code } = error;
  return { name, message, code, error: typeof error === "string" ? error : undefined };
}
