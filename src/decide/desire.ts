import type { Policy } from "../model/change.ts";
import type { ProfileColumns } from "../model/directoryProfile.ts";
import type { RowIssue } from "../model/issue.ts";
import { type PhoneNumber, type PhoneType, phoneTypes } from "../model/phone.ts";
import type { DesiredPhone, DesiredPhones, RosterCell, RosterRow, RowRef } from "../model/row.ts";
import type { Match, User } from "../model/user.ts";
import type { CountrySources } from "./country.ts";
import { type IssueFacts, rowIssue } from "./issueMessage.ts";
import { type ParsedPhone, parsePhone } from "./phoneNumber.ts";
import { foldKey, keyCell, type UserKey, userKey } from "./userKey.ts";

export type DesireContext = {
  /** `--region`. */
  readonly region?: string;
  /** The user the row was resolved to; absent offline. */
  readonly user?: User;
  readonly match: Match;
  /** Absent: `check`. */
  readonly policy?: Policy;
};

/** What one row asks for. `phones` may be acted on; `parsed` is what the cells say, also when they may not. */
export type DesiredRow = {
  readonly ref: RowRef;
  /** The roster's text, trimmed; null when the cell is empty. */
  readonly user: string | null;
  readonly phones: DesiredPhones;
  readonly parsed: { readonly [Type in PhoneType]?: PhoneNumber };
  readonly issues: readonly RowIssue[];
  /** Of a row of the directory: the property of the profile that holds each number. */
  readonly properties?: ProfileColumns;
};

/** Reads one row: the phones it asks for, and everything that is wrong or odd about it. `key` is the one of the row. */
export function desireRow(
  row: RosterRow,
  context: DesireContext,
  key: UserKey = userKey(row, context.match),
): DesiredRow {
  const user = keyCell(row, context.match)?.text.trim() || null;
  const cells = parseCells(row, context);
  const parsed: { [Type in PhoneType]?: PhoneNumber } = {};
  for (const { phoneType, phone } of cells) if (phone.kind === "number") parsed[phoneType] = phone.number;
  const ofUser = userFacts(row, key, cells, context);
  const facts = [...ofUser, ...cells.flatMap(cell => phoneFacts(cell, row, context)), ...sameNumbers(cells)];
  const at = { ref: row.ref, user, ...(row.properties ? { properties: row.properties } : {}) };
  const issues = facts.map(fact => rowIssue(at, fact));
  const rowFails = key.kind !== "key" || ofUser.some(({ code }) => code === "user-mismatch");
  return { ...at, phones: phonesOf(cells, rowFails), parsed, issues };
}

type ParsedCell = { readonly phoneType: PhoneType; readonly raw: string; readonly phone: ParsedPhone };

/** The phone cells of the mapped columns. */
function parseCells({ cells }: RosterRow, context: DesireContext): readonly ParsedCell[] {
  const countries: CountrySources = {
    ...(cells.region ? { rowRegion: cells.region.text } : {}),
    ...(context.region === undefined ? {} : { region: context.region }),
    ...(context.user?.usageLocation === undefined ? {} : { usageLocation: context.user.usageLocation }),
  };
  const parsed: ParsedCell[] = [];
  for (const phoneType of phoneTypes) {
    const cell = cells[phoneType];
    if (!cell) continue;
    const failed = context.policy === "mirror" && isEmptyFormula(cell);
    const phone = failed ? emptyFormula : parsePhone(cell, { phoneType, ...countries });
    parsed.push({ phoneType, raw: cell.text, phone });
  }
  return parsed;
}

/** A formula that gives nothing may be a look-up that failed: mirror removes only what a really blank cell asks for. */
function isEmptyFormula({ stored, text }: RosterCell): boolean {
  return stored === "formula" && text.trim() === "";
}

const emptyFormula: ParsedPhone = {
  kind: "unusable",
  code: "invalid-phone",
  why: "its formula gives nothing, which is not the blank cell that removes a phone",
};

function phonesOf(cells: readonly ParsedCell[], rowFails: boolean): DesiredPhones {
  const desired = (phoneType: PhoneType): DesiredPhone => {
    const phone = cells.find(cell => cell.phoneType === phoneType)?.phone;
    if (!phone) return { kind: "unmapped" };
    if (rowFails) return { kind: "unusable" };
    switch (phone.kind) {
      case "number":
        return { kind: "number", number: phone.number, landline: phone.landline };
      case "blank":
      case "unusable":
        return { kind: phone.kind };
    }
  };
  return {
    mobile: desired("mobile"),
    alternateMobile: desired("alternateMobile"),
    office: desired("office"),
  };
}

function userFacts(
  row: RosterRow,
  key: UserKey,
  cells: readonly ParsedCell[],
  context: DesireContext,
): readonly IssueFacts[] {
  const allBlank = cells.every(({ phone }) => phone.kind === "blank");
  const facts: IssueFacts[] = [];
  switch (key.kind) {
    case "blank":
      if (!allBlank) facts.push({ code: "missing-user" });
      break;
    case "invalid":
      facts.push({ code: "invalid-user", raw: keyCell(row, context.match)?.text ?? "", why: key.why });
      break;
    case "key": {
      const columns = context.user ? mismatches(row, context.match, context.user) : [];
      if (columns.length > 0) facts.push({ code: "user-mismatch", columns });
      if (context.user?.accountEnabled === false) facts.push({ code: "disabled-user" });
      break;
    }
  }
  if (key.kind !== "blank" && cells.length > 0 && allBlank && missesPhones(context.policy)) {
    facts.push({ code: "missing-phone" });
  }
  return facts;
}

/** Under mirror and remove a blank cell says something of its own. */
function missesPhones(policy: Policy | undefined): boolean {
  return policy === undefined || policy === "add" || policy === "update";
}

/** The other identity columns whose cell belongs to another user than the one the key found. */
function mismatches(row: RosterRow, match: Match, user: User): readonly string[] {
  const key = keyCell(row, match);
  return (["id", "mail", "employeeId"] as const).filter(kind => {
    const cell = row.cells[kind];
    if (!cell || cell === key || cell.text.trim() === "") return false;
    return foldKey(cell.text) !== foldKey(user[kind] ?? "");
  });
}

function phoneFacts(
  { phoneType, raw, phone }: ParsedCell,
  row: RosterRow,
  context: DesireContext,
): readonly IssueFacts[] {
  switch (phone.kind) {
    case "blank":
      return [];
    case "unusable": {
      const { code, why } = phone;
      const named = [row.cells.region?.text, context.region].some(
        text => text !== undefined && text.trim() !== "",
      );
      return [{ code, why, phoneType, raw, mayBeSettled: !context.user && !named }];
    }
    case "number":
      return phone.notes.map(code => ({ code, phoneType, raw, number: phone.number }));
  }
}

/** One number in two columns gives the user one phone, not two. */
function sameNumbers(cells: readonly ParsedCell[]): readonly IssueFacts[] {
  if (cells.length < 2) return [];
  const first = new Map<PhoneNumber, PhoneType>();
  return cells.flatMap(({ phoneType, phone }): readonly IssueFacts[] => {
    if (phone.kind !== "number") return [];
    const other = first.get(phone.number);
    if (other) return [{ code: "same-number", phoneType, other }];
    first.set(phone.number, phoneType);
    return [];
  });
}
