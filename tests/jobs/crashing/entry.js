/** The package, with a way to crash its engine. */

export { crash } from "wanvas-engine";
export * from "../../../npm/index.js";
