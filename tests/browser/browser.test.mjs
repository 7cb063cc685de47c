/** The crate's exports in each engine, against the local gateway over HTTP. */

import { testInPages } from "../support/cargo.mjs";

await testInPages("browser");
