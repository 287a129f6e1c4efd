import type { Change } from "../model/change.ts";
import { briefNumber, shownUser } from "./numbers.ts";
import { plainText } from "./plainText.ts";
import type { TextColumn } from "./table.ts";

/**
 * The columns in which changes and outcomes are shown to a person. Where the numbers came from profiles of the directory,
 * the property that held them stands in place of the row.
 */
export function changeColumns(changes: readonly Change[]): readonly TextColumn[] {
  const ofProfiles = changes.some(({ ref }) => ref.property !== undefined);
  return [
    ofProfiles ? { header: "profile" } : { header: "  row", align: "right" },
    { header: "user", shrink: "middle", min: 16 },
    { header: "type", shrink: "end", min: 9 },
    { header: "now", shrink: "end", min: 6 },
    { header: "then", shrink: "end", min: 6 },
  ];
}

/** One change as cells of these columns. */
export function changeCells(change: Change, show: boolean): string[] {
  return [
    change.ref.property ?? rowCell(change),
    plainText(shownUser(change.userPrincipalName, show)),
    change.phoneType,
    change.from === null ? "" : plainText(briefNumber(change.from, show)),
    thenCell(change, show),
  ];
}

function rowCell({ ref, rows }: Change): string {
  return rows.length > 1 ? `${ref.row} +${rows.length - 1}` : String(ref.row);
}

/** What will stand in the slot afterwards. */
function thenCell(change: Change, show: boolean): string {
  switch (change.kind) {
    case "create":
    case "update":
      // Only a run whose numbers were removed writes none.
      return `→ ${change.to === null ? "(removed)" : number(change.to, show)}${defaultAfter(change)}`;
    case "delete":
      return `→ none${defaultAfter(change)}`;
    case "enableSms":
      return "→ SMS on";
    case "disableSms":
      return "→ SMS off";
    case "refused":
    case "kept":
      return change.to === null ? "not removed" : `not ${number(change.to, show)}`;
    case "unchanged":
      return "";
  }
}

function defaultAfter({ switchDefault }: Change): string {
  return switchDefault ? `; default ${switchDefault.to ?? "none"}` : "";
}

function number(to: string | null, show: boolean): string {
  return to === null ? "none" : plainText(briefNumber(to, show));
}
