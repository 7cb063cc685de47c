/** Wrong uses, none of which may compile. */

import {
  forget,
  type Generation,
  generate,
  nearestSize,
  poll,
  resume,
  sizes,
  WanvasError,
} from "wanvas";

declare const generation: Generation;

// @ts-expect-error: a request needs a prompt
generate({}, { provider: "vtrix" });
// @ts-expect-error: the prompt is text
generate({ prompt: 1 }, { provider: "vtrix" });
// @ts-expect-error: options are needed
generate({ prompt: "a heron" });
// @ts-expect-error: they name a provider
generate({ prompt: "a heron" }, { apiKey: "key" });
// @ts-expect-error: there is no such provider
generate({ prompt: "a heron" }, { provider: "vtirx" });
// @ts-expect-error: nor such a member of a request
generate({ prompt: "a heron", negative_prompt: "a crane" }, { provider: "vtrix" });
// @ts-expect-error: nor such an option
generate({ prompt: "a heron" }, { provider: "vtrix", timeout: 1 });
// @ts-expect-error: a size needs both sides
generate({ prompt: "a heron", size: { width: 1280 } }, { provider: "vtrix" });
// @ts-expect-error: a count is a number
generate({ prompt: "a heron", count: "2" }, { provider: "vtrix" });
// @ts-expect-error: a key is text, or a function that gives it
generate({ prompt: "a heron" }, { provider: "vtrix", apiKey: 1 });
// @ts-expect-error: a journal has a list
generate({ prompt: "a heron" }, { provider: "vtrix", journal: { put() {}, delete() {} } });
// @ts-expect-error: there may be no job
poll(generation.job, { provider: "vtrix" });
// @ts-expect-error: a job's id alone is no job
poll("id", { provider: "vtrix" });
// @ts-expect-error: nor does it say what to forget
forget("id");
// @ts-expect-error: there may be no picture
generation.images[0].url.length;
// @ts-expect-error: there is no such status
generation.status === "failed";
// @ts-expect-error: a cost is a decimal number as text
generation.cost?.amount.toFixed(2);
// @ts-expect-error: what the gateway said is not known
generation.raw.output;
// @ts-expect-error: outcomes come one after the other
resume({ provider: "vtrix" }).then(() => {});
// @ts-expect-error: a wanted size has two sides
nearestSize("vtrix", "16:9");
// @ts-expect-error: sizes are those of a provider
sizes();
// @ts-expect-error: only the package makes its errors
new WanvasError("message");

export async function handle(error: WanvasError) {
  // @ts-expect-error: there is no such code
  if (error.code === "ratelimited") return;
  // @ts-expect-error: an error is not changed
  error.code = "timeout";
  for await (const { generation } of resume({ provider: "vtrix" })) {
    // @ts-expect-error: it may be an error
    generation.images;
  }
}
