/** What became of a generation whose page went away in the middle of it. */

/** All that may become of one. The last is right too, but says little. */
export const RIGHT = ["delivered once", "reported once as unknown", "not begun"];

/**
 * Judges one generation.
 *
 * @param {object} what
 * @param {"aimlapi" | "vtrix"} what.provider
 * @param {number} what.run
 * @param {object[]} what.deliveries all that the pages of the run wrote down of the provider
 * @param {object[]} what.kept what the journal still holds of the provider
 * @param {object[]} what.submits those of the run that arrived
 * @param {object[]} what.checks the provider's status checks during the run
 * @returns {string} one of {@link RIGHT}, or what is wrong
 */
export function judge({ provider, run, deliveries, kept, submits, checks }) {
  if (submits.length > 1) return "submitted twice";
  if (kept.length > 0) return "still kept";
  // What a page is told while it is being left is seen by nobody: the next page may be told again.
  const seen = deliveries.filter(({ isLeaving }) => !isLeaving);
  const pictures = deliveries.filter(({ error }) => !error);
  const [told, ...more] = seen.length > 0 ? seen : pictures;
  if (more.length > 0) return "told twice";
  if (!told) return submits.length > 0 ? "lost" : "not begun";
  if (told.error) return judgeError(told, provider, checks);
  if (submits.length === 0) return "a picture of nothing";
  return seedOf(told.url) === run ? "delivered once" : "a picture of another run";
}

function judgeError({ error }, provider, checks) {
  const isHonest = error.code === "submit_outcome_unknown" && error.mayHaveBeenCharged;
  if (!isHonest) return `a wrong error: ${JSON.stringify(error)}`;
  // Who has asked for a job knows it.
  if (provider === "vtrix" && checks.length > 0) return "reported as unknown although it was known";
  return "reported once as unknown";
}

/** The seed in the address of a picture. */
function seedOf(url) {
  return Number(new URL(url).searchParams.get("Drawing").split("-")[2]);
}
