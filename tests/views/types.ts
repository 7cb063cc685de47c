/** What an app's compiler is to accept of the views' types, and what to refuse. */

import type { Generation, WanvasError } from "wanvas";
import type { WanImageElement } from "wanvas/element";
import { useGenerate } from "wanvas/react";

export function useHook(): Promise<Generation | null> {
  const { state, generate, cancel, resume } = useGenerate({ provider: "vtrix", apiKey: "any" });
  const stop: () => void = cancel;
  const goOn: () => Promise<void> = resume;
  const error: WanvasError | null = state.error;
  const pictures: number[] = state.resumed.map(({ generation }) => generation?.images.length ?? 0);
  // @ts-expect-error: the state is not to be written
  state.status = "idle";
  // @ts-expect-error: a request has a prompt
  generate({ size: "16:9" });
  // @ts-expect-error: the hook has a signal of its own
  useGenerate({ provider: "vtrix", signal: new AbortController().signal });
  void [stop, goOn, error, pictures];
  return generate({ prompt: "a heron", count: 2 });
}

export function useElement(): WanImageElement {
  const element = document.createElement("wan-image");
  element.apiKey = async () => "any";
  element.options = { timeoutMs: 60_000, journal: false };
  element.addEventListener("wanvas-progress", ({ detail }) => detail.phase satisfies string);
  element.addEventListener("wanvas-success", ({ detail }) => detail.images.length);
  element.addEventListener("wanvas-error", ({ detail }) => detail.mayHaveBeenCharged);
  document.addEventListener("wanvas-success", ({ detail }) => detail.images.length);
  element.addEventListener("click", ({ type }) => type);
  // @ts-expect-error: the key is no option here
  element.options = { apiKey: "any" };
  return element;
}
