/**
 * Wan 2.5 text-to-image for web apps, through hosted gateways.
 *
 * The engine, a small WebAssembly module, is loaded on the first call. Nothing is done at import.
 *
 * @module wanvas
 */

/** A gateway: `"aimlapi"` answers in one request, `"vtrix"` gives a job to wait for. */
export type Provider = "aimlapi" | "vtrix";

/** The name of a size that every gateway has; each gives it its own pixels, see {@link sizes}. */
export type SizeName =
  | "square"
  | "square_hd"
  | "portrait_4_3"
  | "portrait_16_9"
  | "landscape_4_3"
  | "landscape_16_9";

/** A picture's size in pixels, each side a whole number from 1. */
export interface Size {
  width: number;
  height: number;
}

/** What a size menu shows. */
export interface SizePreset extends Size {
  name: SizeName;
  /** Width to height in the smallest whole numbers, such as `"3:4"`. */
  ratio: string;
}

/** What to make. It is checked before anything is sent, and never cut or changed. */
export interface GenerateRequest {
  /** What to show: 1 to 2000 code points, without the white space around it. */
  prompt: string;
  /** What not to show: up to 500 code points. Default: nothing. */
  negativePrompt?: string;
  /**
   * A preset's name, a ratio such as `"16:9"`, pixels such as `"1280x1280"` (`"*"` and `"×"` are
   * read too), or `{ width, height }`. Default: `"square"`, 1280 × 1280.
   *
   * AIML API takes sides from 512 to 1440 that are multiples of 32. Vtrix takes 768² to 1440²
   * pixels in all and ratios from 1:4 to 4:1. A size that is not possible is an error with the
   * nearest one in `suggestion`.
   */
  size?: SizeName | `${number}:${number}` | `${number}x${number}` | (string & {}) | Size;
  /** How many pictures, each of which is billed: 1 to 4. Default: 1. */
  count?: number;
  /** 0 to 2147483647; the same seed gives similar pictures. Default: a random one. */
  seed?: number;
  /** Whether the gateway may rewrite the prompt, which takes 3 to 4 s. Default: `true`. */
  enhancePrompt?: boolean;
  /** Whether pictures are marked as made by a machine. Default: `false`. */
  watermark?: boolean;
}

