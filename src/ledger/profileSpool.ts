import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import type { DirectoryProfile } from "../model/directoryProfile.ts";
import { ephemeralSealer } from "./seal.ts";

/**
 * The profiles of one roster, in the order of their names, whatever order the directory gave them in: so the first five
 * users of a pilot are the same five tomorrow. Like every spool it is a database without a name that ends with the process.
 */
export type ProfileSpool = {
  /** Keeps a profile for the roster. False for a user who came before: a page that moves may show one twice. */
  add(profile: DirectoryProfile): boolean;
  /** Only remembers that the user came. */
  addWithoutNumber(userId: string): boolean;
  /** Those that were kept. */
  profiles(): Iterable<DirectoryProfile>;
  /** SHA-256, hex, of who they are and of the numbers and countries that they have. */
  hash(): string;
  close(): void;
};

const pageSize = 1_000;

export function openProfileSpool(): ProfileSpool {
  const database = new DatabaseSync("");
  database.exec(`
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    CREATE TABLE profile (id TEXT PRIMARY KEY, name TEXT, sealed BLOB) STRICT;
    CREATE INDEX profile_name ON profile (name, id) WHERE name IS NOT NULL;
    BEGIN;
  `);
  const sealer = ephemeralSealer();
  const put = database.prepare("INSERT OR IGNORE INTO profile (id, name, sealed) VALUES (?, ?, ?)");
  const page = database.prepare(
    `SELECT id, name, sealed FROM profile WHERE (name, id) > (?, ?) ORDER BY name, id LIMIT ${pageSize}`,
  );
  function* profiles(): Iterable<DirectoryProfile> {
    type Found = { id: string; name: string; sealed: Uint8Array };
    for (let [name, id] = ["", ""]; ; ) {
      const found = page.all(name, id) as Found[];
      for (const { sealed } of found) yield JSON.parse(sealer.open(sealed)) as DirectoryProfile;
      const last = found.at(-1);
      if (last === undefined) return;
      ({ name, id } = last);
    }
  }
  return {
    add(profile) {
      const { id, userPrincipalName } = profile.user;
      return put.run(id, userPrincipalName.toLowerCase(), sealer.seal(JSON.stringify(profile))).changes === 1;
    },
    addWithoutNumber: userId => put.run(userId, null, null).changes === 1,
    profiles,
    hash() {
      const whole = createHash("sha256");
      for (const { user, mobilePhone = null, businessPhones = null } of profiles()) {
        const { id, userPrincipalName, usageLocation = null } = user;
        const line = [id, userPrincipalName, usageLocation, mobilePhone, businessPhones];
        whole.update(`${JSON.stringify(line)}\n`);
      }
      return whole.digest("hex");
    },
    close: () => database.close(),
  };
}
