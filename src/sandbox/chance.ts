/**
 * Chance that can be replayed. A draw is a hash of the seed and of what it is drawn for, so two runs of one seed agree
 * even when their requests arrive in another order.
 */

/** A number from 0 (included) to 1 (not included), always the same for the same parts. */
export function draw(...parts: readonly (string | number)[]): number {
  return hash32(parts.join("\u0000")) / 0x1_0000_0000;
}

/** A copy in an order that depends on the seed alone. */
export function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(draw(seed, last) * (last + 1));
    const kept = result[last] as Item;
    result[last] = result[other] as Item;
    result[other] = kept;
  }
  return result;
}

/** FNV-1a with a final mix: small, quick and even enough for draws. Nothing secret depends on it. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
