import { type PhoneType, phoneTypes } from "../model/phone.ts";
import type { ColumnKind } from "../model/row.ts";
import { columnKinds } from "../model/row.ts";
import type { Match } from "../model/user.ts";
import { type HeaderMeaning, meaningOf } from "./headerNames.ts";

/** One cell of a header row. `column` is 1-based. */
export type Header = { readonly column: number; readonly text: string };

/** The header that was chosen for each kind; an absent kind has no column. */
export type ChosenColumns = { readonly [Kind in ColumnKind]?: Header };

/** What the person asked for: exact header texts by kind, and what the key of a user is. */
export type ColumnRequest = {
  readonly columns?: { readonly [Kind in ColumnKind]?: string };
  readonly match?: Match;
};

export type ColumnChoice =
  | { readonly kind: "chosen"; readonly columns: ChosenColumns }
  /** More than one reading is possible; `why` is part of a sentence. */
  | { readonly kind: "unclear"; readonly why: string }
  | { readonly kind: "notFound"; readonly why: string };

/**
 * Chooses the columns of a roster from its headers (rules.md, "Whose number: country and columns").
 * A choice that is not clear is refused by name, never guessed. A list without a phone column is still chosen:
 * the caller decides whether it needs one (`mappedPhones`).
 */
export function chooseColumns(headers: readonly Header[], request: ColumnRequest): ColumnChoice {
  const named = nameExplicitly(headers, request);
  if (named.kind !== "chosen") return named;

  const taken = new Set(Object.values(named.columns).map(header => header.column));
  const open: readonly Meant[] = headers
    .filter(header => !taken.has(header.column))
    .flatMap(header => {
      const meaning = meaningOf(header.text);
      return meaning === undefined ? [] : [{ header, meaning }];
    });

  const user = named.columns.user ?? chooseKey(open, named.columns, request.match);
  if ("kind" in user) return user;
  const phones = choosePhones(open, named.columns);
  if ("kind" in phones) return phones;
  const region = named.columns.region ?? only(open, "region", "plain");
  if (region !== undefined && "kind" in region) return region;

  return {
    kind: "chosen",
    columns: { ...named.columns, user, ...phones, ...(region === undefined ? {} : { region }) },
  };
}

/** The phone types that have a column. */
export function mappedPhones(columns: ChosenColumns): readonly PhoneType[] {
  return phoneTypes.filter(type => columns[type] !== undefined);
}

/** A sheet's name of a column: 1 is A, 27 is AA. */
export function columnLetters(column: number): string {
  const before = Math.floor((column - 1) / 26);
  return (before > 0 ? columnLetters(before) : "") + String.fromCharCode(65 + ((column - 1) % 26));
}

type Meant = { readonly header: Header; readonly meaning: HeaderMeaning };
type Refusal = Exclude<ColumnChoice, { kind: "chosen" }>;

const unclear = (why: string): Refusal => ({ kind: "unclear", why });
const notFound = (why: string): Refusal => ({ kind: "notFound", why });

function nameExplicitly(headers: readonly Header[], request: ColumnRequest): ColumnChoice {
  const columns: { [Kind in ColumnKind]?: Header } = {};
  for (const kind of columnKinds) {
    const wanted = request.columns?.[kind]?.trim();
    if (wanted === undefined) continue;
    const exact = headers.filter(header => header.text.trim() === wanted);
    const folded = headers.filter(header => header.text.trim().toLowerCase() === wanted.toLowerCase());
    const found = exact.length > 0 ? exact : folded;
    const [first, second] = found;
    if (first === undefined) return notFound(`no column is called "${wanted}" (asked for as ${kind})`);
    if (second !== undefined) return unclear(`${list(found)} both fit "${wanted}" (asked for as ${kind})`);
    columns[kind] = first;
  }
  return { kind: "chosen", columns };
}

/**
 * The column that says who: with --match the column of that kind, else the user column. Other identity columns are
 * mapped only when they are named, because an HR system's "ID" or a private e-mail address would contradict the key.
 */
function chooseKey(open: readonly Meant[], named: ChosenColumns, match: Match | undefined): Header | Refusal {
  if (match !== undefined && match !== "upn") {
    const key = named[match] ?? only(open, match, "plain") ?? only(open, match, "loose");
    if (key !== undefined) return key;
  }
  const user = only(open, "user", "plain") ?? only(open, "user", "loose");
  if (user !== undefined) return user;
  const other = (["mail", "employeeId", "id"] as const).flatMap(kind =>
    [...(named[kind] ? [named[kind]] : []), ...fits(open, kind)].map(header => ({ kind, header })),
  )[0];
  if (other !== undefined && (match === undefined || match === "upn")) {
    return notFound(
      `no column holds userPrincipalNames; to find users by "${other.header.text.trim()}", say --match ${other.kind}`,
    );
  }
  return notFound("no column says whose phone it is");
}

/** `telephoneNumber` and its like are mobile only as the only phone column, and never beside a named one. */
function choosePhones(
  open: readonly Meant[],
  named: ChosenColumns,
): { readonly [Type in PhoneType]?: Header } | Refusal {
  const generic = open.filter(({ meaning }) => meaning.kind === "genericPhone").map(({ header }) => header);
  const others = open.filter(({ meaning }) => meaning.kind === "otherPhone").map(({ header }) => header);
  const phoneNamed = phoneTypes.some(type => named[type] !== undefined);
  const phones: { [Type in PhoneType]?: Header } = {};
  for (const type of phoneTypes) {
    if (named[type] !== undefined) continue;
    let header = only(open, type, "plain");
    // "Office" is as often a building as a phone: it counts only where nothing else says phone.
    if (header === undefined && generic.length === 0) header = only(open, type, "loose");
    if (header === undefined) continue;
    if ("kind" in header) return header;
    phones[type] = header;
  }
  const [first, second] = generic;
  if (phoneNamed || first === undefined) return phones;
  if (second !== undefined) return unclear(`${list(generic)} could each be the mobile phone`);
  const beside = [...Object.values(phones), ...others];
  if (beside.length > 0) {
    return unclear(`"${first.text.trim()}" stands beside ${list(beside)}, so it may be any phone`);
  }
  return { mobile: first };
}

function fits(open: readonly Meant[], kind: ColumnKind, strength?: "plain" | "loose"): Header[] {
  return open
    .filter(
      ({ meaning }) =>
        meaning.kind === kind &&
        (strength === undefined || ("strength" in meaning && meaning.strength === strength)),
    )
    .map(({ header }) => header);
}

function only(
  open: readonly Meant[],
  kind: ColumnKind,
  strength: "plain" | "loose",
): Header | Refusal | undefined {
  const found = fits(open, kind, strength);
  return found.length > 1 ? unclear(`${list(found)} could each be the ${kind} column`) : found[0];
}

function list(headers: readonly Header[]): string {
  const twice = new Set(headers.map(header => header.text.trim())).size < headers.length;
  return headers
    .map(({ text, column }) => `"${text.trim()}"${twice ? ` (column ${columnLetters(column)})` : ""}`)
    .join(headers.length > 2 ? ", " : " and ");
}
