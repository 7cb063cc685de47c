/** What TypeScript is to accept of the element in JSX, and what to refuse. */

import { createRef } from "react";
import type { WanImageElement } from "wanvas/element";
import "wanvas/element";

const element = createRef<WanImageElement>();

export const Heron = () => (
  <wan-image
    ref={element}
    id="heron"
    className="large"
    auto
    prompt="a heron"
    size="16:9"
    count={2}
    gateway="vtrix"
    apiKey={async () => "any"}
    options={{ timeoutMs: 60_000 }}
    onwanvas-success={({ detail }) => console.log(detail.images.length)}
  />
);

// @ts-expect-error: there is no such gateway
export const Elsewhere = () => <wan-image prompt="a heron" gateway="elsewhere" />;
// @ts-expect-error: the key is no option here
export const Open = () => <wan-image options={{ apiKey: "any" }} />;
// @ts-expect-error: there is no such element
export const Other = () => <wan-images />;
