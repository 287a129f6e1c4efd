/** What came of one row of a list, for whoever keeps the list. It never holds a number. */
export type RowStatus = { readonly outcome: string; readonly message: string };

/** How the outcomes of a run got back to a list in Microsoft 365. */
export type WriteBackEnd =
  /** `written`: rows that have their status now. `missed`: rows of the run that are not there any more as they were. */
  | { readonly kind: "table"; readonly table: string; readonly written: number; readonly missed: number }
  | { readonly kind: "report"; readonly name: string; readonly why: string }
  | { readonly kind: "none"; readonly why: string };
