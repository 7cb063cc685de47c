/** Random numbers that can be had again. */

/**
 * Mulberry32: numbers from 0 to just under 1, the same for the same seed.
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed that differs from run to run. */
export function anySeed() {
  return Math.floor(Math.random() * 2 ** 32);
}
