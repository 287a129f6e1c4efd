import assert from "node:assert/strict";
import { test } from "node:test";
import {
  confirms,
  guardPlan,
  limitText,
  manyLandlines,
  needsConfirmation,
  tooManyFailures,
} from "../../src/decide/guard.ts";
import type { Policy } from "../../src/model/change.ts";
import type { Limit, Limits } from "../../src/model/options.ts";
import type { PlanFindings, PlanHeader } from "../../src/model/plan.ts";
import type { Tenant } from "../../src/model/user.ts";

type Given = {
  readonly policy?: Policy;
  readonly counts?: Partial<PlanHeader["counts"]>;
  readonly findings?: Partial<PlanFindings>;
  readonly tenant?: Tenant;
};

function headerOf({ policy = "update", counts, findings, tenant }: Given): PlanHeader {
  return {
    formatVersion: 1,
    id: "plan-1",
    tenantId: "T-1",
    tenant: tenant ?? { id: "T-1", domain: "Contoso.com", source: "organization" },
    policy,
    smsSignIn: "leave",
    createdAt: "2026-07-01T12:00:00Z",
    expiresAt: "2026-07-02T12:00:00Z",
    source: "list.csv",
    counts: {
      create: 0,
      update: 0,
      delete: 0,
      unchanged: 0,
      kept: 0,
      refused: 0,
      enableSms: 0,
      disableSms: 0,
      rows: 0,
      users: 0,
      issues: 0,
      warnings: 0,
      outOfScope: 0,
      excluded: 0,
      ...counts,
    },
    findings: {
      masked: false,
      maskedFits: 0,
      phonesHeld: 0,
      mobileNumbers: 0,
      mobileLandlines: 0,
      methodsUnknown: 0,
      leftWithoutMethod: 0,
      ...findings,
    },
  };
}

const percent = (value: number): Limit => ({ kind: "percent", value });
const count = (value: number): Limit => ({ kind: "count", value });
const limits: Limits = {
  maxChange: percent(30),
  stopAtFailures: percent(5),
  maxAgeMs: 86_400_000,
  force: false,
};

const maxChange = "PREPOP_GUARD_MAX_CHANGE";
const landlines = "PREPOP_GUARD_LANDLINES";
const maxDelete = "PREPOP_GUARD_MAX_DELETE";
const half: Partial<PlanFindings> = { mobileNumbers: 10, mobileLandlines: 6 };

const rows: readonly (readonly [string, Given, Partial<Limits>, string | undefined])[] = [
  ["nothing to change", {}, {}, undefined],
  ["30 % of the phones held", { counts: { update: 3 }, findings: { phonesHeld: 10 } }, {}, undefined],
  ["more than 30 %", { counts: { update: 4 }, findings: { phonesHeld: 10 } }, {}, maxChange],
  [
    "updates and deletes together",
    { counts: { update: 2, delete: 2 }, findings: { phonesHeld: 10 } },
    {},
    maxChange,
  ],
  ["a creation is no change", { counts: { create: 90 }, findings: { phonesHeld: 10 } }, {}, undefined],
  ["a share of fewer than 10 phones", { counts: { update: 9 }, findings: { phonesHeld: 9 } }, {}, undefined],
  [
    "a number, reached",
    { counts: { update: 5 }, findings: { phonesHeld: 10 } },
    { maxChange: count(5) },
    undefined,
  ],
  [
    "a number, exceeded",
    { counts: { update: 6 }, findings: { phonesHeld: 10 } },
    { maxChange: count(5) },
    maxChange,
  ],
  [
    "under remove --max-delete rules",
    { policy: "remove", counts: { delete: 9 }, findings: { phonesHeld: 10 } },
    {},
    undefined,
  ],
  ["--force lifts it", { counts: { update: 9 }, findings: { phonesHeld: 10 } }, { force: true }, undefined],
  ["more than half of 10 mobile numbers are fixed lines", { findings: half }, {}, landlines],
  ["--force lifts that, too", { findings: half }, { force: true }, undefined],
  ["deletes up to --max-delete", { counts: { delete: 2 } }, { maxDelete: 2 }, undefined],
  ["deletes beyond it", { counts: { delete: 3 } }, { maxDelete: 2 }, maxDelete],
  ["--force does not lift that", { counts: { delete: 3 } }, { maxDelete: 2, force: true }, maxDelete],
  ["no --max-delete", { counts: { delete: 9_000 } }, {}, undefined],
  [
    "the share is said first",
    { counts: { delete: 9 }, findings: { phonesHeld: 10, ...half } },
    { maxDelete: 2 },
    maxChange,
  ],
  ["then the fixed lines", { counts: { delete: 9 }, findings: half }, { maxDelete: 2 }, landlines],
];

