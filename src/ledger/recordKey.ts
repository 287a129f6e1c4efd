import type { Hmac } from "node:crypto";
import { join } from "node:path";
import { keyCheckText } from "./numbers.ts";
import { openSealer } from "./seal.ts";

/** The key that seals records of runs. */
export type RecordKey = {
  /** 16 hex digits that name the key and say nothing of it. */
  readonly name: string;
  /** A new HMAC-SHA256 under it. */
  signature(): Hmac;
};

/**
 * The key of a home folder, or PREPOP_LEDGER_KEY, also where that is the key of a ledger elsewhere: a record can be checked
 * far from the ledger that it came from.
 * @throws PrepopError PREPOP_LEDGER_KEY when there is none, or it is not 32 bytes in base64
 */
export function recordKey({ home, key }: { readonly home: string; readonly key?: string }): RecordKey {
  const sealer = openSealer({
    file: join(home, "ledger.key"),
    create: false,
    ...(key === undefined ? {} : { text: key }),
  });
  return {
    name: Buffer.from(sealer.fingerprint(keyCheckText).subarray(0, 8)).toString("hex"),
    signature: () => sealer.signature(),
  };
}
