import assert from "node:assert/strict";
import { test } from "node:test";
import { type Reconciled, reconcile, type Wanted } from "../../src/decide/reconcile.ts";
import type { Policy } from "../../src/model/change.ts";
import type { PlanOptions } from "../../src/model/options.ts";
import { type PhoneNumber, type PhoneType, phoneTypes } from "../../src/model/phone.ts";
import type { DesiredPhone } from "../../src/model/row.ts";
import { held, phoneOf, third, wanted } from "./build.ts";

/** What the roster says of each type (unmapped where nothing is said) and what Entra holds. */
type Roster = Partial<Readonly<Record<PhoneType, PhoneNumber | "blank" | "unusable">>>;
type Holds = Partial<Readonly<Record<PhoneType, string>>>;

function decide(
  policy: Policy,
  roster: Roster,
  holds: Holds,
  options: Partial<PlanOptions> = {},
): Reconciled {
  return reconcile({
    rosterUser: "Adele",
    user: { id: "user-1", userPrincipalName: "adele@contoso.com" },
    wanted: {
      mobile: askedFor(roster.mobile, 2),
      alternateMobile: askedFor(roster.alternateMobile, 3),
      office: askedFor(roster.office, 4),
    },
    existing: phoneTypes.flatMap(type => (holds[type] === undefined ? [] : [phoneOf(holds[type], type)])),
    options: { policy, smsSignIn: "leave", ...options },
  });
}

function askedFor(said: Roster[PhoneType], row: number): Wanted {
  return { desired: desiredOf(said), ref: { row }, rows: [row, row + 10] };
}

function desiredOf(said: Roster[PhoneType]): DesiredPhone {
  if (said === undefined) return { kind: "unmapped" };
  if (said === "blank") return { kind: "blank" };
  if (said === "unusable") return { kind: "unusable" };
  return { kind: "number", number: said, landline: false };
}

/** A change in a few words. */
function words({ changes }: Reconciled): readonly string[] {
  return changes.map(
    ({ kind, phoneType, from, to, reason }) =>
      `${kind} ${phoneType} ${from ?? "none"} > ${to ?? "none"}: ${reason}`,
  );
}

const masked = "+31 XXXXXXX02";
const maskedOther = "+31 XXXXXXX99";
const create = `create mobile none > ${wanted}: emptySlot`;
const update = `update mobile ${held} > ${wanted}: otherNumber`;
const same = `unchanged mobile ${wanted} > ${wanted}: sameNumber`;

/** The table of rules.md (policies), and what it says of masked reads. */
const mobileRows: readonly (readonly [Policy, Roster["mobile"], Holds["mobile"], string | undefined])[] = [
  ["add", wanted, undefined, create],
  ["update", wanted, undefined, create],
  ["mirror", wanted, undefined, create],
  ["remove", wanted, undefined, "unchanged mobile none > none: notThere"],
  ["add", wanted, wanted, same],
  ["update", wanted, wanted, same],
  ["mirror", wanted, wanted, same],
  ["update", wanted, "+31612345602", same],
  ["remove", wanted, wanted, `delete mobile ${wanted} > none: listed`],
  ["add", wanted, held, `kept mobile ${held} > ${wanted}: otherNumber`],
  ["update", wanted, held, update],
  ["mirror", wanted, held, update],
  ["remove", wanted, held, `refused mobile ${held} > none: otherNumber`],
  ["add", "blank", held, undefined],
  ["update", "blank", held, undefined],
  ["mirror", "blank", held, `delete mobile ${held} > none: blankCell`],
  ["mirror", "blank", masked, `delete mobile ${masked} > none: blankCell`],
  ["mirror", "blank", undefined, undefined],
  ["remove", "blank", held, undefined],
  ["add", "unusable", held, undefined],
  ["update", "unusable", held, undefined],
  ["mirror", "unusable", held, undefined],
  ["remove", "unusable", held, undefined],
  ["add", undefined, held, undefined],
  ["update", undefined, held, undefined],
  ["mirror", undefined, held, undefined],
  ["remove", undefined, held, undefined],
  ["update", wanted, masked, `unchanged mobile ${masked} > ${wanted}: maskedFits`],
  ["add", wanted, masked, `unchanged mobile ${masked} > ${wanted}: maskedFits`],
  ["update", wanted, maskedOther, `refused mobile ${maskedOther} > ${wanted}: masked`],
  ["mirror", wanted, maskedOther, `refused mobile ${maskedOther} > ${wanted}: masked`],
  ["add", wanted, maskedOther, `kept mobile ${maskedOther} > ${wanted}: otherNumber`],
  ["remove", wanted, masked, `refused mobile ${masked} > none: masked`],
  ["remove", wanted, maskedOther, `refused mobile ${maskedOther} > none: otherNumber`],
];