/** Where to, with which key, how long. */
export interface Options {
  /** The gateway. */
  provider: Provider;
  /**
   * The gateway's key, or a function that gives it and is asked anew for each request. It is sent
   * to `baseUrl` only. Leave it out behind a relay that adds it, and name that by `baseUrl`.
   */
  apiKey?: string | (() => string | Promise<string>);
  /**
   * Another host or a relay. `https`, or `http` on loopback only, when a key is sent; without a key
   * a path on the page's own origin will do. Default: the gateway's own address.
   */
  baseUrl?: string;
  /** The gateway's name of the model. Default: its name for Wan 2.5 text-to-image. */
  model?: string;
  /**
   * Whether to wait for the pictures. `false` resolves as soon as the gateway has accepted the job;
   * AIML API, which answers in one request, gives the pictures all the same. Default: `true`.
   */
  wait?: boolean;
  /**
   * How long the call may take from its turn on (see `concurrency`), in milliseconds: 1 to 86400000
   * (a day). The job is not lost when time runs out, see {@link WanvasError.job}. Default: 600000
   * (ten minutes).
   */
  timeoutMs?: number;
  /**
   * A fixed interval between status checks, in milliseconds: 1 to 3600000. Default: what
   * is best for how long such jobs took here before, 300 ms to 30 s; at first for jobs of some 15 s.
   * After failed checks the wait is longer.
   */
  pollIntervalMs?: number;
  /**
   * Whether a job is waited for by a stream of events, where the gateway has one (Vtrix): it tells at
   * once when the pictures are there. Checks take over where there is none, or where it breaks off or
   * falls silent. `"never"` is for a relay that holds streams back; with `pollIntervalMs` there is
   * none either. Default: `"auto"`.
   */
  stream?: "auto" | "never";
  /**
   * How many calls of this page may run at once at this gateway and base URL: 1 to 1000; the rest
   * wait in order, in phase `"waiting"`. Those that submit and those that go on with a job are
   * counted apart. Default: 4.
   */
  concurrency?: number;
  /**
   * Where unfinished jobs are kept, so that {@link resume} finds them after a reload: `true` for
   * IndexedDB where there is one, `false` for nowhere, or a store of the caller's. Default: `true`.
   */
  journal?: boolean | JournalStore;
  /**
   * Takes the pictures over, before the call resolves or the loop over {@link resume} gets them: only
   * when that is done the journal forgets them, so that a page which dies meanwhile loses nothing. It
   * may come twice for one `entry.id`, and is told of successes only. Where it fails, so does the call,
   * with `"not_delivered"`, and the journal keeps the pictures; where no journal has them, the call
   * gives them with a warning. Default: none; then the journal forgets them once the caller has reacted
   * to the result.
   */
  deliver?: (generation: Generation, entry: PendingJob) => unknown;
  /**
   * The own id of a call to {@link generate}, by which the journal keeps it: 1 to 200 visible ASCII
   * characters, another for each call. While a call of that id is unfinished, in any tab, a second one
   * is refused. Default: a new one.
   */
  id?: string;
  /**
   * Words of the app's own on a call to {@link generate}, such as its prompt or where the pictures
   * belong: plain data, as JSON 64 KiB and 64 levels at most. The journal keeps them, and all that is told of the
   * call has them; they are sent nowhere. Default: none.
   */
  tag?: unknown;
  /**
   * Ends the call: it rejects at once with `signal.reason`. A submitted job is made all the same,
   * and stays in the journal. The answer to a submit that has left is waited for as long as the page
   * lives and the gateway takes, so that the journal has the job; or the pictures, at AIML API, which
   * has no jobs.
   */
  signal?: AbortSignal;
  /** Told when the submit leaves, when the job is accepted, and of every status. */
  onProgress?: (event: Progress) => void;
  /** Sends the requests in place of the global `fetch`; called unbound. */
  fetch?: typeof fetch;
  /**
   * Further headers for every request to the gateway. A gateway's CORS rules may not allow them.
   * The value `"{id}"` stands for the call's own id, the one in the journal, by which a relay can
   * refuse a second submit.
   */
  headers?: ConstructorParameters<typeof Headers>[0];
}

/** A call in the journal, as plain data: no key, and no prompt unless its `tag` has it. */
export interface PendingJob {
  version: 1;
  /** The call's own id. */
  id: string;
  provider: Provider;
  baseUrl: string;
  model: string;
  /** How many pictures were asked for. */
  count: number;
  /** Their size in pixels, such as `"1280x1280"`. */
  size: string;
  /** What the app said to the call, if it did. */
  tag?: unknown;
  /** When the call was made, in Unix milliseconds. */
  calledAt: number;
  /** When the submit left, in Unix milliseconds; `null` while it has not. */
  submittedAt: number | null;
  /** `null` until the submit is answered; AIML API, which answers in one request, has no jobs. */
  job: Job | null;
  /** The pictures, once they are there. */
  generation?: Generation;
}

/**
 * Where the journal is kept. What it throws costs no picture: it ends up in `warnings`. Pages of another
 * origin or machine that share it do not wait for each other: {@link resume} in one takes a submit that
 * another has under way for one that was cut off.
 */
export interface JournalStore {
  /** Adds an entry, or replaces the one of the same `id`. The submit waits for it, 5 s at most. */
  put(entry: PendingJob): unknown;
  /** Removes the entry of that id, if there is one. */
  delete(id: string): unknown;
  /** All entries, in any order. */
  list(): PendingJob[] | Promise<PendingJob[]>;
}

/** How an unfinished job ended. */
export type Resumed =
  | { entry: PendingJob; generation: Generation; error?: undefined }
  | { entry: PendingJob; error: WanvasError; generation?: undefined };

/** News of a call. */
export interface Progress {
  /** The call's own id, also in the journal. */
  id: string;
  /** What the app said to the call, if it did. */
  tag?: unknown;
  /** `"waiting"`: for the call's turn, for a network, or to submit again after a rate limit. */
  phase: "waiting" | "submitting" | "queued" | "running";
  /** The job, once it is accepted. */
  job: Job | null;
  /** 0 to 1 where the gateway tells; it never goes back. */
  progress: number | null;
  /** Milliseconds since the call. */
  elapsedMs: number;
  /** Status checks answered so far. */
  checks: number;
}

