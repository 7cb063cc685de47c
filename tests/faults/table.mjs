/**
 * The table of faults: what goes wrong, how the local gateway is told to do it, and what a call is
 * promised to come to at each gateway. The README shows it; the test holds every engine to it.
 */

import { free, kept, pictures, unclear, unless } from "./outcomes.mjs";

const DAY_MS = 86_400_000;
const HUGE_BYTES = 100 * 1024 * 1024;
/** For faults that last as long as a call does; time enough for a busy machine to get there. */
const SHORT_MS = 3_000;
/** As browsers tell it: they keep from a page what happened to a request. */
const UNKNOWN = "submit_outcome_unknown";

/**
 * @typedef {object} Fault
 * @property {string} what words for the table
 * @property {object[] | (() => object[])} [script] for the local gateway, made when it is needed
 * @property {import("./outcomes.mjs").Outcome} [aimlapi]
 * @property {import("./outcomes.mjs").Outcome} [vtrix] none where the gateway cannot have the fault
 * @property {object} [request] beside the prompt
 * @property {object} [options] beside those of every call
 * @property {boolean} [keyFails]
 * @property {boolean} [nobodyListens] whether the base URL leads to a closed port
 * @property {number} [setClockByMs] sets the computer's clock during the call
 */

/** Nothing is sent. */
const BEFORE = [
  {
    what: "a size that the gateway does not take",
    request: { size: "10x10" },
    ...both(free("invalid_request", { submits: 0 })),
  },
  {
    what: "the `apiKey` function fails",
    keyFails: true,
    ...both(free("unauthorized", { submits: 0 })),
  },
  {
    what: "nobody listens at the base URL",
    nobodyListens: true,
    ...both(unclear(UNKNOWN, { submits: 0, sends: 1 })),
  },
];

/** The answer to the submit is late, broken or missing. */
const ANSWERS = [
  submit("the connection is cut before the gateway accepts", cut("before"), unclear(UNKNOWN)),
  submit("the connection is cut when it has accepted", cut("after"), unclear(UNKNOWN)),
  submit(
    "the connection is cut within the answer",
    cut("body"),
    // It passes off what has come as whole.
    unless({ webkit: unclear("protocol") }, unclear(UNKNOWN)),
  ),
  submit("the answer comes late", { fault: "delay", ms: 300 }, pictures()),
  submit("the answer comes in small pieces", { fault: "slow", ms: 300 }, pictures()),
  {
    ...submit("the answer never comes", { fault: "hang" }, unclear("timeout")),
    options: { timeoutMs: SHORT_MS },
  },
  submit("the answer has 100 MB", { fault: "huge", bytes: HUGE_BYTES }, unclear("protocol")),
  submit("a 200 with a web page", text(200, "<html>Welcome</html>"), unclear("protocol")),
  submit("a 200 without a body", text(200, ""), unclear("protocol")),
  submit("JSON that breaks off", { fault: "bad_json" }, unclear("protocol")),
  submit("JSON of another shape", json(200, { hello: ["world"] }), unclear("protocol")),
  submit(
    "a redirect elsewhere",
    { ...text(302, ""), headers: { Location: "https://example.invalid/" } },
    unclear("protocol"),
  ),
];

/** The submit is answered with a refusal. */
const STATUSES = [
  submit("400", refusal(400), free("invalid_request")),
  submit("401", refusal(401), free("unauthorized")),
  submit("402", refusal(402), free("insufficient_balance")),
  submit("403", refusal(403), free("forbidden")),
  submit("404", refusal(404), free("not_found")),
  submit("408", refusal(408), unclear(UNKNOWN)),
  submit("422", refusal(422), free("invalid_request")),
  submit("425", refusal(425), free("invalid_request")),
  submit("500", refusal(500), unclear(UNKNOWN)),
  submit("502 with a web page", text(502, "<html>Bad Gateway</html>"), unclear(UNKNOWN)),
  submit("503", refusal(503), unclear(UNKNOWN)),
  submit("504", refusal(504), unclear(UNKNOWN)),
];

