/** Where a list in Microsoft 365 is: by an address that people have, or by the ids that Graph has. */
export type ListPlace =
  | { readonly kind: "share"; readonly url: string }
  | { readonly kind: "item"; readonly driveId: string; readonly itemId: string };

/** A file in SharePoint or OneDrive, as Graph knows it. */
export type ListFile = {
  readonly name: string;
  readonly id: string;
  /** undefined where Graph does not say; then only the address it was found by leads to it. */
  readonly driveId?: string;
  /** The folder it is in; undefined where Graph does not say. */
  readonly parentId?: string;
  /** The sharing address that it was found by. */
  readonly sharedAs?: string;
  readonly size: number;
  /** Another one when the content has changed; undefined where Graph does not say. */
  readonly tag?: string;
};

/** Where a list that was opened lives, and how it was read: row by row in Excel Online, or, and then why, from its bytes. */
export type SharedOrigin =
  | { readonly file: ListFile; readonly route: "workbook" }
  | { readonly file: ListFile; readonly route: "download"; readonly why: string };

/** A cell as Excel Online shows and keeps it. */
export type SharedCell = {
  readonly kind: "empty" | "string" | "number" | "boolean" | "error";
  readonly value: string | number | boolean;
  /** As displayed, in whatever language the service chose. */
  readonly text: string;
  /** Excel's code for how a number is displayed; undefined where the service does not say. */
  readonly format?: string;
  readonly isFormula: boolean;
};

/** Some rows of a sheet, from the one asked for on. */
export type SharedRows = {
  readonly cells: readonly (readonly SharedCell[])[];
  /** Whether each row is hidden. */
  readonly hidden: readonly boolean[];
};

/** An Excel table: where it stands (`A2:D602`) and what its columns are called. */
export type SharedTable = {
  readonly id: string;
  readonly name: string;
  readonly ref: string;
  readonly headers: readonly string[];
  readonly hasHeader: boolean;
  readonly hasTotals: boolean;
};

export type SharedSheet = {
  readonly id: string;
  readonly name: string;
  readonly state: "visible" | "hidden" | "veryHidden";
  readonly tables: readonly SharedTable[];
  /** The area that holds anything, `A1:D602`. */
  readonly used: string;
  /** Reads an area such as `A2:D501`. */
  read(ref: string): Promise<SharedRows>;
};

/** A workbook that is open in Excel Online. */
export type SharedWorkbook = { readonly sheets: readonly SharedSheet[] };
