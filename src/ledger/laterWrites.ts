import { phoneTypes } from "../model/phone.ts";
import type { LaterWrite } from "../model/run.ts";
import { oneOf, optional, text } from "./convert.ts";
import type { Database } from "./database.ts";
import type { RunKey } from "./entries.ts";

/** What runs after this one wrote, or may have written, to a user of its tenant; oldest first. */
export function laterWrites(database: Database, run: RunKey, userId: string): readonly LaterWrite[] {
  const sql = `
    SELECT later.id AS id, later.undoes AS undoes, entry.phone_type AS phone_type, entry.outcome AS outcome
    FROM run AS this JOIN run AS later ON later.tenant_id = this.tenant_id AND later.number > this.number
    JOIN entry INDEXED BY entry_slot ON entry.run = later.number
    WHERE this.number = ? AND entry.user_id = ?
      AND (entry.outcome IN ('applied', 'inDoubt') OR (entry.outcome IS NULL AND entry.sent_at IS NOT NULL))
    ORDER BY later.number, entry.seq`;
  return database.all(sql, run.number, userId).map(row => ({
    runId: text(row.id),
    ...optional("undoes", row.undoes, text),
    phoneType: oneOf(phoneTypes, row.phone_type),
    outcome: row.outcome === "applied" ? "applied" : "inDoubt",
  }));
}
