/** The glue of the sandbox, as far as the page uses it; `src/lib.rs` says more. */

/** Loads the module; nothing else works before. */
export default function init(options: { module_or_path: BufferSource }): Promise<unknown>;

/** A gateway. */
export class Sandbox {
  constructor(seed: bigint);
  /** Goes on from what another one has saved; `false` if that cannot be read. */
  load(saved: string): boolean;
  /** All that it has to remember. */
  save(): string;
  /** `headers` alternate between a name and its value; `now` is in Unix milliseconds. */
  handle(
    method: string,
    path: string,
    query: string,
    headers: string[],
    body: Uint8Array,
    now: number,
  ): Answer;
}

export class Answer {
  private constructor();
  readonly status: number;
  /** Alternately a name and its value. */
  readonly headers: string[];
  /** How long to wait before the first byte; infinite if none ever comes. */
  readonly wait: number;
  /** How the body is sent. */
  readonly delivery: "whole" | "slow" | "padded" | "cut-before" | "cut-body";
  /** The milliseconds of a slow one, the bytes of a padded one. */
  readonly amount: number;
  /** The bytes, after which nothing is left of it; a picture is only now drawn. */
  takeBody(): Uint8Array<ArrayBuffer>;
}
