import { mergeRows, sharedNumberIssue } from "../decide/across.ts";
import { type DesireContext, type DesiredRow, desireRow } from "../decide/desire.ts";
import { keyCell, userKey } from "../decide/userKey.ts";
import { openSpool, type Spool } from "../ledger/spool.ts";
import type { RowIssue } from "../model/issue.ts";
import type { RosterOptions } from "../model/options.ts";
import { type PhoneNumber, type PhoneType, phoneTypes } from "../model/phone.ts";
import type { RosterRow, RowRef } from "../model/row.ts";
import type { Match } from "../model/user.ts";
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

export type Check = { rows(): Iterable<CheckedRow>; close(): void };

/** Told how many rows have been read. */
export type RowWatch = (rows: number) => void;

/** Reads and judges a roster without a tenant. Rows are spooled, so a long roster does not lie in memory. */
export async function checkRoster(roster: Roster, options: RosterOptions, watch?: RowWatch): Promise<Check> {
  const context: DesireContext = {
    match: options.match ?? "upn",
    ...(options.region === undefined ? {} : { region: options.region }),
  };
  const spool = openSpool<DesiredRow>();
  try {
    let rows = 0;
    for await (const batch of roster.batches()) {
      for (const row of batch) spoolRow(spool, row, context);
      rows += batch.length;
      watch?.(rows);
    }
    noteAcross(spool);
  } catch (error) {
    spool.close();
    throw error;
  }

  return {
    *rows() {
      for (const { row, issues } of spool.rowsWithIssues()) {
        yield { ref: row.ref, user: row.user, phones: row.parsed, issues: [...row.issues, ...issues] };
      }
    },
    close: () => spool.close(),
  };
}

/** Counts rows as they pass. */
export function tallyRows(): {
  add(row: CheckedRow): void;
  counts(): Omit<CheckCounts, "hiddenRows">;
} {
  const counts = { rows: 0, usable: 0, issues: 0, warnings: 0 };
  return {
    add(row) {
      counts.rows++;
      const errors = row.issues.filter(issue => issue.level === "error");
      counts.issues += errors.length;
      counts.warnings += row.issues.length - errors.length;
      if (isUsable(row, errors)) counts.usable++;
    },
    counts: () => ({ ...counts }),
  };
}

function spoolRow(spool: Spool<DesiredRow>, row: RosterRow, context: DesireContext): void {
  const key = userKey(row, context.match);
  const owner = key.kind === "key" ? key.fold : undefined;
  const desired = desireRow(row, row.found ? { ...context, user: row.found } : context, key);
  const ordinal = spool.addRow(desired, owner);
  if (owner === undefined) return;
  for (const phoneType of ["mobile", "alternateMobile"] as const) {
    const phone = desired.phones[phoneType];
    if (phone.kind === "number") spool.addNumber(phone.number, owner, ordinal);
  }
}

/** Notes what can only be seen across rows: repeats, conflicts and numbers that two users share. */
function noteAcross(spool: Spool<DesiredRow>): void {
  for (const rows of spool.repeatedKeys()) {
    const { issues } = mergeRows(rows.map(({ row }) => row));
    for (const issue of issues) {
      const at = rows.find(({ row }) => row.ref.row === issue.ref.row);
      if (at) spool.addIssue(at.ordinal, issue);
    }
  }
  noteShared(spool);
}

const shownOthers = 3;

/** Adds the warning `shared-number` to each row whose mobile or alternate mobile another user's row asks for too. */
export function noteShared(spool: Spool<DesiredRow> | Spool<RosterRow>, match: Match = "upn"): void {
  for (const ordinals of spool.sharedNumbers()) {
    // A few of the others are enough to say; a number that the whole list shares must not cost its square.
    const first = ordinals
      .slice(0, shownOthers + 1)
      .map(ordinal => spool.rowAt(ordinal))
      .filter(row => row !== undefined)
      .map(row => ({ ...row, user: nameOf(row, match) }));
    for (const ordinal of ordinals) {
      const row = spool.rowAt(ordinal);
      if (!row) continue;
      const named = nameOf(row, match);
      const others = first.filter(other => other.ref.row !== row.ref.row).slice(0, shownOthers);
      spool.addIssue(ordinal, sharedNumberIssue({ ref: row.ref, user: named }, others));
    }
  }
}

function nameOf(row: DesiredRow | RosterRow, match: Match): string | null {
  return "cells" in row ? (keyCell(row, match)?.text.trim() ?? null) : row.user;
}

function isUsable(row: CheckedRow, errors: readonly RowIssue[]): boolean {
  if (errors.some(issue => issue.phoneType === undefined)) return false;
  const spoiled = new Set(errors.map(issue => issue.phoneType));
  return phoneTypes.some(phoneType => row.phones[phoneType] !== undefined && !spoiled.has(phoneType));
}
