import type { Change } from "../model/change.ts";
import type { PlanHeader } from "../model/plan.ts";
import { deliveryNotes, deliveryWarning } from "./deliveryText.ts";
import { noNumbersNote } from "./profileRosterText.ts";
import { hasNoWayBack } from "./reason.ts";
import { list, plural, thousands } from "./words.ts";

/** What only the changes of a plan tell. */
export type PlanTraits = {
  /** Changes that write over a number which could not be read whole. */
  readonly noWayBack: number;
  /** Whether the plan takes a run back. */
  readonly undoes: boolean;
};

/** Walks the changes once. */
export function traitsOf(changes: Iterable<Change>): PlanTraits {
  let noWayBack = 0;
  let undoes = false;
  for (const change of changes) {
    if (hasNoWayBack(change)) noWayBack++;
    if (change.reason === "undo") undoes = true;
  }
  return { noWayBack, undoes };
}

/** What must be known before a yes: these sentences stand first in every view of a plan. */
export function planWarnings(
  header: PlanHeader,
  traits: PlanTraits,
  leftWithoutMethod: readonly string[] = [],
): string[] {
  const { findings } = header;
  const warnings: string[] = [];
  if (findings.masked) {
    warnings.push(
      "Graph hides digits of the phones from this sign-in (masked reads). The role Privileged Authentication Administrator, or the app-only permission UserAuthMethod-Phone.ReadWrite.All, lifts this.",
    );
  }
  if (findings.mobileNumbers >= 10 && findings.mobileLandlines * 2 > findings.mobileNumbers) {
    warnings.push(
      `${thousands(findings.mobileLandlines)} of the ${thousands(findings.mobileNumbers)} numbers in the mobile column are fixed lines. Is it the right column? apply refuses this without --force.`,
    );
  }
  if (findings.leftWithoutMethod > 0) {
    const users = plural(findings.leftWithoutMethod, "user");
    const names = named(leftWithoutMethod, findings.leftWithoutMethod);
    warnings.push(`${users} would be left without any method to sign in with${names}.`);
  }
  if (traits.noWayBack > 0) {
    const changes = plural(traits.noWayBack, "change writes", "changes write");
    const them = traits.noWayBack === 1 ? "it" : "them";
    warnings.push(`${changes} over a number that cannot be read whole: no undo can bring ${them} back.`);
  }
  const useless = deliveryWarning(header);
  if (useless !== undefined) warnings.push(useless);
  return warnings;
}

function named(users: readonly string[], count: number): string {
  if (users.length === 0) return "";
  const first = users.slice(0, 5);
  return `: ${list(count > first.length ? [...first, `${thousands(count - first.length)} more`] : first)}`;
}

/** What is good to know and stops nothing. */
export function planNotes(header: PlanHeader, traits: PlanTraits): string[] {
  const { findings, smsSignIn } = header;
  const notes: string[] = [];
  const noNumbers = header.fromProfile && noNumbersNote(header.fromProfile);
  if (noNumbers !== undefined) notes.push(noNumbers);
  if (findings.smsSideEffect !== undefined && findings.smsSideEffect > 0 && smsSignIn === "leave") {
    notes.push(
      `The tenant's SMS policy makes the service register ${thousands(findings.smsSideEffect)} of these mobile numbers for SMS sign-in by itself; --sms-sign-in disable is recommended and takes that back.`,
    );
  }
  if (findings.notRead !== undefined && findings.notRead > 0) {
    notes.push(
      `${plural(findings.notRead, "change rests", "changes rest")} on the registration report, which lists no method of the user; it lags, but Graph itself refuses a second phone of one type.`,
    );
  }
  if (findings.disabledUnknown !== undefined && findings.disabledUnknown > 0) {
    notes.push(
      `Of ${plural(findings.disabledUnknown, "user")} it is not shown whether the account is disabled, so --exclude-disabled leaves none of them out; that takes User.Read.All.`,
    );
  }
  if (findings.methodsUnknown > 0) {
    notes.push(
      `For ${plural(findings.methodsUnknown, "user")} the other methods or the default method cannot be read, so it is not known what a delete leaves.`,
    );
  }
  if (traits.undoes) notes.push(...undoNotes(header));
  notes.push(...deliveryNotes(header));
  return notes;
}

/** What an undo does not bring back. */
export function undoNotes({ findings }: Pick<PlanHeader, "findings">): string[] {
  const notes: string[] = [];
  if (findings.smsUnknown !== undefined && findings.smsUnknown > 0) {
    notes.push(
      `For ${plural(findings.smsUnknown, "mobile phone")} the state of SMS sign-in before the run is not on record, so it stays as the service makes it.`,
    );
  }
  if (findings.defaultsKept !== undefined && findings.defaultsKept > 0) {
    notes.push(
      `For ${plural(findings.defaultsKept, "user")} the default method is not switched back: it cannot be read, or it was changed since.`,
    );
  }
  notes.push(
    "An undo restores numbers, SMS sign-in and the default method as far as the service allows; createdDateTime and the service's own formatting cannot be restored.",
  );
  return notes;
}
