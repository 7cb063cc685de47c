/** What runs on the host: `src/proto` on a virtual clock, the gateway, and the examples in the docs. */

import { testOnHost } from "../support/cargo.mjs";

testOnHost("--workspace");
