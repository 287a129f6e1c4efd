import type { Change } from "../model/change.ts";
import { isCanonical, maskDigits, type SmsSignInState, sameNumber } from "../model/phone.ts";
import { maskedFits } from "./phoneNumber.ts";
import { type Slot, slotShows } from "./slot.ts";

/**
 * How a read stands to a change. from: as the plan saw it. wanted: as it should be (`already`: so by the change's own
 * terms, nothing need be sent). other: a third value. barred: an SMS state that no request changes. hidden: a masked
 * read that cannot tell `to` from another number.
 */
export type Judgement =
  | { readonly kind: "from"; readonly found: string }
  | { readonly kind: "wanted"; readonly found: string; readonly already: boolean }
  | { readonly kind: "other"; readonly found: string }
  | { readonly kind: "hidden"; readonly found: string }
  | {
      readonly kind: "barred";
      readonly found: string;
      readonly state: SmsSignInState;
      readonly message: string;
    };

/** Compares what a read showed with what a change starts from and wants. */
export function judge(change: Change, slot: Slot): Judgement {
  const found = describe(slot);
  switch (change.kind) {
    case "enableSms":
    case "disableSms":
      return judgeSms(change, slot, found);
    case "create":
      if (slot.kind === "empty") return { kind: "from", found };
      // A masked read settles a create by presence: the visible digits fit, and the slot was empty before.
      if (slot.kind === "masked") {
        const fits = change.to !== null && isCanonical(change.to) && maskedFits(slot.text, change.to);
        return fits ? { kind: "wanted", found, already: false } : { kind: "other", found };
      }
      return change.to !== null && sameNumber(slot.number, change.to)
        ? { kind: "wanted", found, already: false }
        : { kind: "other", found };
    case "delete":
      if (slot.kind === "empty") return { kind: "wanted", found, already: false };
      return slotShows(slot, change.from) ? { kind: "from", found } : { kind: "other", found };
    default:
      if (slotShows(slot, change.from)) return { kind: "from", found };
      if (slot.kind === "masked") return { kind: "hidden", found };
      return slotShows(slot, change.to)
        ? { kind: "wanted", found, already: false }
        : { kind: "other", found };
  }
}

function judgeSms(change: Change, slot: Slot, found: string): Judgement {
  if (slot.kind === "empty" || (slot.kind === "number" && !slotShows(slot, change.to)))
    return { kind: "other", found };
  const state = slot.smsSignInState;
  if (change.kind === "disableSms") {
    return state === "ready" ? { kind: "from", found } : { kind: "wanted", found, already: true };
  }
  switch (state) {
    case "ready":
      return { kind: "wanted", found, already: true };
    case "notAllowedByPolicy":
    case "notSupported":
      return {
        kind: "barred",
        found,
        state,
        message: `SMS sign-in cannot be enabled: ${smsReasons[state]}.`,
      };
    default:
      // notEnabled and notConfigured can be enabled; phoneNumberNotUnique may have become free since.
      return { kind: "from", found };
  }
}

const smsReasons = {
  notAllowedByPolicy: "the tenant's SMS policy does not let this user sign in with a number",
  notSupported: "this phone does not support it",
} as const;

function describe(slot: Slot): string {
  switch (slot.kind) {
    case "empty":
      return "no phone";
    case "number":
      return maskDigits(slot.number);
    case "masked":
      return "a number whose digits are hidden";
  }
}