for (const [policy, said, holds, expected] of mobileRows) {
  test(`${policy}: ${said ?? "no column"} where Entra holds ${holds ?? "nothing"} is ${expected ?? "nothing to do"}`, () => {
    const decided = decide(policy, said ? { mobile: said } : {}, holds ? { mobile: holds } : {});
    assert.deepEqual(words(decided), expected === undefined ? [] : [expected]);
    assert.equal(decided.alternateWithoutMobile, undefined);
  });
}

test("a change says whose it is, and which rows asked for it", () => {
  assert.deepEqual(decide("update", { mobile: wanted }, { mobile: held }), {
    changes: [
      {
        kind: "update",
        user: "Adele",
        userPrincipalName: "adele@contoso.com",
        userId: "user-1",
        phoneType: "mobile",
        from: held,
        to: wanted,
        reason: "otherNumber",
        ref: { row: 2 },
        rows: [2, 12],
      },
    ],
  });
});

test("what Entra holds is noted in the canonical form", () => {
  assert.deepEqual(words(decide("update", { mobile: wanted }, { mobile: "+31612345601" })), [update]);
});

type Case = {
  readonly name: string;
  readonly policy: Policy;
  readonly roster: Roster;
  readonly holds: Holds;
  readonly options?: Partial<PlanOptions>;
  readonly changes: readonly string[];
  /** Whether the alternateMobile is an issue, because no mobile will be there. */
  readonly alone?: true;
};

