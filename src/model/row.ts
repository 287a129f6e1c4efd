import type { PhoneNumber, PhoneType } from "./phone.ts";

/** Where a row stands: `row` is the 1-based sheet row, the line where a record starts, or a JSON element's number. */
export type RowRef = {
  readonly row: number;
  readonly sheet?: string;
  readonly table?: string;
};

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
};

/** What a roster cell asks for one phone type. Blank, unreadable and unmapped are three different values. */
export type DesiredPhone =
  | { readonly kind: "number"; readonly number: PhoneNumber; readonly landline: boolean }
  | { readonly kind: "blank" }
  | { readonly kind: "unusable" }
  | { readonly kind: "unmapped" };

/** The phones one row asks for. */
export type DesiredPhones = Readonly<Record<PhoneType, DesiredPhone>>;
