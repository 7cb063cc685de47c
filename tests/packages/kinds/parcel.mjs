/** Parcel. */

import { byPage, html, PAGE_MAIN } from "../ways.mjs";

export default {
  name: "Parcel",
  at: "parcel",
  uses: ["parcel", "2.16.4"],
  dependencies: { parcel: "2.16.4" },
  files: { "index.html": html("./main.js"), "main.js": PAGE_MAIN },
  build: ["parcel", "build", "index.html", "--no-cache"],
  outcome: byPage(),
};