for (const [name, given, more, code] of rows) {
  test(`guards: ${name}: ${code ?? "may go on"}`, () => {
    assert.equal(guardPlan(headerOf(given), { ...limits, ...more })?.code, code);
  });
}

test("a refusal says how much there is and how much may be", () => {
  const change = guardPlan(
    headerOf({ counts: { update: 2, delete: 3 }, findings: { phonesHeld: 12 } }),
    limits,
  );
  assert.deepEqual(change?.facts, { count: 5, held: 12, share: 42, limit: "30 %" });
  const lines = guardPlan(headerOf({ findings: half }), limits);
  assert.deepEqual(lines?.facts, { landlines: 6, numbers: 10 });
  const deletes = guardPlan(headerOf({ counts: { delete: 3 } }), { ...limits, maxDelete: 2 });
  assert.deepEqual(deletes?.facts, { count: 3, limit: 2 });
});

for (const [numbers, lines, many] of [
  [10, 6, true],
  [10, 5, false],
  [9, 9, false],
  [11, 6, true],
] as const) {
  test(`${lines} fixed lines among ${numbers} mobile numbers are ${many ? "many" : "not many"}`, () => {
    const findings = { ...headerOf({}).findings, mobileNumbers: numbers, mobileLandlines: lines };
    assert.equal(manyLandlines({ findings }), many);
  });
}

test("more than ten deletes need the domain typed, or the id where no domain is known", () => {
  assert.equal(needsConfirmation(headerOf({ counts: { delete: 10 } })), undefined);
  assert.equal(needsConfirmation(headerOf({ counts: { delete: 11 } })), "Contoso.com");
  const tenant: Tenant = { id: "T-1", source: "signIn" };
  assert.equal(needsConfirmation(headerOf({ counts: { delete: 11 }, tenant })), "T-1");
});

for (const [typed, does] of [
  ["contoso.com", true],
  [" CONTOSO.COM ", true],
  ["t-1", true],
  ["T-1", true],
  ["fabrikam.com", false],
  ["contoso", false],
  ["", false],
  ["  ", false],
  [undefined, false],
] as const) {
  test(`${JSON.stringify(typed)} ${does ? "confirms" : "does not confirm"} the tenant`, () => {
    assert.equal(confirms(headerOf({}), typed), does);
  });
}

test("each of a tenant's domains confirms it", () => {
  const header = headerOf({
    tenant: {
      id: "T-1",
      domain: "contoso.com",
      domains: ["contoso.com", "Contoso.onmicrosoft.com"],
      source: "organization",
    },
  });
  assert.equal(confirms(header, "contoso.onmicrosoft.COM"), true);
  assert.equal(confirms(header, "fabrikam.com"), false);
});

test("a tenant without a domain is confirmed by its id, and not by an empty answer", () => {
  const header = headerOf({ tenant: { id: "T-1", source: "signIn" } });
  assert.equal(confirms(header, "t-1"), true);
  assert.equal(confirms(header, undefined), false);
  assert.equal(confirms(header, "undefined"), false);
});

for (const [bad, finished, limit, stop] of [
  [3, 50, percent(5), true],
  [2, 50, percent(4), false],
  [49, 49, percent(5), false],
  [50, 1_000, percent(5), false],
  [51, 1_000, percent(5), true],
  [3, 3, count(2), true],
  [2, 1_000, count(2), false],
] as const) {
  test(`${bad} of ${finished} that went wrong, at most ${limitText(limit)}: ${stop ? "stop" : "go on"}`, () => {
    assert.equal(tooManyFailures(bad, finished, limit), stop);
  });
}

test("a limit is written as it was given", () => {
  assert.equal(limitText(percent(12.5)), "12.5 %");
  assert.equal(limitText(count(12)), "12");
});
