import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, type Examined } from "../../../src/decide/health/diagnose.ts";
import type { Machine } from "../../../src/decide/health/machineChecks.ts";
import type { Cloud } from "../../../src/model/clouds.ts";
import { cloudNames } from "../../../src/model/clouds.ts";
import type { Check, Health, MethodPolicy, TokenFacts } from "../../../src/model/health.ts";
import type { Actor, Tenant } from "../../../src/model/user.ts";

const everything = [
  "UserAuthMethod-Phone.ReadWrite.All",
  "User.Read.All",
  "UserAuthenticationMethod.Read.All",
  "AuditLog.Read.All",
  "GroupMember.Read.All",
];
const app: TokenFacts = { kind: "application", permissions: everything };
const person = (...roleIds: string[]): TokenFacts => ({
  kind: "delegated",
  permissions: everything,
  roleIds,
});
const authenticationAdministrator = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
const privileged = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";

const policy: MethodPolicy = {
  enabled: true,
  targets: [{ id: "all_users", usableForSignIn: false }],
  excluded: [],
};
const read = <Value>(value: Value) => ({ kind: "read", value }) as const;
const refused = (status: number) => ({ kind: "refused", status, why: "Insufficient privileges." }) as const;

const well: Health = {
  token: app,
  tenantType: read("AAD"),
  users: read({ count: 10, withDetails: true }),
  phones: read({ seen: 1, masked: false }),
  methods: read(true),
  preferences: read(true),
  sms: read({ ...policy, provider: { evaluation: false, percent: 100 } }),
  voice: read({ ...policy, officePhones: true }),
  report: read(true),
  groups: read(true),
  licences: read(["AAD_PREMIUM"]),
  clockAheadMs: 400,
};
const machine: Machine = {
  clockAheadMs: 400,
  proxy: undefined,
  extraAuthorities: undefined,
  certificate: undefined,
  ledger: { kind: "healthy", runs: 3, unfinished: 0 },
};

type Case = {
  readonly health?: Partial<Health>;
  readonly machine?: Partial<Machine>;
  readonly cloud?: Cloud;
  readonly today?: string;
};

function checksOf({
  health,
  machine: other,
  cloud = "global",
  today = "2026-11-24",
}: Case): readonly Check[] {
  const tenant = {
    id: "0ec81195-112f-56df-a114-92cdaeb941c1",
    domain: "contoso.com",
    source: "signIn",
  } as const;
  const actor = { name: "prepop", kind: "application" } as const;
  const examined: Examined = { kind: "signedIn", tenant, actor, health: { ...well, ...health } };
  return diagnose(examined, { ...machine, ...other }, cloud, today);
}

const withoutProvider = { sms: read(policy), voice: read(policy) };