/** Too many requests: the one refusal after which a submit is sent again. */
const LIMITS = [
  submit("429 once", limited(), pictures({ submits: 2 })),
  submit("429 once, `Retry-After: 1`", limited("1"), pictures({ submits: 2, gapMs: 1_000 })),
  {
    what: "429 once, `Retry-After` a date",
    script: () => [{ on: "submit", ...limited(new Date(Date.now() + 2_000).toUTCString()) }],
    // A date has whole seconds.
    ...both(pictures({ submits: 2, gapMs: 1_000 })),
  },
  submit("429 once, `Retry-After` nonsense", limited("soon"), pictures({ submits: 2 })),
  submit("429 again and again", { ...limited(), times: 0 }, free("rate_limited", { submits: 3 })),
  submit("429, `Retry-After` past `timeoutMs`", limited("3600"), free("rate_limited")),
  submit(
    "429, the quota is used up",
    json(429, { code: "Throttling.AllocationQuota", message: "no quota" }),
    free("insufficient_balance"),
  ),
];

/** The gateway takes the job, and the job goes wrong. */
const JOBS = [
  {
    what: "content inspection refuses",
    script: [{ on: "submit", fault: "refused_content" }],
    aimlapi: free("content_rejected"),
    vtrix: free("content_rejected", { job: true }),
  },
  {
    what: "the job fails",
    script: [{ on: "submit", fault: "failed", message: "no luck" }],
    // It says so by a 500.
    aimlapi: unclear(UNKNOWN),
    vtrix: free("generation_failed", { job: true }),
  },
  {
    what: "the job never ends",
    script: [{ on: "submit", fault: "stuck" }],
    options: { timeoutMs: SHORT_MS },
    aimlapi: unclear("timeout"),
    vtrix: kept("timeout", { delivers: false }),
  },
  {
    what: "the gateway forgets the job",
    script: [{ on: "submit", fault: "vanished" }],
    vtrix: kept("not_found", { delivers: false }),
  },
  {
    what: "the job goes back into the queue",
    script: [{ on: "submit", fault: "requeued" }],
    vtrix: pictures(),
  },
  {
    what: "2 of 4 pictures are made",
    script: [{ on: "submit", fault: "partial", images: 2 }],
    request: { count: 4 },
    ...both(pictures({ images: 2 })),
  },
  {
    what: "every picture comes twice",
    script: [{ on: "submit", fault: "duplicated" }],
    ...both(pictures({ images: 1 })),
  },
  {
    what: "success without a picture",
    script: [{ on: "submit", fault: "partial", images: 0 }],
    aimlapi: unclear("protocol"),
    vtrix: unclear("protocol", { job: true }),
  },
  {
    what: "links that no page should open",
    script: [{ on: "submit", fault: "hostile_links" }],
    aimlapi: unclear("protocol"),
    vtrix: unclear("protocol", { job: true }),
  },
  {
    what: "the clock is set a day ahead",
    script: slowed(),
    setClockByMs: DAY_MS,
    ...both(pictures()),
  },
  {
    what: "the clock is set a day back",
    script: slowed(),
    setClockByMs: -DAY_MS,
    ...both(pictures()),
  },
];

/** A job was accepted, and its status cannot be had. */
const CHECKS = [
  check("the connection is cut before it is read", cut("before"), pictures()),
  check("the connection is cut before its answer", cut("after"), pictures()),
  check("the connection is cut within its answer", cut("body"), pictures()),
  check("its answer comes late", { fault: "delay", ms: 300 }, pictures()),
  check("its answer comes in small pieces", { fault: "slow", ms: 300 }, pictures()),
  {
    ...check("its answer never comes", { fault: "hang" }, kept("timeout")),
    options: { timeoutMs: SHORT_MS },
  },
  check("its answer has 100 MB", { fault: "huge", bytes: HUGE_BYTES }, kept("protocol")),
  check("a 200 with a web page", text(200, "<html>Welcome</html>"), pictures()),
  check("a 200 without a body", text(200, ""), pictures()),
  check("JSON that breaks off", { fault: "bad_json" }, pictures()),
  check("JSON of another shape", json(200, { hello: ["world"] }), pictures()),
  check(
    "a redirect elsewhere",
    { ...text(302, ""), headers: { Location: "https://example.invalid/" } },
    kept("protocol"),
  ),
  check("400", refusal(400), kept("invalid_request")),
  check("401", refusal(401), kept("unauthorized")),
  check("402", refusal(402), kept("insufficient_balance")),
  check("403", refusal(403), kept("forbidden")),
  check("404 twice", { ...refusal(404), times: 2 }, pictures()),
  check("404 three times", { ...refusal(404), times: 3 }, kept("not_found")),
  check("408", refusal(408), pictures()),
  check("422", refusal(422), kept("invalid_request")),
  check("425", refusal(425), pictures()),
  check("429", limited(), pictures()),
  check("429, `Retry-After: 1`", limited("1"), pictures()),
  check("500", refusal(500), pictures()),
  check("502 with a web page", text(502, "<html>Bad Gateway</html>"), pictures()),
  check("503 twice", { ...refusal(503), times: 2 }, pictures()),
];

