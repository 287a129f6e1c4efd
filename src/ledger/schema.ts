import type { Database } from "./database.ts";

/** What the file says it is: "prep" in ASCII. https://sqlite.org/pragma.html#pragma_application_id */
export const applicationId = 0x70726570;

/** One step from the version before to this one. Steps are never changed after a release; a new one is added. */
export type Migration = { readonly version: number; readonly sql: string };

const version1 = `
  -- key_check: the fingerprint of a fixed text under the key that seals this ledger; NULL until the first number.
  CREATE TABLE ledger (one INTEGER PRIMARY KEY CHECK (one = 1), key_check BLOB) STRICT;
  INSERT INTO ledger (one) VALUES (1);

  CREATE TABLE run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    plan_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    tenant_domain TEXT,
    tenant_name TEXT,
    tenant_source TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    command TEXT NOT NULL,
    source TEXT NOT NULL,
    policy TEXT NOT NULL,
    sms_sign_in TEXT NOT NULL,
    roster_hash TEXT,
    options_hash TEXT,
    undoes TEXT,
    issues INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_sent_at INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER,
    state TEXT NOT NULL
  ) STRICT;
  -- The newest run to go on with, and the runs that have sent lately.
  CREATE INDEX run_open ON run (tenant_id, number) WHERE state IN ('open', 'interrupted', 'inDoubt');
  CREATE INDEX run_sending ON run (tenant_id, last_sent_at);

  -- numbers: sealed JSON of [from, to]. outcome: NULL until there is one.
  CREATE TABLE entry (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user TEXT NOT NULL,
    upn TEXT NOT NULL,
    user_id TEXT NOT NULL,
    phone_type TEXT NOT NULL,
    numbers BLOB NOT NULL,
    reason TEXT NOT NULL,
    ref TEXT NOT NULL,
    rows TEXT NOT NULL,
    switch_default TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    doubt_since INTEGER,
    client_request_id TEXT,
    outcome TEXT,
    request_id TEXT,
    code TEXT,
    message TEXT,
    finished_at INTEGER,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;
  -- One change of the phone and one of its SMS sign-in for each slot of a user.
  CREATE UNIQUE INDEX entry_slot ON entry
    (run, user_id, phone_type, (kind IN ('enableSms', 'disableSms') OR reason = 'smsSignIn'));
  -- The entries without an outcome in their order (the key, run and seq, follows by itself), and the totals.
  CREATE INDEX entry_outcome ON entry (run, outcome);

  -- issue: sealed JSON.
  CREATE TABLE issue (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    issue BLOB NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;
`;

const version2 = `
  -- What an undo needs beside the numbers: the state of SMS sign-in that the last read before the send showed.
  ALTER TABLE entry ADD COLUMN sms_before TEXT;
  -- When numbers and issues of the run were removed; entry.numbers is empty from then on.
  ALTER TABLE run ADD COLUMN forgotten_at INTEGER;
  -- SHA-256 of every record that was exported, so that one can be known again without the key.
  CREATE TABLE export (
    hash BLOB PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    exported_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Every step there ever was, from an empty file to today's schema. */
export const migrations: readonly Migration[] = [
  { version: 1, sql: version1 },
  { version: 2, sql: version2 },
];

/** The version that this code reads and writes. */
export const schemaVersion = Math.max(...migrations.map(step => step.version));

/** Takes a ledger from its version to the newest. Each step is whole or not done at all; it may run twice at once. */
export function migrate(database: Database, steps: readonly Migration[] = migrations): void {
  for (const { version, sql } of steps) {
    database.transaction("full", () => {
      if (database.pragma("user_version") >= version) return; // another process was first
      database.exec(sql);
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`);
    });
  }
}
