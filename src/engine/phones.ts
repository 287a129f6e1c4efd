import { keepMethods } from "../decide/leftMethods.ts";
import { order } from "../decide/order.ts";
import { canonicalExisting, maskedFits } from "../decide/phoneNumber.ts";
import { slotOf } from "../decide/slot.ts";
import { openSpool } from "../ledger/spool.ts";
import { type Change, type ChangeKind, changeKinds, type Reason, type SmsSignIn } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import { type ExistingPhone, type PhoneNumber, type PhoneType, sameNumber } from "../model/phone.ts";
import { type Delivery, planFormatVersion } from "../model/plan.ts";
import { endOfDelivery } from "../model/retirement.ts";
import type { Match, Tenant, User } from "../model/user.ts";
import type { Edges } from "./edges.ts";
import type { Patience } from "./patience.ts";
import { type OpenPlan, planOf } from "./plan.ts";

/** Finds the one user that a `phone` command names. */
export async function findOne(key: string, match: Match, edges: Edges, patience: Patience): Promise<User> {
  const lookup = await patience.read(() => edges.graph.findUser(key, match));
  switch (lookup.kind) {
    case "one":
      return lookup.user;
    case "none":
      throw new PrepopError("PREPOP_USER_NOT_FOUND", { user: key });
    case "many":
      throw new PrepopError("PREPOP_USER_AMBIGUOUS", { user: key });
  }
}

/** What a `phone` command asks for one slot of one user. */
export type PhoneWish =
  | { readonly kind: "create" | "update"; readonly phoneType: PhoneType; readonly number: PhoneNumber }
  | { readonly kind: "delete"; readonly phoneType: PhoneType }
  | { readonly kind: "enableSms" | "disableSms"; readonly phoneType: "mobile" };

export type PhonePlanRequest = {
  readonly wish: PhoneWish;
  /** As typed. */
  readonly typed: string;
  readonly user: User;
  readonly tenant: Tenant;
  readonly smsSignIn: SmsSignIn;
  readonly maxAgeMs: number;
};

/** A plan of one change, so that a single phone takes the same path as a list. */
export async function planPhone(
  request: PhonePlanRequest,
  edges: Edges,
  patience: Patience,
): Promise<OpenPlan> {
  const { user, wish, tenant } = request;
  const { phones, masked } = await patience.read(() => edges.graph.listPhones(user.id));
  const first = changeFor(request, phones);
  let changes: readonly Change[] = [first];
  const written = first.kind === "create" || first.kind === "update";
  if (request.smsSignIn !== "leave" && wish.phoneType === "mobile" && written) {
    const kind = request.smsSignIn === "enable" ? "enableSms" : "disableSms";
    changes = [...changes, { ...first, kind, from: first.to, reason: "smsSignIn" }];
  }
  let leftWithoutMethod = false;
  if (first.kind === "delete") {
    const [methods, preferences] = await Promise.all([
      patience.read(() => edges.graph.listMethods(user.id)),
      patience.read(() => edges.graph.signInPreferences(user.id)),
    ]);
    const kept = keepMethods({
      changes,
      methods,
      defaultMethod: preferences?.default,
      allowLastMethod: true,
    });
    ({ changes, leftWithoutMethod } = kept);
  }
  const spool = openSpool<never>();
  const kinds = Object.fromEntries(changeKinds.map(kind => [kind, 0])) as Record<ChangeKind, number>;
  for (const change of order(changes)) {
    kinds[change.kind]++;
    spool.addChange(change);
  }
  const createdAt = edges.clock.wall();
  return planOf(
    {
      formatVersion: planFormatVersion,
      id: edges.newId(),
      tenantId: tenant.id,
      tenant,
      policy: wish.kind === "create" ? "add" : wish.kind === "delete" ? "remove" : "update",
      smsSignIn: request.smsSignIn,
      createdAt: new Date(createdAt).toISOString(),
      expiresAt: new Date(createdAt + request.maxAgeMs).toISOString(),
      counts: { rows: 1, users: 1, ...kinds, issues: 0, warnings: 0, outOfScope: 0, excluded: 0 },
      findings: {
        masked,
        maskedFits: first.reason === "maskedFits" ? 1 : 0,
        phonesHeld: phones.length,
        mobileNumbers: 0,
        mobileLandlines: 0,
        methodsUnknown: 0,
        leftWithoutMethod: leftWithoutMethod ? 1 : 0,
        ...(kinds.create + kinds.update === 0 ? {} : { delivery: unknownDelivery(edges) }),
      },
      source: `phone ${wish.kind}`,
    },
    spool,
  );
}

/** One number by hand does not look into the policies; the end of Microsoft's own delivery is said all the same. */
function unknownDelivery({ cloud = "global" }: Edges): Delivery {
  const endsOn = endOfDelivery(cloud);
  const known = endsOn === undefined ? {} : { endsOn };
  return { sms: "unknown", voice: "unknown", provider: "unknown", ...known };
}

function changeFor(request: PhonePlanRequest, phones: readonly ExistingPhone[]): Change {
  const { wish, user, typed } = request;
  const slot = slotOf(phones, wish.phoneType);
  const existing = phones.find(phone => phone.phoneType === wish.phoneType);
  const from = existing ? canonicalExisting(existing.phoneNumber) : null;
  const make = (kind: ChangeKind, reason: Reason, to: string | null): Change => ({
    kind,
    user: typed,
    userPrincipalName: user.userPrincipalName,
    userId: user.id,
    phoneType: wish.phoneType,
    from,
    to,
    reason,
    ref: { row: 1 },
    rows: [1],
  });
  switch (wish.kind) {
    case "create":
    case "update": {
      const same = existing !== undefined && sameNumber(existing.phoneNumber, wish.number);
      if (same) return make("unchanged", "sameNumber", wish.number);
      if (slot.kind === "masked" && maskedFits(slot.text, wish.number)) {
        return make("unchanged", "maskedFits", wish.number);
      }
      if (wish.kind === "create") {
        return existing
          ? make("refused", "otherNumber", wish.number)
          : make("create", "requested", wish.number);
      }
      if (!existing) throw notFound(request);
      return make("update", "requested", wish.number);
    }
    case "delete":
      if (!existing) throw notFound(request);
      return make("delete", "requested", null);
    case "enableSms":
    case "disableSms":
      if (!existing) throw notFound(request);
      return make(wish.kind, "requested", from);
  }
}

function notFound({ typed, wish }: PhonePlanRequest): PrepopError {
  return new PrepopError("PREPOP_PHONE_NOT_FOUND", { user: typed, phoneType: wish.phoneType });
}
