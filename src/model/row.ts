import type { ProfileColumns, ProfileProperty } from "./directoryProfile.ts";
import type { PhoneNumber, PhoneType } from "./phone.ts";
import type { User } from "./user.ts";

/**
 * Where a row stands: `row` is the 1-based sheet row, the line where a record starts, a JSON element's number, or the
 * place of the user in a roster of profiles.
 */
export type RowRef = {
  readonly row: number;
  readonly sheet?: string;
  readonly table?: string;
  /** Of a number that came from a profile of the directory: the property that holds it. */
  readonly property?: ProfileProperty;
};

/** The reference of one number of a row. */
export function numberRef(
  { ref, properties }: { readonly ref: RowRef; readonly properties?: ProfileColumns },
  phoneType: PhoneType | undefined,
): RowRef {
  const property = phoneType === undefined ? undefined : properties?.[phoneType];
  return property === undefined ? ref : { ...ref, property };
}

/** One cell of the roster as it is stored. `text` is the stored or displayed text, not trimmed. */
export type RosterCell = {
  readonly text: string;
  /** What the file held: a number cell may have lost its `+` or leading 0; a list or object comes from JSON. */
  readonly stored: "text" | "number" | "boolean" | "error" | "formula" | "list" | "object";
};

/** Kinds of columns a roster can have. */
export type ColumnKind =
  | "user"
  | "mobile"
  | "alternateMobile"
  | "office"
  | "region"
  | "id"
  | "mail"
  | "employeeId";

export const columnKinds: readonly ColumnKind[] = [
  "user",
  "mobile",
  "alternateMobile",
  "office",
  "region",
  "id",
  "mail",
  "employeeId",
];

/** One line of the roster. A kind that is absent was not mapped; a mapped, empty cell has the text "". */
export type RosterRow = {
  readonly ref: RowRef;
  readonly hidden: boolean;
  readonly cells: { readonly [Kind in ColumnKind]?: RosterCell };
  /** The user whose profile it was read from, who so need not be looked for, and the property of each phone cell. */
  readonly found?: User;
  readonly properties?: ProfileColumns;
};

/** What a roster cell asks for one phone type. Blank, unreadable and unmapped are three different values. */
export type DesiredPhone =
  | { readonly kind: "number"; readonly number: PhoneNumber; readonly landline: boolean }
  | { readonly kind: "blank" }
  | { readonly kind: "unusable" }
  | { readonly kind: "unmapped" };

/** The phones one row asks for. */
export type DesiredPhones = Readonly<Record<PhoneType, DesiredPhone>>;
