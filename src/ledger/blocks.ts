import type { Sealer } from "./seal.ts";

/** A list of values in a table of sealed blocks: sealing a hundred values costs little more than sealing one. */
export type Blocks<Value> = {
  /** Adds a value and returns its place, from 1. */
  push(value: Value): number;
  at(place: number): Value | undefined;
  /** All values in order, with their places; values may be added during the walk. */
  walk(): Iterable<{ readonly place: number; readonly value: Value }>;
};

export type BlockStore = {
  put(block: number, sealed: Uint8Array): void;
  get(block: number): Uint8Array | undefined;
};

const blockSize = 128;
/** Blocks that stay open for reading; walks are nearly in order. */
const openBlocks = 16;

export function createBlocks<Value>(store: BlockStore, sealer: Sealer): Blocks<Value> {
  let filling: Value[] = [];
  let full = 0;
  const opened = new Map<number, readonly Value[]>();

  const open = (block: number): readonly Value[] => {
    if (block === full) return filling;
    const known = opened.get(block);
    if (known) return known;
    const sealed = store.get(block);
    const values = sealed ? (JSON.parse(sealer.open(sealed)) as readonly Value[]) : [];
    if (opened.size >= openBlocks) {
      for (const oldest of opened.keys()) {
        opened.delete(oldest);
        break;
      }
    }
    opened.set(block, values);
    return values;
  };
  const at = (place: number): Value | undefined =>
    open(Math.floor((place - 1) / blockSize))[(place - 1) % blockSize];

  return {
    push(value) {
      filling.push(value);
      const place = full * blockSize + filling.length;
      if (filling.length === blockSize) {
        store.put(full, sealer.seal(JSON.stringify(filling)));
        full++;
        filling = [];
      }
      return place;
    },
    at,
    *walk() {
      for (let place = 1; ; place++) {
        const value = at(place);
        if (value === undefined) return;
        yield { place, value };
      }
    },
  };
}
