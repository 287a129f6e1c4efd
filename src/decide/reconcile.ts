import type { Change, ChangeKind, Reason } from "../model/change.ts";
import type { PlanOptions } from "../model/options.ts";
import type { ExistingPhone, PhoneNumber, PhoneType } from "../model/phone.ts";
import { phoneTypes, sameNumber } from "../model/phone.ts";
import type { DesiredPhone, RowRef } from "../model/row.ts";
import type { User } from "../model/user.ts";
import { canonicalExisting, maskedFits } from "./phoneNumber.ts";
import { type Slot, slotOf } from "./slot.ts";

/** What the roster asks for one phone type of one user, and the rows that ask for it. */
export type Wanted = {
  readonly desired: DesiredPhone;
  readonly ref: RowRef;
  readonly rows: readonly number[];
};

export type ReconcileInput = {
  /** The roster's text. */
  readonly rosterUser: string;
  readonly user: User;
  readonly wanted: Readonly<Record<PhoneType, Wanted>>;
  readonly existing: readonly ExistingPhone[];
  readonly options: PlanOptions;
};

export type Reconciled = {
  readonly changes: readonly Change[];
  /** An alternateMobile that Graph would not take because no mobile will be there. */
  readonly alternateWithoutMobile?: Wanted;
};

/** Makes one change per phone type of one user under the policy (rules.md, policies; masked reads). Unordered. */
export function reconcile(input: ReconcileInput): Reconciled {
  const decided = new Map<PhoneType, Change>();
  for (const phoneType of phoneTypes) {
    const change = decideSlot(input, phoneType);
    if (change) decided.set(phoneType, change);
  }

  const { mobile, alternateMobile } = {
    mobile: slotAfter(input, decided, "mobile"),
    alternateMobile: slotAfter(input, decided, "alternateMobile"),
  };
  const asked = input.wanted.alternateMobile;
  const alternate = decided.get("alternateMobile");
  let alternateWithoutMobile: Wanted | undefined;
  if (mobile === "empty" && asked.desired.kind === "number" && input.options.policy !== "remove") {
    alternateWithoutMobile = asked;
    if (alternate && alternate.kind !== "unchanged" && alternate.kind !== "kept")
      decided.delete("alternateMobile");
  }
  // Graph keeps the mobile while an alternateMobile is there, so a removal that would leave one behind is not tried.
  const removal = decided.get("mobile");
  const alternateStays =
    alternateWithoutMobile && slotOf(input.existing, "alternateMobile").kind === "empty"
      ? false
      : alternateMobile === "taken";
  if (removal?.kind === "delete" && alternateStays) {
    decided.set("mobile", { ...removal, kind: "refused", reason: "alternateNeedsMobile" });
  }

  const changes = [...decided.values()];
  const written = decided.get("mobile");
  if (input.options.smsSignIn !== "leave" && (written?.kind === "create" || written?.kind === "update")) {
    const kind = input.options.smsSignIn === "enable" ? "enableSms" : "disableSms";
    changes.push({ ...written, kind, from: written.to, reason: "smsSignIn" });
  }
  return alternateWithoutMobile ? { changes, alternateWithoutMobile } : { changes };
}

function decideSlot(input: ReconcileInput, phoneType: PhoneType): Change | undefined {
  const slot = slotOf(input.existing, phoneType);
  const { desired } = input.wanted[phoneType];
  const { policy, types } = input.options;
  if (policy === "remove" && types?.includes(phoneType)) {
    return slot.kind === "empty" ? undefined : change(input, phoneType, "delete", "listed", null);
  }
  switch (desired.kind) {
    case "unmapped":
    case "unusable":
      return undefined;
    case "blank":
      return policy === "mirror" && slot.kind !== "empty"
        ? change(input, phoneType, "delete", "blankCell", null)
        : undefined;
    case "number":
      return policy === "remove"
        ? removeNumber(input, phoneType, slot, desired.number)
        : writeNumber(input, phoneType, slot, desired.number);
  }
}

function removeNumber(
  input: ReconcileInput,
  phoneType: PhoneType,
  slot: Slot,
  number: PhoneNumber,
): Change | undefined {
  switch (slot.kind) {
    case "empty":
      return change(input, phoneType, "unchanged", "notThere", null);
    case "masked":
      // A number that only looks like the listed one is not removed: the other one would be lost for good.
      return change(
        input,
        phoneType,
        "refused",
        maskedFits(slot.text, number) ? "masked" : "otherNumber",
        null,
      );
    case "number":
      return sameNumber(slot.number, number)
        ? change(input, phoneType, "delete", "listed", null)
        : change(input, phoneType, "refused", "otherNumber", null);
  }
}

function writeNumber(input: ReconcileInput, phoneType: PhoneType, slot: Slot, number: PhoneNumber): Change {
  const other: ChangeKind = input.options.policy === "add" ? "kept" : "update";
  switch (slot.kind) {
    case "empty":
      return change(input, phoneType, "create", "emptySlot", number);
    case "number":
      return sameNumber(slot.number, number)
        ? change(input, phoneType, "unchanged", "sameNumber", number)
        : change(input, phoneType, other, "otherNumber", number);
    case "masked":
      if (maskedFits(slot.text, number)) return change(input, phoneType, "unchanged", "maskedFits", number);
      return other === "update" && !input.options.overwriteMasked
        ? change(input, phoneType, "refused", "masked", number)
        : change(input, phoneType, other, "otherNumber", number);
  }
}

function change(
  input: ReconcileInput,
  phoneType: PhoneType,
  kind: ChangeKind,
  reason: Reason,
  to: string | null,
): Change {
  const { ref, rows } = input.wanted[phoneType];
  const existing = input.existing.find(phone => phone.phoneType === phoneType);
  return {
    kind,
    user: input.rosterUser,
    userPrincipalName: input.user.userPrincipalName,
    userId: input.user.id,
    phoneType,
    from: existing ? canonicalExisting(existing.phoneNumber) : null,
    to,
    reason,
    ref,
    rows,
  };
}

/** Whether a slot will hold a phone when the changes decided so far are done. */
function slotAfter(
  input: ReconcileInput,
  decided: ReadonlyMap<PhoneType, Change>,
  phoneType: PhoneType,
): "taken" | "empty" {
  switch (decided.get(phoneType)?.kind) {
    case "create":
    case "update":
      return "taken";
    case "delete":
      return "empty";
    default:
      return slotOf(input.existing, phoneType).kind === "empty" ? "empty" : "taken";
  }
}
