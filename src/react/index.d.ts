/**
 * A React hook for Wan 2.5 text-to-image: `wanvas/react`, for React 18 and later. Nothing is done at
 * import, and on a server the hook is idle.
 *
 * @module wanvas/react
 */

import type { GenerateRequest, Generation, Options, Progress, Resumed, WanvasError } from "wanvas";

/** {@link Options}, except what the hook itself sees to: it waits, and `cancel()` aborts. */
export type UseGenerateOptions = Omit<Options, "wait" | "signal">;

/** What there is to show, as plain data; the same object until something changes. */
export interface GenerateState {
  /**
   * Of the latest `generate()`. `"cancelled"` is one that is no longer waited for; a job that was
   * submitted is made all the same, and `resume()` brings it.
   */
  readonly status: "idle" | "running" | "succeeded" | "failed" | "cancelled";
  /** Its last news; `null` before the first. */
  readonly progress: Progress | null;
  /** Its result, when it has succeeded. */
  readonly generation: Generation | null;
  /** What went wrong, when it has failed. */
  readonly error: WanvasError | null;
  /** What `resume()` brought, in order of arrival. */
  readonly resumed: readonly Resumed[];
}

/** The state, and what can be done. The functions are the same at each render. */
export interface UseGenerate {
  state: GenerateState;
  /**
   * Starts a generation. While one runs nothing is started, so that a double click is paid once;
   * who wants another calls `cancel()` first. Never rejects.
   *
   * @returns the result; `null` if it failed, was cancelled, another was running, or the component
   *   is gone
   */
  generate(request: GenerateRequest): Promise<Generation | null>;
  /** Ends the waiting for what `generate()` started, at once. */
  cancel(): void;
  /**
   * Goes on with the journal's unfinished jobs at this gateway and base URL; each outcome is added
   * to `state.resumed`. A generation of this hook that runs is awaited first. While it goes on, a
   * further call is the same one. To be called in one component of a page: each that calls it gets
   * every outcome.
   *
   * @returns when there is none left, or the component is gone; rejects with a {@link WanvasError}
   *   if an option breaks a rule
   */
  resume(): Promise<void>;
}

/**
 * A component's generations, one at a time. When the component is gone, it waits for nothing any
 * more and starts nothing; what was submitted stays in the journal. A component that is hidden, by
 * `<Activity>`, is gone until it is shown again: `resume()` brings what was running.
 *
 * @param options may differ at each render; a call takes those of the latest
 */
export function useGenerate(options: UseGenerateOptions): UseGenerate;