/** An accepted job as plain data, for {@link poll} in this page or another. No key, no prompt. */
export interface Job {
  provider: Provider;
  id: string;
  model: string;
  /** Unix milliseconds. */
  submittedAt: number;
  /** How many pictures were asked for. */
  count: number;
}

/** A picture, as a link or as bytes; or, in its place, why it could not be made. */
export interface GeneratedImage {
  /** Always `http` or `https`, and short-lived: 24 hours where the gateway says how long. */
  url?: string;
  /** The bytes in base64, without a `data:` prefix. */
  base64?: string;
  /** The type of `base64`, read from its bytes, such as `"image/png"`. */
  mediaType?: string;
  /** When `url` ends, in Unix milliseconds, where it tells. */
  expiresAt?: number;
  /** Why there is no picture in this place although others were made. */
  error?: { code: ErrorCode; message: string };
}

/** The result of a call, as plain data. */
export interface Generation {
  /** The call's own id, also in the journal. */
  id: string;
  /** What the app said to the call, if it did. */
  tag?: unknown;
  /** `"queued"` or `"running"` only where the call did not wait. */
  status: "succeeded" | "running" | "queued";
  /** `null` where the gateway has no jobs. */
  job: Job | null;
  /** Empty until the job has succeeded; then at least one is a picture. */
  images: GeneratedImage[];
  /** What was really sent; of a job that {@link poll} waited for, the size is not known. */
  requested: { count: number; size?: string };
  /** 0 to 1 where the gateway tells. */
  progress: number | null;
  /** Unix milliseconds, whatever the gateway uses. */
  createdAt: number | null;
  /** What the gateway says it cost; a decimal number as text. AIML API: 2000000 credits are $1. */
  cost: { amount: string; currency: "USD" | "credits"; discount?: number } | null;
  /** The gateway's name for the request, for its support. */
  requestId?: string;
  /** The gateway's last answer as it came; `undefined` of pictures that the journal kept. */
  raw: unknown;
  /**
   * Trouble that did no harm yet: the job could not be stored, so that a reload would have lost it, or
   * `deliver` failed with pictures that no journal has.
   */
  warnings?: string[];
}

/** What went wrong. */
export type ErrorCode =
  /** The request or an option breaks a rule, and `field` names it; or the gateway refused it. */
  | "invalid_request"
  /** The key is missing, wrong or expired, or the `apiKey` function failed. */
  | "unauthorized"
  /** The account has not enough credit. */
  | "insufficient_balance"
  /** The key may not do this; some gateways say so of an empty account too. */
  | "forbidden"
  /** The gateway knows no such job, model or path. */
  | "not_found"
  /** Too many requests or jobs at once. */
  | "rate_limited"
  /** Content inspection refused the prompt or the picture. */
  | "content_rejected"
  /** The gateway reports that the job failed, or was cancelled there. */
  | "generation_failed"
  /** `timeoutMs` ran out; `job` can be waited for again. */
  | "timeout"
  /** Nothing could be sent. Browsers do not tell this apart from `submit_outcome_unknown`. */
  | "network"
  /** The submit was cut off before its answer: it may have been accepted and billed. */
  | "submit_outcome_unknown"
  /** An answer that the gateway's protocol does not allow, such as a success without a picture. */
  | "protocol"
  /** The gateway cannot do what was asked. */
  | "unsupported"
  /**
   * Nothing was sent: the page ended before the submit left, as {@link resume} tells, or the storage
   * failed in a way that could have led to a second submit.
   */
  | "not_sent"
  /** `deliver` failed, with what it threw in `cause`; the journal keeps the pictures. */
  | "not_delivered"
  /** The WebAssembly engine could not be loaded; or it crashed, with what it knew of a job. */
  | "engine";

