/** Words in a PNG file, which programs that show its properties can read. */

/** Bytes before the first chunk, and of the header's chunk, which must stay the first. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER_END = SIGNATURE.length + 25;

/**
 * The picture with words in it, as `iTXt` chunks (PNG specification, 11.3.3.4). What is no PNG stays
 * as it is.
 *
 * @param {Blob} picture
 * @param {Record<string, string>} words by keyword, of Latin letters
 * @returns {Promise<Blob>}
 */
export async function withWords(picture, words) {
  const start = new Uint8Array(await picture.slice(0, SIGNATURE.length).arrayBuffer());
  if (!SIGNATURE.every((byte, at) => start[at] === byte)) return picture;
  const chunks = Object.entries(words).map(([keyword, text]) => textChunk(keyword, text));
  const parts = [picture.slice(0, HEADER_END), ...chunks, picture.slice(HEADER_END)];
  return new Blob(parts, { type: picture.type });
}

/**
 * @param {string} keyword
 * @param {string} text
 */
function textChunk(keyword, text) {
  // After the keyword: not compressed, no language, no translated keyword.
  const content = new TextEncoder().encode(`iTXt${keyword}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(content.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length - 4);
  chunk.set(content, 4);
  view.setUint32(content.length + 4, crc32(content));
  return chunk;
}

/** @param {Uint8Array} bytes @returns {number} the checksum that ends a chunk (annex D) */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
