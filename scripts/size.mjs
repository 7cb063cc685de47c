/** What a visitor of a page downloads. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { PKG } from "./lib/paths.mjs";
import { Failure } from "./lib/run.mjs";

/** What the package is to have one day, in bytes as a page loads it, engine and all, gzipped. */
const GOAL = 80 * 1024;
/** It is not there yet, and must not move away: no build may be larger than this. */
const LIMIT = 136 * 1024;

/** Prints the package's sizes as a table; a {@link Failure} if it is over the limit. */
export function checkSize() {
  const whole = sizes("wanvas.js");
  const rows = [
    ["wanvas.js, with its engine", whole],
    ["at the edge: edge.js", sizes("edge.js")],
    ["and wanvas_bg.wasm", sizes("wanvas_bg.wasm")],
    ["beside wanvas.js: react.js", sizes("react.js")],
    ["or element.js", sizes("element.js")],
  ];
  console.log(`\n${line("bytes", "raw", "gzip -9", "brotli")}`);
  for (const [name, { raw, gzip, brotli }] of rows) console.log(line(name, raw, gzip, brotli));
  console.log(
    `limit: ${LIMIT} gzipped; it takes ${((100 * whole.gzip) / GOAL).toFixed(0)} % of the goal`,
  );
  if (whole.gzip > LIMIT) {
    throw new Failure(`The package is ${whole.gzip - LIMIT} bytes over its limit, gzipped`);
  }
}

function sizes(name) {
  const bytes = readFileSync(join(PKG, name));
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
}

function line(name, ...values) {
  return name.padEnd(28) + values.map((value) => String(value).padStart(10)).join("");
}
