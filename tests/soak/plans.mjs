/** Random calls, and random faults for them. */

const PROVIDERS = ["aimlapi", "vtrix"];

/** What can befall any request. */
const ANY = [
  (random) => ({ fault: "delay", ms: below(random, 40) }),
  (random) => ({ fault: "slow", ms: below(random, 40) }),
  () => ({ fault: "rate_limited" }),
  () => ({ fault: "rate_limited", retryAfter: "1" }),
  () => answer(500),
  () => ({ fault: "answer", status: 502, text: "<html>Bad Gateway</html>" }),
  () => answer(503),
  () => ({ fault: "cut", when: "before" }),
  () => ({ fault: "cut", when: "after" }),
  () => ({ fault: "cut", when: "body" }),
  () => ({ fault: "bad_json" }),
  () => ({ fault: "hang" }),
];

/** What can befall a job besides. */
const JOBS = [
  () => ({ fault: "failed", message: "no luck" }),
  () => ({ fault: "refused_content" }),
  (random) => ({ fault: "partial", images: below(random, 2) }),
  () => ({ fault: "duplicated" }),
  () => ({ fault: "hostile_links" }),
];

/** What can befall a job's stream. */
const STREAMS = [
  ...ANY.filter((make) => make(() => 0).fault !== "slow"),
  () => answer(405),
  () => ({ fault: "silent" }),
  () => ({ fault: "unfinished" }),
  () => ({ fault: "pieces" }),
];

const FAULTS = {
  aimlapi: { submit: [...ANY, ...JOBS] },
  vtrix: {
    submit: [...ANY, ...JOBS, () => ({ fault: "vanished" }), () => ({ fault: "requeued" })],
    status: [...ANY, () => answer(401), () => answer(403), () => answer(404)],
    stream: STREAMS,
  },
};

/** One in so many requests meets a fault, more or less. */
const SPREAD = 5;

/** The calls of a batch: half of them at each gateway. */
export function planCalls(random, count) {
  return Array.from({ length: count }, (_, index) => ({
    provider: PROVIDERS[index % PROVIDERS.length],
    count: 1 + below(random, 4),
    timeoutMs: 300 + below(random, 1_200),
    isStreamed: random() < 0.5,
    isPolled: random() < 0.2,
    abortMs: random() < 0.15 ? below(random, 300) : null,
  }));
}

/** As many faults as a batch of so many calls is likely to meet. */
export function planFaults(random, calls) {
  const faults = [];
  for (const provider of PROVIDERS) {
    for (const [on, kinds] of Object.entries(FAULTS[provider])) {
      for (let fault = 0; fault < calls / PROVIDERS.length / SPREAD; fault += 1) {
        const kind = kinds[below(random, kinds.length)];
        faults.push({ provider, on, after: below(random, 2 * SPREAD - 1), ...kind(random) });
      }
    }
  }
  return faults;
}

function answer(status) {
  return { fault: "answer", status, body: { message: "not now" } };
}

/** A whole number from 0 to just under the bound. */
function below(random, bound) {
  return Math.floor(random() * bound);
}