/** Each check as it is seen well, with a warning and, where it can stand in the way, blocking. */
const seen: readonly (Case & {
  readonly check: string;
  readonly is: Check["status"];
  readonly says: RegExp;
})[] = [
  { check: "sign-in", is: "ok", says: /contoso\.com, 0ec81195/ },
  { check: "write phones", is: "ok", says: /the narrowest/ },
  {
    check: "write phones",
    health: { token: { ...app, permissions: ["UserAuthenticationMethod.ReadWrite.All"] } },
    is: "ok",
    says: /would be narrower/,
  },
  { check: "write phones", health: { token: undefined }, is: "warn", says: /does not say/ },
  {
    check: "write phones",
    health: { token: { ...app, permissions: ["User.Read.All"] } },
    is: "block",
    says: /application permission UserAuthMethod-Phone\.ReadWrite\.All/,
  },
  { check: "role", is: "ok", says: /no directory role/ },
  { check: "role", health: { token: person(privileged) }, is: "ok", says: /administrators included/ },
  {
    check: "role",
    health: { token: person("62e90394-69f5-4237-9190-012177145e10") },
    is: "ok",
    says: /administrators included/,
  },
  { check: "role", health: { token: person(authenticationAdministrator) }, is: "warn", says: /masked/ },
  { check: "role", health: { token: { ...app, kind: "delegated" } }, is: "warn", says: /does not say/ },
  { check: "role", health: { token: person() }, is: "block", says: /no directory role that may write/ },
  { check: "find users", is: "ok", says: /usageLocation/ },
  {
    check: "find users",
    health: { token: { ...app, permissions: [] }, users: read({ count: 3, withDetails: false }) },
    is: "warn",
    says: /--region/,
  },
  {
    check: "find users",
    health: { users: read({ count: 0, withDetails: false }) },
    is: "warn",
    says: /no users/,
  },
  {
    check: "find users",
    health: { token: person(privileged), users: refused(404) },
    is: "warn",
    says: /HTTP 404/,
  },
  {
    check: "find users",
    health: { token: { ...app, permissions: [] }, users: refused(403) },
    is: "block",
    says: /HTTP 403/,
  },
  {
    check: "find users",
    health: { token: { ...app, permissions: ["User.ReadBasic.All"] }, users: refused(403) },
    is: "warn",
    says: /cannot be listed \(HTTP 403: Insufficient privileges\),/,
  },
  {
    check: "find users",
    health: { token: undefined, users: refused(403) },
    is: "warn",
    says: /cannot be listed/,
  },
  {
    check: "find users",
    health: { token: { ...app, permissions: [] }, users: refused(404) },
    is: "warn",
    says: /cannot be listed/,
  },
  {
    check: "find users",
    health: { users: { kind: "refused", why: "No answer came." } },
    is: "warn",
    says: /cannot be listed \(No answer came\.\),/,
  },
  {
    check: "find users",
    health: { users: { kind: "refused", status: 404, why: "Not v1.0 of it." } },
    is: "warn",
    says: /\(HTTP 404: Not v1\.0 of it\),/,
  },
  {
    check: "find users",
    health: { users: read({ count: 3, withDetails: false }) },
    is: "ok",
    says: /None of the first has/,
  },
  {
    check: "find users",
    health: { token: undefined, users: read({ count: 3, withDetails: false }) },
    is: "warn",
    says: /Grant the permission User\.Read\.All/,
  },
  {
    check: "find users",
    health: { token: { ...person(), permissions: [] }, users: read({ count: 3, withDetails: false }) },
    is: "warn",
    says: /Grant the delegated permission User\.Read\.All/,
  },
  { check: "find users", is: "ok", says: /with employeeId/ },
  {
    check: "write phones",
    health: { token: { kind: "unknown", permissions: everything } },
    is: "warn",
    says: /does not say/,
  },
  { check: "masked reads", is: "ok", says: /in full/ },
  {
    check: "masked reads",
    health: { phones: read({ seen: 1, masked: true }) },
    is: "warn",
    says: /undo has nothing/,
  },
  {
    check: "masked reads",
    health: { phones: read({ seen: 0, masked: false }) },
    is: "warn",
    says: /not seen/,
  },
  { check: "masked reads", health: { phones: refused(403) }, is: "block", says: /cannot be read/ },
  { check: "other methods", is: "ok", says: /^The other methods of a user can be read/ },
  {
    check: "other methods",
    health: { methods: refused(403) },
    is: "warn",
    says: /UserAuthenticationMethod\.Read\.All/,
  },
  { check: "default method", is: "ok", says: /beta/ },
  { check: "default method", health: { preferences: refused(404) }, is: "warn", says: /does without/ },
  { check: "registration report", is: "ok", says: /^The registration report can be read/ },
  { check: "registration report", health: { report: refused(403) }, is: "warn", says: /AuditLog\.Read\.All/ },
  { check: "groups", is: "ok", says: /--group/ },
  { check: "groups", health: { groups: refused(403) }, is: "warn", says: /GroupMember\.Read\.All/ },
  {
    check: "tenant kind",
    health: { tenantType: refused(403) },
    is: "warn",
    says: /kind of tenant this is \(HTTP 403: Insufficient privileges\)\./,
  },
  { check: "tenant kind", health: { tenantType: read(undefined) }, is: "warn", says: /tenant this is\./ },
  { check: "tenant kind", is: "ok", says: /workforce/ },
  { check: "tenant kind", health: { tenantType: read(undefined) }, is: "warn", says: /does not say/ },
  { check: "tenant kind", health: { tenantType: read("AAD B2C") }, is: "block", says: /B2C/ },
  { check: "tenant kind", health: { tenantType: read("CIAM") }, is: "block", says: /External ID/ },
  { check: "cloud", is: "ok", says: /global/ },
  { check: "cloud", is: "ok", says: /^The global cloud has/ },
  { check: "cloud", cloud: "china", is: "warn", says: /switched on or off, the policy for text messages/ },
  { check: "cloud", cloud: "china", is: "warn", says: /SMS sign-in cannot be switched/ },
  { check: "SMS policy", is: "ok", says: /all users, not for sign-in/ },
  {
    check: "SMS policy",
    health: { sms: read({ ...policy, targets: [{ id: "g", usableForSignIn: true }], excluded: ["h"] }) },
    is: "warn",
    says: /one group, except one group, and usable for sign-in.*--sms-sign-in disable/s,
  },
  {
    check: "SMS policy",
    health: { sms: read({ ...policy, enabled: false }) },
    is: "warn",
    says: /switched off/,
  },
  {
    check: "SMS policy",
    health: { sms: refused(403) },
    is: "warn",
    says: /Policy\.Read\.AuthenticationMethod/,
  },
  {
    check: "SMS policy",
    health: { sms: refused(404) },
    cloud: "china",
    is: "warn",
    says: /does not have it/,
  },
  {
    check: "SMS policy",
    health: {
      sms: read({
        ...policy,
        targets: [
          { id: "g", usableForSignIn: false },
          { id: "h", usableForSignIn: true },
        ],
        excluded: ["x", "y"],
      }),
    },
    is: "warn",
    says: /2 groups, except 2 groups, and usable for sign-in/,
  },
  {
    check: "SMS policy",
    health: {
      sms: read({
        ...policy,
        targets: [
          { id: "g", usableForSignIn: false },
          { id: "all_users", usableForSignIn: false },
        ],
      }),
    },
    is: "ok",
    says: /all users, not for sign-in/,
  },
  { check: "voice policy", is: "ok", says: /office phones too/ },
  {
    check: "voice policy",
    health: { voice: read(policy) },
    is: "ok",
    says: /on for all users\. $/,
  },
  {
    check: "voice policy",
    health: { voice: read({ ...policy, officePhones: false }) },
    is: "warn",
    says: /not to office phones/,
  },
  {
    check: "voice policy",
    health: { voice: read({ ...policy, enabled: false }) },
    is: "warn",
    says: /switched off/,
  },
  { check: "telecom provider", is: "ok", says: /go on working after 2027-02-01/ },
  { check: "telecom provider", health: withoutProvider, is: "warn", says: /^From 2027-02-01 on/ },
  {
    check: "telecom provider",
    health: withoutProvider,
    today: "2027-03-01",
    is: "warn",
    says: /^Since 2027-02-01/,
  },
  {
    check: "telecom provider",
    health: { ...withoutProvider, sms: read({ ...policy, provider: { evaluation: true } }) },
    is: "warn",
    says: /only on trial/,
  },
  {
    check: "telecom provider",
    health: { sms: refused(403), voice: refused(403) },
    is: "warn",
    says: /cannot be read/,
  },
  {
    check: "telecom provider",
    health: { sms: refused(403), voice: read(policy) },
    is: "warn",
    says: /has no telecom provider/,
  },
  {
    check: "telecom provider",
    health: { sms: read(policy), voice: refused(403) },
    is: "warn",
    says: /has no telecom provider/,
  },
  {
    check: "telecom provider",
    health: { ...withoutProvider, sms: read({ ...policy, provider: { evaluation: false, percent: 0 } }) },
    is: "warn",
    says: /only on trial/,
  },
  { check: "telecom provider", health: withoutProvider, today: "2027-02-01", is: "warn", says: /^Since/ },
  { check: "telecom provider", health: withoutProvider, cloud: "usgov", is: "ok", says: /no end/ },
  { check: "licence", is: "ok", says: /P1 or P2/ },
  {
    check: "licence",
    health: { licences: read(["EXCHANGE", "AAD_PREMIUM_P2"]) },
    is: "ok",
    says: /P1 or P2/,
  },
  { check: "licence", health: { licences: read([]) }, is: "warn", says: /no Entra ID P1/ },
  { check: "licence", health: { licences: refused(403) }, is: "warn", says: /cannot be read/ },
  {
    check: "certificate",
    machine: { certificate: { until: "2027-11-01", daysLeft: 30, setup: undefined } },
    is: "ok",
    says: /good until 2027-11-01/,
  },
  {
    check: "certificate",
    machine: { certificate: { until: "2026-12-20", daysLeft: 1, setup: "contoso.com" } },
    is: "warn",
    says: /in 1 day\. .*prepop setup --profile contoso\.com/,
  },
  {
    check: "certificate",
    machine: { certificate: { until: "2026-12-20", daysLeft: 29, setup: undefined } },
    is: "warn",
    says: /in 29 days\. Make another one/,
  },
  {
    check: "certificate",
    machine: { certificate: { until: "2026-11-01", daysLeft: -1, setup: undefined } },
    is: "block",
    says: /ran out on 2026-11-01/,
  },
  { check: "clock", is: "ok", says: /0 s apart/ },
  { check: "clock", machine: { clockAheadMs: -600_000 }, is: "warn", says: /10 min behind/ },
  { check: "clock", machine: { clockAheadMs: 600_000 }, is: "warn", says: /10 min ahead of/ },
  { check: "clock", machine: { clockAheadMs: 300_000 }, is: "ok", says: /300 s apart/ },
  { check: "clock", machine: { clockAheadMs: undefined }, is: "warn", says: /did not say/ },
  { check: "proxy", is: "ok", says: /directly/ },
  {
    check: "proxy",
    machine: { proxy: "http://proxy.contoso.com:8080", extraAuthorities: "ca.pem" },
    is: "ok",
    says: /through http:\/\/proxy\.contoso\.com:8080\. Certificates/,
  },
  { check: "lists in Microsoft 365", is: "ok", says: /No right to files/ },
  { check: "lists in Microsoft 365", health: { token: undefined }, is: "ok", says: /does not say/ },
  {
    check: "lists in Microsoft 365",
    health: { token: { kind: "delegated", permissions: ["Files.ReadWrite.All"] } },
    is: "ok",
    says: /written back to, in Excel Online/,
  },
  {
    check: "lists in Microsoft 365",
    health: { token: { kind: "delegated", permissions: ["Files.ReadWrite.All"] } },
    cloud: "china",
    is: "ok",
    says: /by download/,
  },
  {
    check: "lists in Microsoft 365",
    health: { token: { ...app, permissions: ["Files.ReadWrite.All"] } },
    is: "ok",
    says: /report beside/,
  },
  {
    check: "lists in Microsoft 365",
    health: { token: { ...app, permissions: ["Sites.Selected"] } },
    is: "warn",
    says: /not by a sharing link.*Grant Files\.ReadWrite\.All/s,
  },
  {
    check: "lists in Microsoft 365",
    health: { token: { kind: "delegated", permissions: ["Files.Read"] } },
    is: "warn",
    says: /too few/,
  },
  { check: "proxy", is: "ok", says: /directly\. $/ },
  {
    check: "ledger",
    machine: { ledger: { kind: "healthy", runs: 1, unfinished: 0 } },
    is: "ok",
    says: /: 1 run\./,
  },
  {
    check: "ledger",
    machine: { ledger: { kind: "healthy", runs: 4, unfinished: 2 } },
    is: "warn",
    says: /2 of its 4 runs are not/,
  },
  {
    check: "ledger",
    machine: { ledger: { kind: "healthy", runs: 4, unfinished: 1 } },
    is: "warn",
    says: /1 of its 4 runs is not/,
  },
  { check: "ledger", is: "ok", says: /3 runs/ },
  { check: "ledger", machine: { ledger: { kind: "none" } }, is: "ok", says: /no ledger yet/ },
  {
    check: "ledger",
    machine: { ledger: { kind: "healthy", runs: 2, unfinished: 1 } },
    is: "warn",
    says: /prepop resume/,
  },
  {
    check: "ledger",
    machine: { ledger: { kind: "broken", message: "It is damaged.", hint: "Move it aside." } },
    is: "block",
    says: /Move it aside/,
  },
];

