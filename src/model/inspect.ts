/** One line of `check --inspect`: the sheets, tables and first cells of a file. */
export type InspectLine =
  | {
      readonly type: "sheet";
      readonly name: string;
      readonly state: "visible" | "hidden" | "veryHidden";
      readonly hiddenRows: readonly number[];
    }
  | {
      readonly type: "table";
      readonly name: string;
      readonly sheet: string;
      readonly ref: string;
      readonly headers: readonly string[];
      readonly dataRows: number;
      readonly totalsRow: boolean;
    }
  | { readonly type: "cell"; readonly sheet: string; readonly ref: string; readonly text: string };
