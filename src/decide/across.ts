import type { RowIssue } from "../model/issue.ts";
import { type PhoneNumber, type PhoneType, phoneTypes } from "../model/phone.ts";
import { type DesiredPhone, numberRef, type RowRef } from "../model/row.ts";
import type { DesiredRow } from "./desire.ts";
import { rowIssue } from "./issueMessage.ts";
import type { Wanted } from "./reconcile.ts";

/** What all rows of one user ask for together. */
export type MergedRows = {
  readonly phones: Readonly<Record<PhoneType, Wanted>>;
  /** Only the issues between rows; those of each row stand in the row. */
  readonly issues: readonly RowIssue[];
};

/**
 * Merges the rows of one user, in roster order; there is at least one. Equal numbers become one, a number wins over a
 * blank cell. Two different numbers, or a number beside a cell that cannot be used, are a conflict: the unreadable
 * cell may have meant another number, so nothing is written. An unusable cell also outlives a blank one, so that
 * mirror never removes a phone that some row wanted to keep.
 */
export function mergeRows(rows: readonly DesiredRow[]): MergedRows {
  const merged = {
    mobile: mergeType(rows, "mobile"),
    alternateMobile: mergeType(rows, "alternateMobile"),
    office: mergeType(rows, "office"),
  };
  const conflicts = phoneTypes.flatMap(phoneType => merged[phoneType].conflicts);
  return {
    phones: {
      mobile: merged.mobile.wanted,
      alternateMobile: merged.alternateMobile.wanted,
      office: merged.office.wanted,
    },
    issues: [...conflicts, ...duplicates(rows, new Set(conflicts.map(({ ref }) => ref.row)))],
  };
}

/** The warning that another user's rows ask for a number of this row too. Users of the directory are named. */
export function sharedNumberIssue(
  row: Pick<DesiredRow, "ref" | "user">,
  others: readonly Pick<DesiredRow, "ref" | "user" | "properties">[],
): RowIssue {
  const users = others.flatMap(({ user, properties }) => (properties && user !== null ? [user] : []));
  const rows = others.map(({ ref }) => ref.row);
  return rowIssue(row, { code: "shared-number", others: rows, ...(users.length > 0 ? { users } : {}) });
}

type Merged = { readonly wanted: Wanted; readonly conflicts: readonly RowIssue[] };

function mergeType(rows: readonly DesiredRow[], phoneType: PhoneType): Merged {
  const having = (...kinds: readonly DesiredPhone["kind"][]) =>
    rows.filter(({ phones }) => kinds.includes(phones[phoneType].kind));
  const numbers = having("number");
  const broken = having("unusable");
  const wanted = (desired: DesiredPhone, asking: readonly DesiredRow[]): Wanted =>
    wantedBy(desired, asking, rows, phoneType);
  const byNumber = Map.groupBy(numbers, row => numberOf(row, phoneType));
  if (byNumber.size > 1 || broken.length > 0) {
    const conflicts = numbers.map(row => conflict(row, phoneType, byNumber, broken));
    return { wanted: wanted({ kind: "unusable" }, having("number", "unusable")), conflicts };
  }
  const [number] = numbers;
  if (number) return { wanted: wanted(number.phones[phoneType], numbers), conflicts: [] };
  const blank = having("blank");
  const desired: DesiredPhone = blank.length > 0 ? { kind: "blank" } : { kind: "unmapped" };
  return { wanted: wanted(desired, blank), conflicts: [] };
}

/** A message names a few rows, one of each other number; a list that repeats a user must not cost its square. */
const namedRows = 5;

function conflict(
  row: DesiredRow,
  phoneType: PhoneType,
  byNumber: ReadonlyMap<PhoneNumber | undefined, readonly DesiredRow[]>,
  broken: readonly DesiredRow[],
): RowIssue {
  const own = numberOf(row, phoneType);
  const others: DesiredRow[] = [];
  for (const [number, asking] of byNumber) {
    if (others.length >= namedRows) break;
    if (number !== own) others.push(...asking.slice(0, 1));
  }
  const because = others.length > 0 ? "otherNumber" : "unreadable";
  const named = because === "otherNumber" ? others : broken.slice(0, namedRows);
  return rowIssue(row, { code: "conflict", phoneType, others: named.map(({ ref }) => ref.row), because });
}

/** `ref` is the first row that asks; where none does (the column is not mapped) the user's first row stands for it. */
function wantedBy(
  desired: DesiredPhone,
  asking: readonly DesiredRow[],
  all: readonly DesiredRow[],
  phoneType: PhoneType,
): Wanted {
  const first = asking[0] ?? all[0];
  const ref = first === undefined ? { row: 0 } : numberRef(first, phoneType);
  return { desired, ref, rows: asking.map(({ ref }) => ref.row) };
}

/** Every row whose numbers were all asked for by earlier rows; a row in conflict has been spoken of already. */
function duplicates(rows: readonly DesiredRow[], inConflict: ReadonlySet<number>): readonly RowIssue[] {
  const firsts = new Map<string, RowRef>();
  return rows.flatMap(row => {
    const asked = phoneTypes.flatMap(phoneType => {
      const number = numberOf(row, phoneType);
      return number === undefined ? [] : [`${phoneType} ${number}`];
    });
    const before = asked.map(key => firsts.get(key));
    for (const key of asked) if (!firsts.has(key)) firsts.set(key, row.ref);
    const [first] = before;
    if (!first || before.includes(undefined) || inConflict.has(row.ref.row)) return [];
    return [rowIssue(row, { code: "duplicate", first: first.row })];
  });
}

function numberOf({ phones }: DesiredRow, phoneType: PhoneType): PhoneNumber | undefined {
  const phone = phones[phoneType];
  return phone.kind === "number" ? phone.number : undefined;
}
