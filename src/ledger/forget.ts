import type { Run } from "../model/run.ts";
import { toRun } from "./convert.ts";
import type { Database } from "./database.ts";
import type { RunKey } from "./entries.ts";

const finished = "state IN ('done', 'ended', 'superseded')";

/** Finished runs of a tenant (undefined: of all) that started before `before`, ms since 1970, and still have numbers. */
export function runsToForget(database: Database, before: number, tenantId?: string): readonly Run[] {
  const sql = `SELECT * FROM run WHERE ${finished} AND forgotten_at IS NULL AND started_at < ?1
    AND (?2 IS NULL OR tenant_id = ?2) ORDER BY number`;
  return database.all(sql, before, tenantId ?? null).map(toRun);
}

/**
 * Removes the numbers of a run and the issues of its roster, for good: SQLite overwrites what it frees, and the log that
 * still holds the old pages is emptied. Outcomes stay.
 */
export function forgetRun(database: Database, run: RunKey, at: number): void {
  database.exec("PRAGMA secure_delete = ON");
  database.transaction("full", () => {
    database.run("UPDATE entry SET numbers = x'' WHERE run = ?", run.number);
    database.run("DELETE FROM issue WHERE run = ?", run.number);
    database.run("UPDATE run SET forgotten_at = ? WHERE number = ?", at, run.number);
  });
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}