const all: Holds = { mobile: held, alternateMobile: wanted, office: third };
const cases: readonly Case[] = [
  {
    name: "a masked number that does not fit is replaced where that is asked for",
    policy: "update",
    roster: { mobile: wanted },
    holds: { mobile: maskedOther },
    options: { overwriteMasked: true },
    changes: [`update mobile ${maskedOther} > ${wanted}: otherNumber`],
  },
  {
    name: "a masked number that fits stays, whatever is asked for",
    policy: "update",
    roster: { mobile: wanted },
    holds: { mobile: masked },
    options: { overwriteMasked: true },
    changes: [`unchanged mobile ${masked} > ${wanted}: maskedFits`],
  },
  {
    name: "remove by slot takes the types that are named and no others",
    policy: "remove",
    roster: {},
    holds: all,
    options: { types: ["alternateMobile", "office"] },
    changes: [`delete alternateMobile ${wanted} > none: listed`, `delete office ${third} > none: listed`],
  },
  {
    name: "remove by slot does nothing about an empty slot",
    policy: "remove",
    roster: {},
    holds: {},
    options: { types: ["mobile", "office"] },
    changes: [],
  },
  {
    name: "types mean nothing under another policy",
    policy: "mirror",
    roster: {},
    holds: all,
    options: { types: ["mobile", "alternateMobile", "office"] },
    changes: [],
  },
  {
    name: "each type is decided by its own cell",
    policy: "mirror",
    roster: { mobile: wanted, alternateMobile: "blank", office: third },
    holds: { mobile: held, alternateMobile: third },
    changes: [
      update,
      `delete alternateMobile ${third} > none: blankCell`,
      `create office none > ${third}: emptySlot`,
    ],
  },
  {
    name: "an alternateMobile is created beside the mobile that the same row brings",
    policy: "add",
    roster: { mobile: wanted, alternateMobile: third },
    holds: {},
    changes: [create, `create alternateMobile none > ${third}: emptySlot`],
  },
  {
    name: "an alternateMobile is created beside the mobile that is there",
    policy: "add",
    roster: { alternateMobile: third },
    holds: { mobile: held },
    changes: [`create alternateMobile none > ${third}: emptySlot`],
  },
  {
    name: "an alternateMobile is created beside a mobile that is kept, updated or masked",
    policy: "update",
    roster: { mobile: wanted, alternateMobile: third },
    holds: { mobile: held },
    changes: [update, `create alternateMobile none > ${third}: emptySlot`],
  },
  {
    name: "an alternateMobile for a user who has no mobile and gets none is an issue and no change",
    policy: "update",
    roster: { alternateMobile: third },
    holds: {},
    changes: [],
    alone: true,
  },
  {
    name: "so it is where the mobile cell cannot be used",
    policy: "mirror",
    roster: { mobile: "unusable", alternateMobile: third },
    holds: {},
    changes: [],
    alone: true,
  },
  {
    name: "an alternateMobile whose mobile the same row removes is an issue, and the mobile goes",
    policy: "mirror",
    roster: { mobile: "blank", alternateMobile: third },
    holds: { mobile: held },
    changes: [`delete mobile ${held} > none: blankCell`],
    alone: true,
  },
  {
    name: "an alternateMobile that is there keeps the mobile, which Graph would not remove",
    policy: "mirror",
    roster: { mobile: "blank", alternateMobile: third },
    holds: { mobile: held, alternateMobile: third },
    changes: [
      `refused mobile ${held} > none: alternateNeedsMobile`,
      `unchanged alternateMobile ${third} > ${third}: sameNumber`,
    ],
    alone: true,
  },
  {
    name: "another alternateMobile is not written where the mobile is to go, and keeps the mobile",
    policy: "mirror",
    roster: { mobile: "blank", alternateMobile: third },
    holds: { mobile: held, alternateMobile: wanted },
    changes: [`refused mobile ${held} > none: alternateNeedsMobile`],
    alone: true,
  },
  {
    name: "an alternateMobile that no column speaks of keeps the mobile",
    policy: "mirror",
    roster: { mobile: "blank" },
    holds: { mobile: held, alternateMobile: wanted },
    changes: [`refused mobile ${held} > none: alternateNeedsMobile`],
  },
  {
    name: "both go together",
    policy: "mirror",
    roster: { mobile: "blank", alternateMobile: "blank" },
    holds: { mobile: held, alternateMobile: wanted },
    changes: [
      `delete mobile ${held} > none: blankCell`,
      `delete alternateMobile ${wanted} > none: blankCell`,
    ],
  },
  {
    name: "remove: a mobile stays while an alternateMobile does",
    policy: "remove",
    roster: { mobile: held },
    holds: { mobile: held, alternateMobile: wanted },
    changes: [`refused mobile ${held} > none: alternateNeedsMobile`],
  },
  {
    name: "remove: a listed alternateMobile of a user without mobile is no issue, it is simply not there",
    policy: "remove",
    roster: { alternateMobile: third },
    holds: {},
    changes: ["unchanged alternateMobile none > none: notThere"],
  },
  {
    name: "an alternateMobile that is there without a mobile is an issue, and stays as it is",
    policy: "update",
    roster: { alternateMobile: third },
    holds: { alternateMobile: third },
    changes: [`unchanged alternateMobile ${third} > ${third}: sameNumber`],
    alone: true,
  },
  {
    name: "add keeps another alternateMobile, mobile or not",
    policy: "add",
    roster: { alternateMobile: third },
    holds: { alternateMobile: wanted },
    changes: [`kept alternateMobile ${wanted} > ${third}: otherNumber`],
    alone: true,
  },
  {
    name: "SMS sign-in is enabled after a create",
    policy: "add",
    roster: { mobile: wanted },
    holds: {},
    options: { smsSignIn: "enable" },
    changes: [create, `enableSms mobile ${wanted} > ${wanted}: smsSignIn`],
  },
  {
    name: "SMS sign-in is disabled after an update",
    policy: "update",
    roster: { mobile: wanted },
    holds: { mobile: held },
    options: { smsSignIn: "disable" },
    changes: [update, `disableSms mobile ${wanted} > ${wanted}: smsSignIn`],
  },
  {
    name: "SMS sign-in of a mobile that is not written is left alone",
    policy: "update",
    roster: { mobile: wanted, office: third },
    holds: { mobile: wanted },
    options: { smsSignIn: "enable" },
    changes: [same, `create office none > ${third}: emptySlot`],
  },
  {
    name: "SMS sign-in of a mobile that goes is left alone",
    policy: "mirror",
    roster: { mobile: "blank" },
    holds: { mobile: held },
    options: { smsSignIn: "disable" },
    changes: [`delete mobile ${held} > none: blankCell`],
  },
  {
    name: "SMS sign-in without a mobile column is left alone",
    policy: "update",
    roster: { office: third },
    holds: {},
    options: { smsSignIn: "enable" },
    changes: [`create office none > ${third}: emptySlot`],
  },
];

for (const { name, policy, roster, holds, options, changes, alone } of cases) {
  test(`${policy}: ${name}`, () => {
    const decided = decide(policy, roster, holds, options);
    assert.deepEqual(words(decided), changes);
    assert.deepEqual(decided.alternateWithoutMobile, alone ? askedFor(roster.alternateMobile, 3) : undefined);
  });
}
