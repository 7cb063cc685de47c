/**
 * The custom element `<wan-image>` for Wan 2.5 text-to-image: `wanvas/element`. The import defines
 * it, unless the name is taken already; on a server, which has no elements, it does nothing.
 *
 * Parts, for `wan-image::part(…)`: `status`, the text that screen readers announce, which is `error`
 * too after a failure; `progress`, the bar while it runs; `images`, around each `image`. In place of
 * a picture that could not be made, an `error` says why.
 *
 * @module wanvas/element
 */

import type { GenerateRequest, Generation, Options, Progress, WanvasError } from "wanvas";

/** The events of `<wan-image>`, which bubble, also out of shadow trees. */
export interface WanImageEvents {
  "wanvas-progress": CustomEvent<Progress>;
  "wanvas-success": CustomEvent<Generation>;
  "wanvas-error": CustomEvent<WanvasError>;
}

/**
 * `<wan-image prompt="a heron" gateway="vtrix">`, which shows how its generation goes, then the
 * pictures, with the prompt as their text for who does not see them.
 *
 * Attributes are read when a generation starts: `prompt`, `negative-prompt`, `size`, `count` and
 * `seed` as in {@link GenerateRequest}; `gateway`, the {@link Options.provider}, and `base-url`.
 * With `auto`, it starts by itself once it is in the document and the page's own scripts have run,
 * once in its life. That is paid at each load of the page; without it, nothing starts before
 * `generate()`. If nothing could be sent, as without a key, it starts when a property or an attribute
 * is set.
 */
export class WanImageElement extends HTMLElement {
  /** The key; there is no attribute for it, which scripts and style sheets of a page could read. */
  apiKey?: Options["apiKey"];
  /** Further options; those that have an attribute are taken from there if it is set. */
  options?: Omit<Options, "provider" | "apiKey" | "wait" | "signal"> &
    Partial<Pick<Options, "provider">>;
  /**
   * Starts a generation, unless one runs. Never rejects: a failure is shown and told by an event.
   *
   * @param request members in place of those by attributes, or beside them
   * @returns the result; `null` if it failed, was cancelled, or another was running
   */
  generate(request?: Partial<GenerateRequest>): Promise<Generation | null>;
  /**
   * Ends the waiting, at once, as taking the element out of the document does. A job that was
   * submitted is made all the same, and stays in the journal. Once told so, `auto` starts nothing.
   */
  cancel(): void;
}

/**
 * What `<wan-image>` takes in JSX beside what every element does. Properties, and events such as
 * `onwanvas-success`, are for React 19 and later; in React 18, which knows attributes only, they are
 * set by a `ref`.
 */
export type WanImageProps = {
  prompt?: string | undefined;
  "negative-prompt"?: string | undefined;
  size?: string | undefined;
  count?: number | undefined;
  seed?: number | undefined;
  gateway?: Options["provider"] | undefined;
  "base-url"?: string | undefined;
  /** Not `false`, of which React 18 makes an attribute too. */
  auto?: true | "" | undefined;
  apiKey?: WanImageElement["apiKey"] | undefined;
  options?: WanImageElement["options"] | undefined;
} & {
  [Name in keyof WanImageEvents as `on${Name}`]?:
    | ((event: WanImageEvents[Name]) => void)
    | undefined;
};

declare global {
  interface HTMLElementTagNameMap {
    "wan-image": WanImageElement;
  }
  interface GlobalEventHandlersEventMap extends WanImageEvents {}
}

// @ts-ignore: without React, or without its types, this declares nothing
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore: the same
      "wan-image": DetailedHTMLProps<HTMLAttributes<WanImageElement>, WanImageElement> &
        WanImageProps;
    }
  }
}
