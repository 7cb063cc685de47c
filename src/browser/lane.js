/** Lets only so many calls of a page run at once at a gateway; the rest wait in order. */

/** The places at each gateway, in the order in which they were asked for. */
const lanes = new Map();

/**
 * Takes a place. It is `free` at once, or `turn` resolves when it is; `leave` gives it up.
 *
 * @param {{ provider: string, baseUrl: string, concurrency: number }} lane as the engine tells it
 */
export function enter({ provider, baseUrl, concurrency }) {
  const name = `${provider} ${baseUrl}`;
  const places = lanes.get(name) ?? [];
  lanes.set(name, places);
  const place = { concurrency };
  place.turn = new Promise((resolve) => {
    place.begin = resolve;
  });
  place.free = places.push(place) <= concurrency;
  place.leave = () => {
    places.splice(places.indexOf(place), 1);
    if (places.length === 0) lanes.delete(name);
    for (let first = 0; first < places[first]?.concurrency; first += 1) places[first].begin();
  };
  return place;
}
