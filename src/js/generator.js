/**
 * An async generator of what `next` gives, until that gives nothing. `end` is called when the loop
 * over it is left, too.
 *
 * @template Item
 * @param {() => Promise<Item | undefined>} next
 * @param {() => void} end
 * @returns {AsyncGenerator<Item, void, undefined>}
 */
export async function* generator(next, end) {
  try {
    for (let item = await next(); item !== undefined; item = await next()) yield item;
  } finally {
    end();
  }
}
