/** What a visitor of a page downloads. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { PKG } from "./lib/paths.mjs";
import { Failure } from "./lib/run.mjs";

/** Bytes of the package, wasm and JavaScript together, gzipped: no build may be larger. */
const BAR = 36 * 1024;

/** Prints the package's sizes as a table; a {@link Failure} if it is over the bar. */
export function checkSize() {
  const parts = ["wanvas_bg.wasm", "wanvas.js"].map((name) => ({ name, ...sizes(name) }));
  const total = parts.reduce(added);
  const rows = [...parts, { ...total, name: "together" }];
  console.log(`\n${line("bytes", "raw", "gzip -9", "brotli")}`);
  for (const { name, raw, gzip, brotli } of rows) console.log(line(name, raw, gzip, brotli));
  console.log(`bar: ${BAR} gzipped, ${((100 * total.gzip) / BAR).toFixed(0)} % used`);
  if (total.gzip > BAR) {
    throw new Failure(`The package is ${total.gzip - BAR} bytes over its bar, gzipped`);
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

function added(left, right) {
  return {
    raw: left.raw + right.raw,
    gzip: left.gzip + right.gzip,
    brotli: left.brotli + right.brotli,
  };
}

function line(name, ...values) {
  return name.padEnd(16) + values.map((value) => String(value).padStart(10)).join("");
}
