import { PrepopError } from "../model/errors.ts";
import type { Database, Durability } from "./database.ts";

/** Writes of one tick of the event loop that share one transaction, and so one wait for the disk. */
export type GroupCommit = {
  /**
   * The promise resolves when the write is durable. A `work` that throws a defect is refused alone; when the
   * transaction itself fails, every write of the tick and every later one is rejected with PREPOP_LEDGER_WRITE.
   */
  add(durability: Durability, work: () => void): Promise<void>;
  /** Commits what waits at once. It does not throw: the promises say what came of it. */
  commit(): void;
  /** The same, with a promise for all of it. */
  flush(): Promise<void>;
  /** Throws what broke it. After a failed commit nothing may be sent, because nothing can be recorded. */
  assertUsable(): void;
};

type Write = {
  readonly durability: Durability;
  readonly work: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Collects the writes of each tick. */
export function groupCommit(database: Pick<Database, "transaction">): GroupCommit {
  let waiting: Write[] = [];
  let failure: { readonly error: unknown } | undefined;

  const assertUsable = (): void => {
    if (failure) throw failure.error;
  };

  const commit = (): void => {
    const writes = waiting;
    if (writes.length === 0) return;
    waiting = [];
    const durability = writes.some(write => write.durability === "full") ? "full" : "normal";
    const refused = new Map<Write, unknown>();
    try {
      assertUsable();
      database.transaction(durability, () => {
        for (const write of writes) attempt(write, refused);
      });
    } catch (error) {
      failure = { error };
      for (const write of writes) write.reject(error);
      return;
    }
    for (const write of writes) {
      if (refused.has(write)) write.reject(refused.get(write));
      else write.resolve();
    }
  };

  const add = (durability: Durability, work: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ durability, work, resolve, reject });
      if (waiting.length === 1) setImmediate(commit);
    });

  return {
    add,
    commit,
    async flush() {
      commit();
      assertUsable();
    },
    assertUsable,
  };
}

/** A problem of the world ends the transaction; a defect is the affair of the one write. */
function attempt(write: Write, refused: Map<Write, unknown>): void {
  try {
    write.work();
  } catch (error) {
    if (error instanceof PrepopError) throw error;
    refused.set(write, error);
  }
}