for (const { check, is, says, ...given } of seen) {
  test(`${check} is ${is} with ${says.source}`, () => {
    const found = checksOf(given).filter(({ name }) => name === check);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.status, is);
    assert.match(`${found[0]?.message} ${found[0]?.fix}`, says);
  });
}

/** What each check can come to. Only what stands in the way of writing phones blocks. */
const statuses: Readonly<Record<string, string>> = {
  "sign-in": "ok",
  "write phones": "ok warn block",
  role: "ok warn block",
  "find users": "ok warn block",
  "masked reads": "ok warn block",
  "other methods": "ok warn",
  "default method": "ok warn",
  "registration report": "ok warn",
  groups: "ok warn",
  "lists in Microsoft 365": "ok warn",
  "tenant kind": "ok warn block",
  cloud: "ok warn",
  "SMS policy": "ok warn",
  "voice policy": "ok warn",
  "telecom provider": "ok warn",
  licence: "ok warn",
  clock: "ok warn",
  proxy: "ok",
  ledger: "ok warn block",
};

test("each check is seen in everything that it can come to, and no check is left out", () => {
  assert.deepEqual(
    checksOf({}).map(({ name }) => name),
    Object.keys(statuses),
  );
  const found = Map.groupBy(seen, ({ check }) => check);
  for (const [name, all] of Object.entries(statuses)) {
    const is = new Set(found.get(name)?.map(each => each.is));
    assert.deepEqual([...is].toSorted(), all.split(" ").toSorted(), name);
  }
});

