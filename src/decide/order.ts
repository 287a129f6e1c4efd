import { type Change, isWrite } from "../model/change.ts";
import type { PhoneType } from "../model/phone.ts";

/**
 * Puts a user's changes in the order that leaves him best off at every step: what is written before what is removed,
 * mobile before alternateMobile when adding and after it when removing (Graph demands both), an SMS change right after
 * the mobile it belongs to. What sends nothing comes first.
 */
export function order(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((left, right) => rank(left) - rank(right));
}

const typeRank: Readonly<Record<PhoneType, number>> = { mobile: 0, alternateMobile: 2, office: 3 };

function rank(change: Change): number {
  const type = typeRank[change.phoneType];
  if (!isWrite(change)) return type;
  switch (change.kind) {
    case "enableSms":
    case "disableSms":
      return 10 + type + 1;
    case "delete":
      // The default goes last, so that it is not switched in vain; but a mobile cannot go before the alternateMobile.
      return 20 + (change.switchDefault && change.phoneType !== "alternateMobile" ? 5 : 0) + (3 - type);
    default:
      return 10 + type;
  }
}
