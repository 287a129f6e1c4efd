/** A bounded queue between the workers of a run and whoever reads its outcomes. */
export type Channel<Item> = {
  /** Resolves when there is room. */
  put(item: Item): Promise<void>;
  /** No more items; what is in it can still be taken. */
  close(): void;
  items(): AsyncGenerator<Item>;
};

export function createChannel<Item>(capacity: number): Channel<Item> {
  const queue: Item[] = [];
  let closed = false;
  let wakeReader: (() => void) | undefined;
  let wakeWriters: (() => void)[] = [];
  return {
    async put(item) {
      while (queue.length >= capacity && !closed) {
        await new Promise<void>(resolve => wakeWriters.push(resolve));
      }
      queue.push(item);
      wakeReader?.();
    },
    close() {
      closed = true;
      wakeReader?.();
      for (const wake of wakeWriters) wake();
    },
    async *items() {
      for (;;) {
        while (queue.length > 0) {
          const batch = queue.splice(0);
          const waiting = wakeWriters;
          wakeWriters = [];
          for (const wake of waiting) wake();
          yield* batch;
        }
        if (closed) return;
        await new Promise<void>(resolve => {
          wakeReader = resolve;
        });
        wakeReader = undefined;
      }
    },
  };
}
