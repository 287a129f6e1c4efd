import type { Change } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import type { RowIssue } from "../model/issue.ts";
import { type OutcomeKind, outcomeKinds, type Run, type RunCounts, type RunState } from "../model/run.ts";
import { fromChange, fromIssue, fromRun, integer, toIssue, toRun } from "./convert.ts";
import type { Database, Row } from "./database.ts";
import type { Numbers } from "./numbers.ts";

/** What a run is told when it starts; id, times and state are the ledger's. */
export type NewRun = Omit<Run, "id" | "startedAt" | "endedAt" | "state">;

/** Totals of a run. `open` counts the entries without an outcome; one in doubt counts under inDoubt. */
export type LedgerCounts = RunCounts & { readonly open: number };

export type CountedRun = Run & { readonly counts: LedgerCounts };

/** The runs of a ledger and what each was given when it started. */
export type Runs = {
  start(run: Run, changes: Iterable<Change>, issues: Iterable<RowIssue>): void;
  find(idOrPrefix: string): Run | undefined;
  newestFirst(): Iterable<CountedRun>;
  newestOpen(tenantId: string): Run | undefined;
  otherSent(tenantId: string, since: number, notRun: number): boolean;
  setState(id: string, state: RunState, endedAt: number | undefined): void;
  /** Runs of a tenant that say open are interrupted: nobody is at work on them. */
  interruptOpen(tenantId: string): void;
  counts(id: string): LedgerCounts;
  issues(id: string): Iterable<RowIssue>;
  /** The key of a run in the other tables. Throws PREPOP_RUN_NOT_FOUND. */
  numberOf(id: string): number;
};

/** Rows read at a time, so that a walk holds no statement open and little in memory. */
const pageSize = 1_000;

export function ledgerRuns(database: Database, numbers: Numbers): Runs {
  const runNumbers = new Map<string, number>();

  const numberOf = (id: string): number => {
    const known = runNumbers.get(id);
    if (known !== undefined) return known;
    const row = database.get("SELECT number FROM run WHERE id = ?", id);
    if (!row) throw new PrepopError("PREPOP_RUN_NOT_FOUND", { run: id });
    const number = integer(row.number);
    runNumbers.set(id, number);
    return number;
  };

  const counts = (run: number, issues: number): LedgerCounts => {
    const rows = database.all("SELECT outcome, count(*) AS n FROM entry WHERE run = ? GROUP BY outcome", run);
    const byOutcome = new Map(rows.map(row => [row.outcome, integer(row.n)]));
    const totals = Object.fromEntries(outcomeKinds.map(kind => [kind, byOutcome.get(kind) ?? 0]));
    return { ...(totals as Record<OutcomeKind, number>), issues, open: byOutcome.get(null) ?? 0 };
  };

  return {
    numberOf,
    start(run, changes, issues) {
      database.transaction("full", () => {
        numbers.beforeSealing();
        database.insert("run", fromRun(run));
        const number = integer(database.get("SELECT number FROM run WHERE id = ?", run.id)?.number);
        let seq = 0;
        for (const change of changes) {
          seq++;
          database.insert("entry", { run: number, ...fromChange(change, { runId: run.id, seq }, numbers) });
        }
        seq = 0;
        for (const issue of issues) {
          seq++;
          database.insert("issue", { run: number, ...fromIssue(issue, { runId: run.id, seq }, numbers) });
        }
      });
    },
    find(idOrPrefix) {
      const exact = database.get("SELECT * FROM run WHERE id = ?", idOrPrefix);
      if (exact) return toRun(exact);
      if (idOrPrefix === "") return undefined;
      const found = database.all(
        "SELECT * FROM run WHERE id > ? AND id < ? LIMIT 2",
        idOrPrefix,
        `${idOrPrefix}\u{10ffff}`,
      );
      const [only] = found;
      return only && found.length === 1 ? toRun(only) : undefined;
    },
    *newestFirst() {
      let before: number = Number.MAX_SAFE_INTEGER;
      const sql = "SELECT * FROM run WHERE number < ? ORDER BY number DESC LIMIT 1";
      for (let row = database.get(sql, before); row; row = database.get(sql, before)) {
        before = integer(row.number);
        const run = toRun(row);
        yield { ...run, counts: counts(before, run.issues) };
      }
    },
    newestOpen(tenantId) {
      const row = database.get(
        `SELECT * FROM run WHERE tenant_id = ? AND state IN ('open', 'interrupted', 'inDoubt')
         ORDER BY number DESC LIMIT 1`,
        tenantId,
      );
      return row && toRun(row);
    },
    otherSent(tenantId, since, notRun) {
      const sql = "SELECT 1 FROM run WHERE tenant_id = ? AND last_sent_at >= ? AND number <> ? LIMIT 1";
      return database.get(sql, tenantId, since, notRun) !== undefined;
    },
    setState(id, state, endedAt) {
      const run = numberOf(id);
      database.transaction("full", () => {
        database.run("UPDATE run SET state = ?, ended_at = ? WHERE number = ?", state, endedAt ?? null, run);
      });
    },
    interruptOpen(tenantId) {
      // A look first: most of the time there is nothing to write.
      const open = "SELECT 1 FROM run WHERE tenant_id = ? AND state = 'open' LIMIT 1";
      if (!database.get(open, tenantId)) return;
      database.transaction("full", () => {
        database.run("UPDATE run SET state = 'interrupted' WHERE tenant_id = ? AND state = 'open'", tenantId);
      });
    },
    counts(id) {
      const run = numberOf(id);
      return counts(run, integer(database.get("SELECT issues FROM run WHERE number = ?", run)?.issues));
    },
    *issues(id) {
      const sql = "SELECT seq, issue FROM issue WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?";
      for (const row of pages(database, sql, numberOf(id))) yield toIssue(row, id, numbers);
    },
  };
}

/** Walks rows of one run by `seq`, page by page: rows may be written during the walk. */
export function* pages(database: Database, sql: string, run: number): Iterable<Row> {
  for (let after = 0; ; ) {
    const page = database.all(sql, run, after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = integer(last.seq);
  }
}
