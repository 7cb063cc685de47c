/** What became of a call whose page went away in the middle of it. */

/** All that may become of one. The last two are right too, but say little. */
export const RIGHT = ["saved", "told as unknown", "told as not sent", "not begun"];

/**
 * Judges one call.
 *
 * @param {object} what
 * @param {"aimlapi" | "vtrix"} what.provider
 * @param {object[]} what.saved what the app's store has of it
 * @param {object[]} what.kept what the journal still holds of it
 * @param {object[]} what.submits those of it that arrived
 * @returns {string} one of {@link RIGHT}, or what is wrong
 */
export function judge({ provider, saved, kept, submits }) {
  if (submits.length > 1) return "submitted twice";
  if (kept.length > 0) return "still kept";
  const [one, ...more] = saved;
  if (more.length > 0) return "saved twice";
  if (!one) return submits.length > 0 ? "lost" : "not begun";
  const [submit] = submits;
  if (one.error) return judgeError(one.error, provider, submit);
  if (!submit) return "a picture of nothing";
  return seedOf(one.url) === submit.seed ? "saved" : "a picture of another call";
}

function judgeError(error, provider, submit) {
  const { code, mayHaveBeenCharged } = error;
  if (code === "not_sent" && !mayHaveBeenCharged) {
    return submit ? "told as not sent although it was" : "told as not sent";
  }
  if (code !== "submit_outcome_unknown" || !mayHaveBeenCharged) {
    return `a wrong error: ${JSON.stringify(error)}`;
  }
  // Who has asked for a job knows it.
  if (provider === "vtrix" && submit?.isChecked) return "told as unknown although it was known";
  return "told as unknown";
}

/** The seed in the address of a picture. */
function seedOf(url) {
  return Number(new URL(url).searchParams.get("Drawing").split("-")[2]);
}
