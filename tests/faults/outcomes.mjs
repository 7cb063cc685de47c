/** What a call can come to, as the table of faults promises it. */

/**
 * @typedef {object} Outcome
 * @property {string} [code] of the error; none where pictures come
 * @property {number} [images] how many pictures come
 * @property {boolean} charged whether the error says `mayHaveBeenCharged`
 * @property {boolean} job whether the error names a job
 * @property {boolean} kept whether the job stays in the journal, since it may yet bring pictures
 * @property {boolean} delivers whether `poll()` brings the pictures of a kept job
 * @property {number} submits how many submits arrive at the gateway
 * @property {number} sends how many submits the package sends
 * @property {number} [gapMs] how much time lies at least between two submits
 * @property {boolean[]} [downloads] whether the picture can be loaded, first and again
 * @property {boolean} [reused] whether the submit goes by a connection that was used before
 * @property {Record<string, Outcome>} [unlike] outcomes in engines that differ, by engine
 */

const NOTHING = { charged: false, job: false, kept: false, delivers: false, submits: 1 };

/** The pictures come. */
export function pictures(more) {
  return outcome({ images: 1, ...more });
}

/** An error that says truly that nothing was charged. */
export function free(code, more) {
  return outcome({ code, ...more });
}

/** An error after which nobody knows whether the submit was accepted, and which says so. */
export function unclear(code, more) {
  return outcome({ code, charged: true, ...more });
}

/** An error of a call whose job is known and goes on: `poll()` brings the pictures. */
export function kept(code, more) {
  return outcome({ code, charged: true, job: true, kept: true, delivers: true, ...more });
}

/** The same outcome, but for some engines. */
export function unless(unlike, usual) {
  return { ...usual, unlike };
}

/** The outcome that is promised in an engine. */
export function inEngine(engine, promised) {
  return promised.unlike?.[engine] ?? promised;
}

function outcome(members) {
  const whole = { ...NOTHING, ...members };
  return { sends: whole.submits, ...whole };
}
