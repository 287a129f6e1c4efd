/**
 * Maps an iterable with up to `concurrency` calls under way and yields the results in the iterable's own order.
 * The source is read only as far ahead as there are calls under way. The first failure ends it.
 */
export async function* ordered<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  concurrency: number,
  map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const underWay: Promise<Result>[] = [];
  try {
    for (let ended = false; ; ) {
      while (!ended && underWay.length < concurrency) {
        const next = await iterator.next();
        if (next.done) {
          ended = true;
          break;
        }
        const call = map(next.value);
        // Its failure is met when its turn comes; until then it must not count as unhandled.
        call.catch(() => undefined);
        underWay.push(call);
      }
      const first = underWay.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(underWay);
    await iterator.return?.();
  }
}
