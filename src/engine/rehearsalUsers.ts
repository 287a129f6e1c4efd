import { type Change, type DefaultMethod, isWrite } from "../model/change.ts";
import { isMasked, type PhoneType } from "../model/phone.ts";
import type { Plan } from "../model/plan.ts";
import { normalise } from "../sandbox/numbering.ts";
import type { OtherMethod, SeedUser } from "../sandbox/user.ts";

/**
 * The changes of a plan as they can be rehearsed: a number that was read masked, or that the sandbox would not store, has
 * another in its place. Nothing comes of the digits but that they are the same in the tenant and in the plan.
 */
export function rehearsable(plan: Plan): Plan {
  return {
    ...plan,
    *changes() {
      let at = 0;
      for (const change of plan.changes()) {
        at++;
        yield change.from === null || canBeStored(change.from)
          ? change
          : { ...change, from: inventedNumber(at) };
      }
    },
  };
}

/** The users that a plan writes to, with what the plan knows of them. A user's changes come together. */
export function* usersIn(changes: Iterable<Change>): Generator<SeedUser> {
  let invented = 0;
  let own: Change[] = [];
  for (const change of changes) {
    if (own[0] && own[0].userId !== change.userId) {
      if (own.some(isWrite)) yield userOf(own, ++invented);
      own = [];
    }
    own.push(change);
  }
  if (own.some(isWrite)) yield userOf(own, ++invented);
}

function userOf(changes: readonly Change[], at: number): SeedUser {
  const [first] = changes;
  const phones: { [Type in PhoneType]?: string } = {};
  // The phone's own change stands before that of its SMS sign-in, which says nothing of an empty slot.
  for (const { phoneType, from } of changes.toReversed()) {
    if (from === null) delete phones[phoneType];
    else phones[phoneType] = from;
  }
  // The list has no mobile column, but without a mobile the tenant would not have let the plan create an alternate one.
  const alternate = changes.some(change => change.phoneType === "alternateMobile");
  if (alternate && !changes.some(change => change.phoneType === "mobile")) phones.mobile = inventedNumber(at);
  const { from, to } = changes.find(change => change.switchDefault)?.switchDefault ?? {};
  const other = to && otherMethods[to];
  return {
    id: first?.userId ?? "",
    userPrincipalName: first?.userPrincipalName ?? "",
    phones,
    ...(from ? { defaultMethod: from } : {}),
    ...(other ? { otherMethods: ["password", other] } : {}),
  };
}

/** What a user must have to get another default than a phone. */
const otherMethods: { readonly [Method in DefaultMethod]?: OtherMethod } = {
  push: "microsoftAuthenticator",
  oath: "softwareOath",
};

function canBeStored(number: string): boolean {
  return !isMasked(number) && normalise(number) !== undefined;
}

function inventedNumber(at: number): string {
  return `+31 6${String(at % 100_000_000).padStart(8, "0")}`;
}