/** The stream that tells when a job is done fails, and checks take over. */
const STREAMS = [
  stream("it tells of pieces first", { fault: "pieces" }, pictures()),
  stream("it comes late", { fault: "delay", ms: 300 }, pictures()),
  stream("404", refusal(404), pictures()),
  stream("405", refusal(405), pictures()),
  stream("429, `Retry-After: 1`", limited("1"), pictures()),
  stream("503", refusal(503), pictures()),
  stream("a 200 with a web page", text(200, "<html>Welcome</html>"), pictures()),
  stream("the connection is cut before it begins", cut("before"), pictures()),
  stream("the connection is cut within its last event", cut("body"), pictures()),
  stream("it never begins", { fault: "hang" }, pictures()),
  stream("it stays silent", { fault: "silent" }, pictures()),
  stream("it ends without the job's end", { fault: "unfinished" }, pictures()),
  stream("events that break off", { fault: "bad_json" }, pictures()),
  {
    ...stream("it tells that the job failed", {}, free("generation_failed", { job: true })),
    script: [{ on: "submit", fault: "failed", message: "no luck" }],
  },
];

/** The picture is made, and loading it fails: the call has long succeeded, and the link is good. */
const IMAGES = [
  image(
    "the connection is cut before the picture",
    cut("before"),
    // Firefox itself asks for it again.
    unless(
      { firefox: pictures({ downloads: [true, true] }) },
      pictures({ downloads: [false, true] }),
    ),
  ),
  image(
    "the connection is cut within the picture",
    cut("body"),
    pictures({ downloads: [false, true] }),
  ),
  image("404", text(404, ""), pictures({ downloads: [false, true] })),
];

/**
 * The connection was used before, and closes without a byte of an answer. Chromium and Firefox then
 * send the submit again by themselves, which RFC 9110 forbids (section 9.2.2), and no page hears of
 * it. WebKitGTK has a new connection for each submit.
 */
const REUSED = [
  reused("the connection is cut before the gateway accepts", cut("before")),
  reused("the connection is cut when it has accepted", cut("after")),
];

/** Faults by what they befall, in the order of a call. */
export const GROUPS = [
  { on: "before anything is sent", faults: BEFORE },
  { on: "the submit's answer", faults: [...ANSWERS, ...STATUSES, ...LIMITS] },
  { on: "the job", faults: JOBS },
  { on: "a status check", faults: CHECKS },
  { on: "the job's stream", faults: STREAMS },
  { on: "loading the picture", faults: IMAGES },
  { on: "the submit's answer, on a connection used before", faults: REUSED, keepAlive: true },
];

function both(outcome) {
  return { aimlapi: outcome, vtrix: outcome };
}

function submit(what, fault, outcome) {
  return { what, script: [{ on: "submit", ...fault }], ...both(outcome) };
}

/** Only one gateway has status checks. */
function check(what, fault, outcome) {
  return { what, script: [{ on: "status", ...fault }], vtrix: outcome };
}

/** Where an interval is fixed, there is no stream. */
function stream(what, fault, outcome) {
  const script = [{ on: "stream", ...fault }];
  return { what, script, options: { pollIntervalMs: undefined }, isStreamed: true, vtrix: outcome };
}

function image(what, fault, outcome) {
  return { what, script: [{ on: "image", ...fault }], ...both(outcome) };
}

function reused(what, fault) {
  const again = pictures({ submits: 2, sends: 1, reused: true });
  const unlike = { chromium: again, firefox: again };
  return submit(what, fault, unless(unlike, unclear(UNKNOWN, { reused: false })));
}

/** Time enough for the clock to be set in. */
function slowed() {
  return ["submit", "status"].map((on) => ({ on, fault: "delay", ms: 300 }));
}

function cut(when) {
  return { fault: "cut", when };
}

function json(status, body) {
  return { fault: "answer", status, body };
}

function text(status, words) {
  return { fault: "answer", status, text: words, headers: { "Content-Type": "text/html" } };
}

function refusal(status) {
  return json(status, { message: "not now" });
}

function limited(retryAfter) {
  return retryAfter ? { fault: "rate_limited", retryAfter } : { fault: "rate_limited" };
}
