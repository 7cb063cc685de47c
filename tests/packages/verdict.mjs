/** What `program/try-out.js` must have come to, as its caller and the gateway saw it. */

import assert from "node:assert/strict";

const PNG = "89504e470d0a1a0a";

/**
 * @param {{ waited: object, polled: object, first: object }} outcome
 * @param {import("../support/gateway.mjs").Gateway} gateway
 */
export async function assertTriedOut({ waited, polled, first }, gateway) {
  assert.equal(waited.status, "succeeded");
  assert.equal(waited.images.length, 2);
  assert.equal(waited.warnings, undefined);
  assert.equal(polled.status, "succeeded");
  assert.equal(polled.images.length, 1);
  assert.deepEqual(first, { name: "square", ratio: "1:1", width: 1280, height: 1280 });
  for (const { url } of [...waited.images, ...polled.images]) await assertPicture(url);
  assert.equal((await gateway.arrived("submit")).length, 2);
  const checked = new Set((await gateway.arrived("status")).map(({ path }) => path));
  assert.equal(checked.size, 2, "both jobs' statuses are checked");
}

async function assertPicture(url) {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(bytes.subarray(0, 8).toString("hex"), PNG);
}
