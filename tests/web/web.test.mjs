/** The effects of `src/web` in each engine. */

import { testInPages } from "../support/cargo.mjs";

await testInPages("web");
