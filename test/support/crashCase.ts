import type { RunEnd } from "../../src/engine/run.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { Change, ChangeKind } from "../../src/model/change.ts";
import { changeKinds } from "../../src/model/change.ts";
import { defaultLimits, defaultPace } from "../../src/model/defaults.ts";
import type { Limits, PaceOptions } from "../../src/model/options.ts";
import type { PhoneType } from "../../src/model/phone.ts";
import { type Plan, planFormatVersion } from "../../src/model/plan.ts";
import type { Run } from "../../src/model/run.ts";
import type { FaultRule, SandboxUserView } from "../../src/sandbox/sandbox.ts";
import type { SeedUser } from "../../src/sandbox/user.ts";
import { testKey } from "./ledgerData.ts";
import type { Told } from "./truth.ts";

/** Invented users with something to do for most of them, and the plan that does it. */

const wanted = (index: number): string => `+31 61${String(index).padStart(7, "0")}`;
const former = (index: number): string => `+31 62${String(index).padStart(7, "0")}`;
const second = (index: number): string => `+31 63${String(index).padStart(7, "0")}`;

/** What each tenth user has, and what is to be done for him. */
const patterns: readonly {
  readonly held: (index: number) => { readonly [Type in PhoneType]?: string };
  readonly todo: (index: number) => readonly (readonly [kind: ChangeKind, type: PhoneType])[];
}[] = [
  { held: () => ({}), todo: () => [["create", "mobile"]] },
  { held: () => ({}), todo: () => [["create", "mobile"]] },
  { held: () => ({ office: "+31 201234567" }), todo: () => [["create", "mobile"]] },
  {
    held: () => ({}),
    todo: () => [
      ["create", "mobile"],
      ["create", "alternateMobile"],
    ],
  },
  { held: index => ({ mobile: former(index) }), todo: () => [["update", "mobile"]] },
  { held: index => ({ mobile: former(index) }), todo: () => [["update", "mobile"]] },
  { held: index => ({ mobile: former(index), office: "+31 201234567" }), todo: () => [["delete", "office"]] },
  {
    held: index => ({ mobile: former(index), alternateMobile: second(index) }),
    todo: () => [
      ["delete", "alternateMobile"],
      ["delete", "mobile"],
    ],
  },
  {
    held: () => ({}),
    todo: () => [
      ["create", "mobile"],
      ["disableSms", "mobile"],
    ],
  },
  { held: index => ({ mobile: wanted(index) }), todo: () => [["unchanged", "mobile"]] },
];

export function seedUsers(count: number): SeedUser[] {
  return Array.from({ length: count }, (_, index) => ({
    userPrincipalName: `user${String(index).padStart(6, "0")}@contoso.com`,
    otherMethods: ["password", "microsoftAuthenticator"],
    phones: patterns[index % patterns.length]?.held(index) ?? {},
  }));
}

/** The list that asks for the same under policy mirror (but for SMS sign-in), as CSV. */
export function rosterFor(count: number): string {
  const rows = seedUsers(count).map(({ userPrincipalName, phones = {} }, index) => {
    const wish: Record<string, string | undefined> = { ...phones };
    for (const [kind, type] of patterns[index % patterns.length]?.todo(index) ?? []) {
      if (kind === "delete") delete wish[type];
      else if (kind !== "disableSms") wish[type] = type === "mobile" ? wanted(index) : second(index);
    }
    return [userPrincipalName, wish.mobile, wish.alternateMobile, wish.office]
      .map(cell => cell ?? "")
      .join(",");
  });
  return `${["userPrincipalName,mobile,alternateMobile,office", ...rows].join("\n")}\n`;
}

/** The plan for users as `seedUsers` made them. */
export function planFor(users: readonly SandboxUserView[], tenantId: string, createdAt: number): Plan {
  const changes = users.flatMap((user, index) =>
    (patterns[index % patterns.length]?.todo(index) ?? []).map(([kind, phoneType]) =>
      changeFor(user, index, kind, phoneType, phoneType === "mobile" ? wanted(index) : second(index)),
    ),
  );
  return planOf(changes, users, tenantId, createdAt);
}

/** One change of the `index`-th user from what he has now; SMS sign-in is changed for `number`. */
export function changeFor(
  user: SandboxUserView,
  index: number,
  kind: ChangeKind,
  phoneType: PhoneType,
  number: string,
): Change {
  const sms = kind === "disableSms" || kind === "enableSms";
  return {
    kind,
    user: user.userPrincipalName,
    userPrincipalName: user.userPrincipalName,
    userId: user.id,
    phoneType,
    from: sms ? number : (user.phones[phoneType]?.phoneNumber ?? null),
    to: kind === "delete" ? null : number,
    reason: sms ? "smsSignIn" : kind === "create" ? "emptySlot" : "otherNumber",
    ref: { row: index + 2 },
    rows: [index + 2],
  };
}

