import { integer, text } from "./convert.ts";
import type { Database } from "./database.ts";
import type { RunKey } from "./entries.ts";

/** Which run a record is of, and when (ms since 1970) it was exported. */
export type Exported = { readonly runId: string; readonly at: number };

/** Notes the SHA-256 of a record that leaves the ledger. The same record may be exported again. */
export function noteExport(database: Database, run: RunKey, hash: Uint8Array, at: number): void {
  database.transaction("full", () => {
    const sql = "INSERT OR REPLACE INTO export (hash, run, exported_at) VALUES (?, ?, ?)";
    database.run(sql, hash, run.number, at);
  });
}

/** What the ledger knows of a record by its SHA-256; undefined for one that it did not export. */
export function exportedAs(database: Database, hash: Uint8Array): Exported | undefined {
  const sql =
    "SELECT run.id AS id, exported_at FROM export JOIN run ON run.number = export.run WHERE hash = ?";
  const row = database.get(sql, hash);
  return row && { runId: text(row.id), at: integer(row.exported_at) };
}
