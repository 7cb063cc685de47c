/** When the clock was last read: by the wall, and by the one that nobody can set. */
let wall = 0;
let steady = 0;

/**
 * Now, in Unix milliseconds. Never back, and never standing still: where somebody sets the clock
 * back, time goes on from where it was. A machine that slept finds the time that has passed.
 */
export function now() {
  const passed = performance.now() - steady;
  steady += passed;
  const told = Date.now();
  wall = Math.max(wall + passed, Number.isFinite(told) ? told : 0);
  return Math.floor(wall);
}
