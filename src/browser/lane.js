/** Lets only so many calls of a page run at once at a gateway; the rest wait in order. */

/** How many calls run in each lane, and the places of those that wait. */
const lanes = new Map();

/**
 * Takes a place in a lane. It is `free` at once, or `turn` resolves when it is; `leave` gives it up.
 *
 * @param {string} name
 * @param {number} concurrency
 */
export function enter(name, concurrency) {
  const lane = lanes.get(name) ?? { running: 0, waiting: [] };
  lanes.set(name, lane);
  const place = { concurrency, free: false };
  place.turn = new Promise((resolve) => {
    place.begin = () => {
      lane.running += 1;
      place.free = true;
      resolve();
    };
  });
  place.leave = () => {
    if (place.free) lane.running -= 1;
    else lane.waiting.splice(lane.waiting.indexOf(place), 1);
    admit(lane);
    if (lane.running === 0) lanes.delete(name);
  };
  lane.waiting.push(place);
  admit(lane);
  return place;
}

function admit(lane) {
  while (lane.running < lane.waiting[0]?.concurrency) lane.waiting.shift().begin();
}