/** A plan of these changes, as `prepop plan` would make it. */
export function planOf(
  changes: readonly Change[],
  users: readonly SandboxUserView[],
  tenantId: string,
  createdAt: number,
): Plan {
  const kinds = Object.fromEntries(changeKinds.map(kind => [kind, 0])) as Record<ChangeKind, number>;
  for (const { kind } of changes) kinds[kind]++;
  return {
    header: {
      formatVersion: planFormatVersion,
      id: "plan-1",
      tenantId,
      tenant: { id: tenantId, source: "organization" },
      policy: "mirror",
      smsSignIn: "disable",
      createdAt: new Date(createdAt).toISOString(),
      expiresAt: new Date(createdAt + 86_400_000).toISOString(),
      counts: {
        ...kinds,
        rows: users.length,
        users: users.length,
        issues: 0,
        warnings: 0,
        outOfScope: 0,
        excluded: 0,
      },
      findings: {
        masked: false,
        maskedFits: 0,
        phonesHeld: users.length,
        mobileNumbers: users.length,
        mobileLandlines: 0,
        methodsUnknown: 0,
        leftWithoutMethod: 0,
      },
      source: "phones.xlsx",
    },
    digest: "0".repeat(64),
    changes: () => changes,
    issues: () => [],
  };
}

/** Guards that let everything through, and the pace without a limit of its own. */
export const openLimits: Limits = {
  ...defaultLimits,
  maxChange: { kind: "percent", value: 100 },
  maxDelete: 1_000_000,
  stopAtFailures: { kind: "percent", value: 100 },
};

export const crashPace: PaceOptions = { ...defaultPace, concurrency: 4, rate: 0 };

/** Every kind of fault that leaves a write's fate open or its answer late, each for a few in a hundred. */
export function faultMix(random: () => number, stalenessMs: number): FaultRule[] {
  const writes = { effect: "write" as const };
  const share = (): number => 0.01 + random() * 0.04;
  return [
    ...(
      [
        "committedThenTimeout",
        "committedThenReset",
        "committedThen504",
        "committedThen409",
        "committedThen503",
        "committedThen500",
        "committedThen408",
        "resetBefore",
        "timeoutBefore",
        "serverError",
        "gatewayTimeout",
        "unavailable",
        "unreadableBody",
      ] as const
    ).map((kind): FaultRule => ({ kind, probability: share() / 2, match: writes })),
    { kind: "throttled", probability: share(), match: writes, retryAfter: 1 },
    { kind: "throttled", probability: share() / 2, match: { effect: "read" }, retryAfter: "missing" },
    { kind: "unavailable", probability: share(), match: { effect: "read" } },
    { kind: "resetBefore", probability: share(), match: { effect: "read" } },
    { kind: "batchMissingItems", probability: share(), items: 3 },
    { kind: "batchFailsMidway", probability: share() },
    { kind: "batchOuter424", probability: share() },
    { kind: "batchDuplicatedAnswers", probability: share() },
    ...(stalenessMs > 0
      ? [{ kind: "staleReads", ms: stalenessMs, probability: 0.4 } satisfies FaultRule]
      : []),
  ];
}

/** What a ledger says at the end. */
export function toldIn(home: string, runId: string): readonly Told[] {
  const ledger = openLedger({ home, key: testKey });
  try {
    return [...ledger.outcomes(runId)].map(({ entry, outcome }) => ({ change: entry, outcome }));
  } finally {
    ledger.close();
  }
}

/** The newest run in a ledger that a crash left. */
export type LeftBehind = {
  readonly run: Run;
  /** Entries without an outcome, and those of them that were in flight. */
  readonly open: number;
  readonly inFlight: number;
};

export function leftBehind(home: string): LeftBehind | undefined {
  const ledger = openLedger({ home, key: testKey });
  try {
    for (const run of ledger.runs()) {
      const open = [...ledger.outcomes(run.id)].filter(({ outcome }) => outcome === undefined);
      return { run, open: open.length, inFlight: open.filter(({ entry }) => entry.state === "sent").length };
    }
    return undefined;
  } finally {
    ledger.close();
  }
}

export function isOver({ state }: Pick<RunEnd, "state">): boolean {
  return state === "done";
}
