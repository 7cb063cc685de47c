/** The element's types must compile in a project without React. */

import type { WanImageElement, WanImageProps } from "wanvas/element";

export function settingsOf(element: WanImageElement): WanImageProps {
  const { apiKey, options } = element;
  return { apiKey, options };
}