/** Every failure, except an abort, which rejects with the signal's own reason. */
export class WanvasError extends Error {
  private constructor();
  readonly name: "WanvasError";
  readonly code: ErrorCode;
  readonly provider?: Provider;
  /** The HTTP status of the answer that told. */
  readonly status?: number;
  /** The member of the request or the options that breaks a rule. */
  readonly field?: string;
  /** For a size that is not possible: the nearest that is. */
  readonly suggestion?: Size;
  /** The gateway's own error code. */
  readonly providerCode?: string;
  /** The gateway's name for the request, for its support. */
  readonly requestId?: string;
  /** Whether the same call may succeed later, with no risk of paying twice. */
  readonly retryable: boolean;
  /** How long the gateway asks to wait, in milliseconds, where the page may see it. */
  readonly retryAfterMs?: number;
  /** `true` only where a submit may have been accepted and the call brought no picture. */
  readonly mayHaveBeenCharged: boolean;
  /** The job, whenever one was accepted: `poll(error.job, options)` goes on waiting. */
  readonly job?: Job;
  /** The call's own id, also in the journal; none before there is a call. */
  readonly id?: string;
  /** What the app said to the call, if it did. */
  readonly tag?: unknown;
  /** Plain data for a log: no key, and no prompt that this call knows unless `tag` has it. */
  toJSON(): Record<string, unknown>;
}

/**
 * Submits a request, and waits for its pictures unless `wait` is `false`. One call sends one
 * submit; only where the gateway refuses it for too many requests (429), so that nothing was
 * accepted, it is sent again, twice at most.
 *
 * @throws {@link WanvasError}, or the signal's reason when aborted.
 */
export function generate(request: GenerateRequest, options: Options): Promise<Generation>;

/**
 * Waits for a job that was submitted before, in this page or another; checks its status at once.
 * With `wait: false`, resolves with its status.
 *
 * @throws {@link WanvasError}, or the signal's reason when aborted.
 */
export function poll(job: Job, options: Options): Promise<Generation>;

/**
 * The calls in the journal, oldest first, whose pictures were not delivered: to this gateway and
 * base URL, by any page of this origin, those that wait for their turn too; with `only`, the one of that
 * id. None where storage cannot be read. Takes no key.
 */
export function pending(options: Options & { only?: string }): Promise<PendingJob[]>;

/**
 * Waits for every call that {@link pending} lists, and gives each outcome as it comes; with `only`, for
 * the one of that id. One page of the origin checks a job's status, and each that asked gets the
 * outcome. Pictures that the journal has are given without a request. A submit that was cut off before
 * its answer is reported as `"submit_outcome_unknown"`, one that never left as `"not_sent"`, and neither
 * is sent again; a job older than a day, which no gateway need keep, as `"not_found"` if the gateway
 * says so.
 *
 * The body of the loop takes an outcome over, unless `deliver` did: the journal forgets it when the next
 * is asked for. To leave the loop by `break`, `return` or `throw` ends the waiting, and keeps what is
 * open and what the body was dealing with.
 *
 * ```js
 * for await (const { entry, generation, error } of resume(options)) {
 *   if (generation) show(generation.images);
 *   else report(entry, error);
 * }
 * ```
 *
 * @throws the signal's reason when aborted; {@link WanvasError} if an option breaks a rule.
 */
export function resume(
  options: Options & { only?: string },
): AsyncGenerator<Resumed, void, undefined>;

/**
 * Takes a job out of the journal; the gateway makes it all the same. With `"durations"`, forgets how
 * long the last jobs of each gateway, model and count took, which is kept for the next to be checked
 * at the right time, and which gateways had no streams: in the page, and in its own journal if that is
 * in use.
 */
export function forget(
  job: Job | PendingJob | "durations",
  options?: Pick<Options, "journal">,
): Promise<void>;

/**
 * Checks a request and options by the same rules as {@link generate}, and sends nothing: for a form
 * that tells while its user types. What only the gateway can know, such as whether the key is right,
 * is not checked.
 *
 * @throws {@link WanvasError} with code `"invalid_request"`, and `field`.
 */
export function check(request: GenerateRequest, options: Options): Promise<void>;

/** What a size menu of the gateway shows; the first is the default. */
export function sizes(provider: Provider): Promise<SizePreset[]>;

/** The size that the gateway takes nearest to the one wanted: by ratio first, then by area. */
export function nearestSize(provider: Provider, wanted: Size): Promise<Size>;