test("whatever is not well says what to do, and what is well does not", () => {
  for (const { check, ...given } of seen) {
    for (const { name, status, fix } of checksOf(given)) {
      assert.equal(fix === "", status === "ok", `${name} of the case for ${check}`);
    }
  }
});

test("where all is well, nothing is warned of, in every cloud that lacks nothing", () => {
  for (const cloud of cloudNames) {
    const not = checksOf({ cloud }).filter(({ status }) => status !== "ok");
    assert.deepEqual(
      not.map(({ name }) => name),
      cloud === "china" ? ["cloud"] : [],
    );
  }
});

test("without a sign-in, that is the first line, and the machine is still looked at", () => {
  const examined: Examined = { kind: "signedOut", message: "There is no sign-in.", hint: "Log in." };
  const checks = diagnose(examined, machine, "global", "2026-11-24");
  assert.deepEqual(
    checks.map(({ name, status }) => [name, status]),
    [
      ["sign-in", "block"],
      ["proxy", "ok"],
      ["ledger", "ok"],
    ],
  );
});

test("the first line says who is signed in to what", () => {
  const first = (tenant: Tenant, actor: Actor) =>
    diagnose({ kind: "signedIn", tenant, actor, health: well }, machine, "global", "2026-11-24")[0]?.message;
  assert.equal(
    first(
      { id: "T-1", domain: "contoso.com", displayName: "Contoso", source: "signIn" },
      { name: "prepop", kind: "application" },
    ),
    "Signed in to Contoso (contoso.com, T-1) as the application prepop.",
  );
  assert.equal(
    first({ id: "T-1", source: "signIn" }, { name: "anna@contoso.com", kind: "delegated" }),
    "Signed in to the tenant (T-1) as anna@contoso.com.",
  );
});
