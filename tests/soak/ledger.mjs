/** Keeps account of every generation: none may be lost, and none doubled. */

/** Errors by which a gateway says that a job is over and that there are no pictures. */
const ENDED = ["content_rejected", "generation_failed"];

/**
 * What Chromium does to a POST whose connection closes without an answer and was opened before, be it
 * only for a request that was then aborted. The page sends one submit, and never hears of the other.
 */
const DOUBLED = "submits sent again by the browser itself";

export class Ledger {
  /** What was counted, by what it is. */
  counts = {};
  /** What was wrong. */
  faults = [];

  /**
   * Takes in a batch of calls, as the page and as the gateway saw it.
   *
   * @param {{ calls: object[], resumed: object[], left: number, locks: number }} page
   * @param {object[]} submits those that arrived
   * @param {Record<string, { submits: number, accepted: number }>} totals
   */
  add({ calls, resumed, left, locks }, submits, totals) {
    const arrivals = grouped(submits, ({ clientRequestId }) => clientRequestId);
    const later = grouped(resumed, ({ id }) => id);
    let known = 0;
    let unknown = 0;
    let doubled = 0;
    for (const call of calls) {
      const outcomes = [...call.outcomes, ...(later.get(call.id) ?? [])];
      doubled += this.#checkSubmits(call, arrivals.get(call.id) ?? []);
      this.#checkOutcomes(call, outcomes, arrivals.get(call.id) ?? []);
      if (isKnown(outcomes)) known += 1;
      else if (isReported(outcomes)) unknown += 1;
      this.count(`${call.provider}: ${finalOf(outcomes)}`);
    }
    const accepted = totals.aimlapi.accepted + totals.vtrix.accepted;
    // Of those reported as unknown, each may have been accepted or not.
    const most = known + unknown + doubled;
    if (accepted < known || accepted > most) {
      this.#blame(`${accepted} jobs were made, of which ${known} to ${most} are known`);
    }
    if (left > 0) this.#blame(`${left} jobs are still kept`);
    if (locks > 0) this.#blame(`${locks} locks are still held`);
    this.#checkAllDiffer(calls, later);
    const ids = new Set(calls.map(({ id }) => id));
    for (const { id } of resumed) if (!ids.has(id)) this.#blame(`nobody began ${id}`);
    this.count("jobs made", accepted);
    this.count("jobs known", known);
    this.count("perhaps made, and reported so", unknown);
  }

  /** A submit is sent again only where the gateway would not take it. */
  #checkSubmits({ id, sends }, arrived) {
    const refused = arrived.filter(({ status }) => status === 429).length;
    if (sends > refused + 1) this.#blame(`${id}: ${sends} submits sent, ${refused} refused`);
    this.count("submits sent again after a 429", Math.max(0, sends - 1));
    const doubled = Math.max(0, arrived.length - sends);
    const cut = arrived.slice(0, -1).filter(({ status }) => status === null).length;
    if (doubled > cut) this.#blame(`${id}: ${arrived.length} submits of ${sends} sent`);
    this.count(DOUBLED, doubled);
    return doubled;
  }

  #checkOutcomes({ id, sends }, outcomes, arrived) {
    const about = `${id}: ${JSON.stringify(outcomes)}`;
    const deliveries = outcomes.filter(({ kind }) => kind === "delivered");
    if (deliveries.length > 1) this.#blame(`delivered twice: ${about}`);
    if (deliveries.length > 0 && arrived.length === 0)
      this.#blame(`delivered of nothing: ${about}`);
    // What surely made no job: no submit at all, or one that was refused.
    const mayBeMade = arrived.some(({ status }) => status === null || status === 200);
    const isHonest = deliveries.length > 0 || isKnown(outcomes) || isReported(outcomes);
    if (mayBeMade && !isHonest) this.#blame(`lost: ${about}`);
    if (sends === 0 && isReported(outcomes)) this.#blame(`charged for nothing: ${about}`);
  }

  /** No two calls have the same job or picture. */
  #checkAllDiffer(calls, later) {
    const owners = new Map();
    for (const { id, outcomes } of calls) {
      for (const { job, urls = [] } of [...outcomes, ...(later.get(id) ?? [])]) {
        for (const thing of [...(job ? [job.id] : []), ...urls]) {
          if (owners.has(thing) && owners.get(thing) !== id) this.#blame(`shared: ${thing}`);
          owners.set(thing, id);
        }
      }
    }
  }

  /** Counts what happened, so often. */
  count(what, times = 1) {
    this.counts[what] = (this.counts[what] ?? 0) + times;
  }

  #blame(what) {
    this.faults.push(what);
  }
}

/** Whether a job was made for certain. */
function isKnown(outcomes) {
  return outcomes.some(
    ({ kind, job, code }) => kind === "delivered" || job || ENDED.includes(code),
  );
}

/** Whether somebody was told that there may be a job. */
function isReported(outcomes) {
  return outcomes.some(({ mayHaveBeenCharged }) => mayHaveBeenCharged);
}

/** In a few words, how it ended. */
function finalOf(outcomes) {
  const told = outcomes.filter(({ kind }) => ["delivered", "error"].includes(kind));
  const { kind, code } = told.find(({ kind }) => kind === "delivered") ?? told.at(-1) ?? {};
  if (!kind) return "aborted before it was sent";
  const where = outcomes.length > 1 ? ", by poll() or resume()" : "";
  return `${code ?? kind}${where}`;
}

function grouped(list, keyOf) {
  const groups = new Map();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
