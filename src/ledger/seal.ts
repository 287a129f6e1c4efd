import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type Hmac,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { PrepopError } from "../model/errors.ts";
import { type KeySource, keyBytes, ledgerKey } from "./key.ts";

/** Seals texts that hold numbers, so that a copy of a database or spool shows none. */
export type Sealer = {
  /** `place` says where the text stands (run and entry, say): sealed there, it opens nowhere else. */
  seal(text: string, place?: string): Uint8Array;
  /** Throws PREPOP_LEDGER_KEY when it was sealed with another key or for another place, or was changed. */
  open(sealed: Uint8Array, place?: string): string;
  /** The same 16 bytes for the same text under the same key: what SQL compares instead of the text. */
  fingerprint(text: string): Uint8Array;
  /** A new HMAC-SHA256 for a record that leaves the ledger. */
  signature(): Hmac;
};

/**
 * A sealer with the ledger's key. Throws PREPOP_LEDGER_KEY without a usable one.
 * @example openSealer({ file: join(home, "ledger.key"), create: true })
 */
export function openSealer(source: KeySource): Sealer {
  return sealerWith(ledgerKey(source));
}

/** A sealer whose key is never stored: what it sealed can be read by this process only. For spools. */
export function ephemeralSealer(): Sealer {
  return sealerWith(randomBytes(keyBytes));
}

// Version byte, nonce, sealed text, tag. https://csrc.nist.gov/pubs/sp/800/38/d/final (96-bit random nonces).
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const fingerprintBytes = 16;

function sealerWith(key: Uint8Array): Sealer {
  // One key per use, so that sealing and comparing never share one.
  const sealing = derive(key, "prepop seal 1");
  const comparing = derive(key, "prepop fingerprint 1");
  const signing = derive(key, "prepop export 1");
  const nextNonce = nonces();
  return {
    seal(text, place = "") {
      const nonce = nextNonce();
      const cipher = createCipheriv("aes-256-gcm", sealing, nonce, { authTagLength: tagBytes });
      if (place !== "") cipher.setAAD(Buffer.from(place));
      const body = cipher.update(text, "utf8");
      cipher.final();
      return Buffer.concat([Buffer.of(version), nonce, body, cipher.getAuthTag()]);
    },
    open(sealed, place = "") {
      if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes) throw notOpened();
      const nonce = sealed.subarray(1, 1 + nonceBytes);
      const decipher = createDecipheriv("aes-256-gcm", sealing, nonce, { authTagLength: tagBytes });
      if (place !== "") decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      try {
        const body = decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes), undefined, "utf8");
        return body + decipher.final("utf8");
      } catch (error) {
        throw notOpened(error);
      }
    },
    fingerprint(text) {
      return createHmac("sha256", comparing).update(text).digest().subarray(0, fingerprintBytes);
    },
    signature: () => createHmac("sha256", signing),
  };
}

/** Random nonces, drawn many at a time: one draw costs as much as sealing a number. */
function nonces(): () => Uint8Array {
  const drawnAtOnce = 512;
  let pool = new Uint8Array();
  let used = 0;
  return () => {
    if (used + nonceBytes > pool.length) {
      pool = randomBytes(nonceBytes * drawnAtOnce);
      used = 0;
    }
    used += nonceBytes;
    return pool.subarray(used - nonceBytes, used);
  };
}

function derive(key: Uint8Array, use: string): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync("sha256", key, "", use, keyBytes)));
}

function notOpened(cause?: unknown): PrepopError {
  const why = "a sealed number does not open with it: it is another key, or the number was changed";
  return new PrepopError("PREPOP_LEDGER_KEY", { why }, cause);
}
