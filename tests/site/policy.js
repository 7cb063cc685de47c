/** The page's policy lets no test put a script into it: it shows as text what came of a call. */

import { generate } from "/pkg/wanvas.js";

const baseUrl = new URLSearchParams(location.search).get("gateway");

async function outcome() {
  try {
    const { status } = await generate(
      { prompt: "a heron" },
      { provider: "aimlapi", apiKey: "any", baseUrl },
    );
    return { status };
  } catch (error) {
    return { error };
  }
}

document.querySelector("pre").textContent = JSON.stringify(await outcome());
