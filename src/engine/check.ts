import { mergeRows, sharedNumberIssue } from "../decide/across.ts";
import { type DesireContext, desireRow } from "../decide/desire.ts";
import { userKey } from "../decide/userKey.ts";
import { openSpool, type Spool } from "../ledger/spool.ts";
import type { RowIssue } from "../model/issue.ts";
import type { RosterOptions } from "../model/options.ts";
import { type PhoneNumber, type PhoneType, phoneTypes } from "../model/phone.ts";
import type { RosterRow, RowRef } from "../model/row.ts";
import type { Roster } from "../roster/open.ts";

/** One row as `check` reports it. */
export type CheckedRow = {
  readonly ref: RowRef;
  readonly user: string | null;
  readonly phones: { readonly [Type in PhoneType]?: PhoneNumber };
  readonly issues: readonly RowIssue[];
};

export type CheckCounts = {
  readonly rows: number;
  /** Rows that make a change possible: no error stands on the row, or at least one of its phones can be used. */
  readonly usable: number;
  readonly issues: number;
  readonly warnings: number;
  readonly hiddenRows: number;
};

export type Check = { rows(): Iterable<CheckedRow>; counts(): CheckCounts; close(): void };

/** Told how many rows have been read. */
export type RowWatch = (rows: number) => void;

/** Reads and judges a roster without a tenant. Rows are spooled, so a long roster does not lie in memory. */
export async function checkRoster(roster: Roster, options: RosterOptions, watch?: RowWatch): Promise<Check> {
  const context: DesireContext = {
    match: options.match ?? "upn",
    ...(options.region === undefined ? {} : { region: options.region }),
  };
  const spool = openSpool();
  try {
    let rows = 0;
    for await (const batch of roster.batches()) {
      for (const row of batch) spoolRow(spool, row, context);
      rows += batch.length;
      watch?.(rows);
    }
    noteAcross(spool, context);
  } catch (error) {
    spool.close();
    throw error;
  }

  function* rows(): Iterable<CheckedRow> {
    for (const { ordinal, row } of spool.rows()) {
      const desired = desireRow(row, context);
      const issues = [...desired.issues, ...spool.issuesOf(ordinal)];
      yield { ref: row.ref, user: desired.user, phones: desired.parsed, issues };
    }
  }
  return {
    rows,
    counts() {
      const counts = { rows: 0, usable: 0, issues: 0, warnings: 0 };
      for (const row of rows()) {
        counts.rows++;
        const errors = row.issues.filter(issue => issue.level === "error");
        counts.issues += errors.length;
        counts.warnings += row.issues.length - errors.length;
        if (isUsable(row, errors)) counts.usable++;
      }
      return { ...counts, hiddenRows: roster.hiddenRows() };
    },
    close: () => spool.close(),
  };
}

function spoolRow(spool: Spool, row: RosterRow, context: DesireContext): void {
  const key = userKey(row, context.match);
  const owner = key.kind === "key" ? key.fold : undefined;
  const ordinal = spool.addRow(row, owner);
  if (owner === undefined) return;
  const { phones } = desireRow(row, context);
  for (const phoneType of ["mobile", "alternateMobile"] as const) {
    const desired = phones[phoneType];
    if (desired.kind === "number") spool.addNumber(desired.number, owner, ordinal);
  }
}

/** Notes what can only be seen across rows: repeats, conflicts and numbers that two users share. */
function noteAcross(spool: Spool, context: DesireContext): void {
  for (const rows of spool.repeatedKeys()) {
    const { issues } = mergeRows(rows.map(({ row }) => desireRow(row, context)));
    for (const issue of issues) {
      const at = rows.find(({ row }) => row.ref.row === issue.ref.row);
      if (at) spool.addIssue(at.ordinal, issue);
    }
  }
  noteShared(spool, row => desireRow(row, context));
}

const shownOthers = 3;

/** Adds the warning `shared-number` to each row whose mobile or alternate mobile another user's row asks for too. */
export function noteShared(spool: Spool, desire: (row: RosterRow) => ReturnType<typeof desireRow>): void {
  for (const { ordinals } of spool.sharedNumbers()) {
    // A few of the others are enough to say; a number that the whole list shares must not cost its square.
    const refs = ordinals.slice(0, shownOthers + 1).map(ordinal => spool.rowAt(ordinal)?.ref.row ?? 0);
    for (const ordinal of ordinals) {
      const row = spool.rowAt(ordinal);
      if (!row) continue;
      const desired = desire(row);
      const others = refs.filter(other => other !== row.ref.row).slice(0, shownOthers);
      spool.addIssue(ordinal, sharedNumberIssue(desired, others));
    }
  }
}

function isUsable(row: CheckedRow, errors: readonly RowIssue[]): boolean {
  if (errors.some(issue => issue.phoneType === undefined)) return false;
  const spoiled = new Set(errors.map(issue => issue.phoneType));
  return phoneTypes.some(phoneType => row.phones[phoneType] !== undefined && !spoiled.has(phoneType));
}
