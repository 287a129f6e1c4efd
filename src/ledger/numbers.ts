import { join } from "node:path";
import { PrepopError } from "../model/errors.ts";
import type { Database } from "./database.ts";
import { openSealer, type Sealer } from "./seal.ts";

/**
 * The sealed numbers of one ledger, and what may hold one. The key is looked for when the first is sealed or opened and
 * not before, so that runs can be listed without it.
 */
export type Numbers = {
  /** To be called in the transaction that seals: throws PREPOP_LEDGER_KEY before a second key gets into a ledger. */
  beforeSealing(): void;
  /** Seals plain data for the place where it will stand. */
  seal(value: unknown, place: string): Uint8Array;
  /** Throws PREPOP_LEDGER_KEY without the key, PREPOP_LEDGER_CORRUPT for what was changed or moved. */
  open<Value>(sealed: Uint8Array, place: string): Value;
};

export type NumbersOptions = {
  readonly database: Database;
  readonly home: string;
  /** The text of PREPOP_LEDGER_KEY. */
  readonly key: string | undefined;
};

/** What a ledger knows its key by: the fingerprint of this text. */
export const keyCheckText = "prepop ledger key check";

export function ledgerNumbers({ database, home, key }: NumbersOptions): Numbers {
  let known: Sealer | undefined;

  const storedCheck = (): Uint8Array | undefined => {
    const value = database.get("SELECT key_check FROM ledger")?.key_check;
    return value instanceof Uint8Array ? value : undefined;
  };
  /** `check` is undefined where nothing has been sealed yet: then any key is the right one. */
  const sealer = (check: Uint8Array | undefined, create: boolean): Sealer => {
    const file = join(home, "ledger.key");
    const found = known ?? openSealer({ file, create, ...(key !== undefined && { text: key }) });
    if (check && !Buffer.from(check).equals(found.fingerprint(keyCheckText))) {
      throw new PrepopError("PREPOP_LEDGER_KEY", { why: "it is not the key that this ledger was made with" });
    }
    known = found;
    return found;
  };
  const opened = (): Sealer => known ?? sealer(storedCheck(), false);

  return {
    beforeSealing() {
      const check = storedCheck();
      const found = sealer(check, check === undefined);
      if (!check) database.run("UPDATE ledger SET key_check = ?", found.fingerprint(keyCheckText));
    },
    seal: (value, place) => opened().seal(JSON.stringify(value), place),
    open<Value>(sealed: Uint8Array, place: string): Value {
      const found = opened();
      try {
        return JSON.parse(found.open(sealed, place)) as Value;
      } catch (error) {
        // The key is the right one, or `opened` had refused it.
        const file = join(home, "ledger.db");
        throw new PrepopError("PREPOP_LEDGER_CORRUPT", { file, why: `${place} was changed` }, error);
      }
    },
  };
}
