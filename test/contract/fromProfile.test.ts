import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import type { SeedUser } from "../../src/sandbox/user.ts";
import { type CliRun, runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { scriptedGraph } from "../support/scriptedGraph.ts";
import { aTenant, type Tenant, type TenantBuilder, upn } from "../support/tenant.ts";

/** `--from profile`: the numbers that the directory itself has of its users are the list. */

const fromProfile = "--from=profile";
const anna = "anna@contoso.com";
const bert = "bert@contoso.com";
const number = (index: number): string => `+31 6123450${String(index).padStart(2, "0")}`;

function company(
  ...users: readonly (Omit<SeedUser, "userPrincipalName"> & { readonly name: string })[]
): TenantBuilder {
  let tenant = aTenant();
  for (const { name, phones, ...more } of users)
    tenant = tenant.withUser(`${name}@contoso.com`, phones, more);
  return tenant;
}

const plan = (tenant: Tenant, ...options: readonly string[]): Promise<CliRun> =>
  prepop(tenant, ["plan", fromProfile, ...options, "--json", "--show-numbers"]);

const shown = (run: CliRun): unknown[] =>
  run
    .of("change")
    .map(({ kind, user, phoneType, to, property, row }) => [kind, user, phoneType, to, property, row]);

test("300 users are planned, applied and found as they should be, with where each number came from", async () => {
  await using tenant = await aTenant()
    .withUsers(300, index => ({
      mobilePhone: `06 12 34 5${String(index).padStart(3, "0")}`,
      usageLocation: "NL",
      ...(index % 3 === 0 ? { businessPhones: ["+44 20 7946 0123"] } : {}),
    }))
    .start();
  const { plan, apply } = await rehearse(tenant, fromProfile);
  const changes = plan.of("change");
  assert.equal(changes.length, 400);
  assert.equal(changes.filter(({ property }) => property === "mobilePhone").length, 300);
  assert.equal(changes.filter(({ property }) => property === "businessPhones").length, 100);
  assert.deepEqual(plan.summary.fromProfile, {
    users: 300,
    withoutNumber: 0,
    furtherPhones: 0,
    columns: { mobile: "mobilePhone", office: "businessPhones" },
  });
  assert.equal((apply.summary.counts as Record<string, number>).applied, 400);
  assert.equal(apply.of("outcome")[0]?.property, "mobilePhone");
  assert.deepEqual(tenant.phones(upn(3)), { mobile: "+31 612345003", office: "+44 2079460123" });
  assert.deepEqual(tenant.phones(upn(300)), { mobile: "+31 612345300", office: "+44 2079460123" });
});

test("rows are users with a number, in the order of their names, and who has none is counted", async () => {
  await using tenant = await company(
    { name: "Zoe", mobilePhone: number(1) },
    { name: "bert" },
    { name: "Anna", mobilePhone: number(2), businessPhones: [] },
    { name: "carl", mobilePhone: "   " },
    { name: "dora", businessPhones: ["+31 20 123 4567", "+31 20 123 4568"] },
  ).start();
  const run = await plan(tenant);
  assert.deepEqual(shown(run), [
    ["create", "Anna@contoso.com", "mobile", number(2), "mobilePhone", 1],
    ["create", "dora@contoso.com", "office", "+31 201234567", "businessPhones", 2],
    ["create", "Zoe@contoso.com", "mobile", number(1), "mobilePhone", 3],
  ]);
  const { users, withoutNumber, furtherPhones } = run.summary.fromProfile as Record<string, unknown>;
  assert.deepEqual({ users, withoutNumber, furtherPhones }, { users: 5, withoutNumber: 2, furtherPhones: 1 });
  assert.deepEqual(run.of("issue"), []);
});

/** The same cells in a list with a region column, and in profiles with a usageLocation. */
const cells: readonly (readonly [text: string, region: string])[] = [
  ["06 12 34 56 78", "NL"],
  ["+31 (0)6 12345678", "NL"],
  ["0031612345678", "NL"],
  ["07700 900123", "GB"],
  ["(206) 555-0100", "US"],
  ["+1 206 555 0100", "NL"],
  ["206 555 0100 x12", "US"],
  ["call reception", "NL"],
  ["0612345678", ""],
  ["0612345678", "GB"],
  ["0906 1234", "NL"],
  ["020 123 4567", "NL"],
  ["+31 612345678 / +31 612345679", "NL"],
  ["+999 12345678", "NL"],
];

test("a number of a profile is read by the same rules as one of a list", async () => {
  const named = cells.map(([mobilePhone, region], at) => ({
    name: `user${String(at).padStart(2, "0")}`,
    mobilePhone,
    ...(region === "" ? {} : { usageLocation: region }),
  }));
  await using profiles = await company(...named).start();
  const rows = named.map(
    ({ name, mobilePhone }, at) => `${name}@contoso.com,"${mobilePhone}",${cells[at]?.[1]}`,
  );
  const list = csv("userPrincipalName,mobile,region", ...rows);
  const ofList = await prepop(profiles, ["plan", list, "--json", "--show-numbers"]);
  const ofProfile = await plan(profiles);
  const what = (run: CliRun) => [
    run.of("change").map(({ kind, user, to }) => [kind, user, to]),
    run.of("issue").map(({ code, user, level }) => [code, user, level]),
  ];
  assert.deepEqual(what(ofProfile), what(ofList));
  assert.equal(ofProfile.summary.digest, ofList.summary.digest);
  assert.ok(ofProfile.of("issue").length >= 5);
  const issue = ofProfile.of("issue").find(({ code }) => code === "region-needed");
  assert.equal(issue?.property, "mobilePhone");
  assert.match(
    String(issue?.message),
    /The country of the mobilePhone of the profile ".*usageLocation, or give --region/,
  );
});

test("--region is the country of users who have no usageLocation, and of no other", async () => {
  await using tenant = await company(
    { name: "anna", mobilePhone: "0612345678" },
    { name: "bert", mobilePhone: "(206) 555-0100", usageLocation: "US" },
  ).start();
  assert.deepEqual(
    (await plan(tenant, "--region", "NL")).of("change").map(({ to }) => to),
    ["+31 612345678", "+1 2065550100"],
  );
});

type Mapping = {
  readonly columns: readonly string[];
  readonly phones: readonly (readonly [string, string])[];
};

const mappings: readonly Mapping[] = [
  {
    columns: [],
    phones: [
      ["mobile", "mobilePhone"],
      ["office", "businessPhones"],
    ],
  },
  { columns: ["mobile=mobilePhone"], phones: [["mobile", "mobilePhone"]] },
  { columns: ["office=businessPhones[0]"], phones: [["office", "businessPhones"]] },
  {
    columns: ["mobile=MobilePhone", "alternateMobile=businessPhones"],
    phones: [
      ["mobile", "mobilePhone"],
      ["alternateMobile", "businessPhones"],
    ],
  },
];

for (const { columns, phones } of mappings) {
  test(`--column ${columns.join(" ") || "not said"} takes ${phones.map(each => each.join(" from ")).join(", ")}`, async () => {
    await using tenant = await company({
      name: "anna",
      mobilePhone: number(1),
      businessPhones: [number(2)],
    }).start();
    const run = await plan(tenant, ...columns.flatMap(each => ["--column", each]));
    assert.deepEqual(
      run.of("change").map(({ phoneType, property }) => [phoneType, property]),
      phones,
    );
  });
}

type Cut = { readonly options: readonly string[]; readonly users: readonly number[]; readonly read: number };

const cuts: readonly Cut[] = [
  { options: [], users: [1, 2, 3, 4, 5, 6], read: 8 },
  { options: ["--group", "Pilot"], users: [1, 2, 6], read: 4 },
  { options: ["--group", "Pilot", "--group", "Other"], users: [1, 2, 3, 6], read: 5 },
  { options: ["--group", "Nobody"], users: [], read: 0 },
  { options: ["--group", "Pilot", "--exclude-group", "Nested"], users: [1, 2], read: 4 },
  { options: ["--filter", "usageLocation eq 'NL'"], users: [2, 4, 6], read: 4 },
  { options: ["--filter", "usageLocation eq 'NL'", "--group", "Pilot"], users: [2, 6], read: 2 },
  { options: ["--filter", "usageLocation ne 'NL'"], users: [1, 3, 5], read: 4 },
  { options: ["--only", "user0[*", "--only", "user05@*"], users: [5], read: 8 },
  { options: ["--exclude-admins"], users: [1, 2, 3, 5, 6], read: 8 },
  { options: ["--exclude-disabled"], users: [1, 2, 4, 5, 6], read: 8 },
  { options: ["--limit", "2"], users: [1, 2], read: 8 },
  { options: ["--group", "Pilot", "--exclude-disabled", "--limit", "2"], users: [1, 2], read: 4 },
  { options: ["--percent", "100", "--group", "Pilot"], users: [1, 2, 6], read: 4 },
];

/** Users 1 to 6 have a number, 7 and 8 none. */
async function cohort(config: SandboxConfig = {}): Promise<Tenant> {
  return await aTenant()
    .withUsers(8, index => ({
      usageLocation: index % 2 === 0 ? "NL" : "GB",
      ...(index <= 6 ? { mobilePhone: number(index) } : {}),
      ...(index === 4 ? { roles: ["Global Administrator"] } : {}),
      accountEnabled: index !== 3,
    }))
    .with({
      groups: [
        { displayName: "Pilot", members: [upn(1), upn(2), upn(7)], groups: ["Nested"] },
        { displayName: "Nested", members: [upn(6)] },
        { displayName: "Other", members: [upn(3), upn(2)] },
        { displayName: "Nobody", members: [] },
      ],
      ...config,
    })
    .start();
}

const usersOf = (run: CliRun): number[] =>
  run.of("change").map(({ user }) => Number(/\d+/.exec(String(user))?.[0]));

for (const { options, users, read } of cuts) {
  test(`profiles ${options.join(" ") || "of everybody"}`, async () => {
    await using tenant = await cohort();
    const { plan } = await rehearse(tenant, fromProfile, options);
    assert.deepEqual(usersOf(plan), users);
    assert.equal((plan.summary.fromProfile as { users: number }).users, read);
    assert.equal(plan.exitCode, users.length === 0 ? 0 : 2);
  });
}

test("a smaller share of the profiles is part of a larger one", async () => {
  await using tenant = await cohort();
  let smaller: readonly number[] = [];
  for (const percent of ["20", "50", "80", "100"]) {
    const users = usersOf(await plan(tenant, "--percent", percent));
    assert.ok(smaller.every(index => users.includes(index)));
    smaller = users;
  }
  assert.equal(smaller.length, 6);
});

/** A service that shows members by their names only, as some gateways do, or not at all. */
for (const members of [{ value: [{ id: "u1", userPrincipalName: "u1@contoso.com" }] }, undefined]) {
  test(`where the members of a group are ${members ? "shown without numbers" : "not shown as users"}, all users are read and the members taken`, async () => {
    const group = "0b6a7f0e-1111-4222-8333-944455556666";
    const users = ["u1", "u2"].map((id, at) => ({
      id,
      userPrincipalName: `${id}@contoso.com`,
      mobilePhone: number(at + 1),
      businessPhones: [],
    }));
    await using server = await scriptedGraph(({ path }) => {
      if (path.includes("/organization")) return { json: { value: [{ id: group.replace("0b", "0c") }] } };
      if (path.includes("/transitiveMembers") && path.includes("mobilePhone"))
        return members ? { json: members } : { status: 501, json: { error: { code: "notImplemented" } } };
      if (path.includes("/transitiveMembers"))
        return members || path.includes("$select=id&")
          ? { json: { value: [{ id: "u1" }] } }
          : { status: 404 };
      if (path.startsWith("/v1.0/users?")) return { json: { value: users } };
      return path.endsWith("/phoneMethods") ? { json: { value: [] } } : { status: 404, json: {} };
    });
    const env = {
      PREPOP_HOME: temporaryFolder(),
      PREPOP_GRAPH_URL: server.url,
      PREPOP_ACCESS_TOKEN: "planted-token",
    };
    const run = await runCli(["plan", fromProfile, "--group", group, "--json", "--show-numbers"], { env });
    assert.deepEqual(
      run.of("change").map(({ userId, to }) => [userId, to]),
      [["u1", number(1)]],
      run.stderr,
    );
    assert.equal((run.summary.fromProfile as { users: number }).users, 1);
  });
}

type Refusal = {
  readonly name: string;
  readonly config?: SandboxConfig;
  readonly options?: readonly string[];
  readonly code: string;
  readonly exit: number;
  readonly says: RegExp;
};

const narrow = "planted-token-with-basic-rights";
const refusals: readonly Refusal[] = [
  {
    name: "a caller who is not shown the numbers",
    config: { tokens: [{ token: narrow, kind: "app", roles: ["User.ReadBasic.All"] }] },
    code: "PREPOP_AUTH_PROFILES_HIDDEN",
    exit: 4,
    says: /mobilePhone, businessPhones.*User\.Read\.All/s,
  },
  {
    name: "a caller who may not list users",
    config: { tokens: [{ token: narrow, kind: "app", roles: ["AuditLog.Read.All"] }] },
    code: "PREPOP_AUTH_PROFILES_REFUSED",
    exit: 4,
    says: /does not let this caller list.*User\.Read\.All/s,
  },
  {
    name: "a caller who may not read groups",
    config: { capabilities: { groups: 403 } },
    options: ["--group", "Pilot"],
    code: "PREPOP_AUTH_PROFILES_REFUSED",
    exit: 4,
    says: /GroupMember\.Read\.All/,
  },
  {
    name: "a service that lists no users",
    config: { capabilities: "mainJob" },
    code: "PREPOP_DIRECTORY_UNREADABLE",
    exit: 1,
    says: /Export the list/,
  },
  {
    name: "a filter that is none",
    options: ["--filter", "mobilePhone is set"],
    code: "PREPOP_DIRECTORY_FILTER",
    exit: 1,
    says: /mobilePhone is set/,
  },
  {
    name: "a group that is not there",
    options: ["--group", "Gone"],
    code: "PREPOP_GROUP_NOT_FOUND",
    exit: 1,
    says: /Gone/,
  },
  { name: "a list beside it", options: ["phones.csv"], code: "PREPOP_USAGE", exit: 1, says: /two lists/ },
  { name: "an option of files", options: ["--sheet", "A"], code: "PREPOP_USAGE", exit: 1, says: /--sheet/ },
  { name: "another key", options: ["--match", "mail"], code: "PREPOP_USAGE", exit: 1, says: /--match/ },
  {
    name: "a property that holds no phone",
    options: ["--column", "mobile=faxNumber"],
    code: "PREPOP_USAGE",
    exit: 1,
    says: /faxNumber/,
  },
  {
    name: "a column that is no phone",
    options: ["--column", "user=mail"],
    code: "PREPOP_USAGE",
    exit: 1,
    says: /user=mail/,
  },
  {
    name: "one property for two phones",
    options: ["--column", "mobile=mobilePhone", "--column", "office=mobilePhone"],
    code: "PREPOP_USAGE",
    exit: 1,
    says: /two phones/,
  },
];

for (const { name, config = {}, options = [], code, exit, says } of refusals) {
  test(`${name} is ${code}`, async () => {
    await using tenant = await cohort(config);
    const own = config.tokens ? { PREPOP_ACCESS_TOKEN: narrow } : {};
    for (const command of ["plan", "apply"]) {
      const argv = [command, fromProfile, ...options, "--json", ...(command === "apply" ? ["--yes"] : [])];
      const run = await prepop(tenant, argv, { env: { ...tenant.env, ...own } });
      assert.equal(run.of("error")[0]?.code, code, run.stdout);
      assert.equal(run.exitCode, exit);
      assert.match(run.stderr, says);
    }
    assert.deepEqual(tenant.writes(), []);
  });
}

test("--filter without --from profile, and no list at all, are refused before anything is asked", async () => {
  await using tenant = await cohort();
  for (const argv of [
    ["plan"],
    ["apply", "--yes"],
    ["check"],
    ["plan", csv("user,mobile", "a@b.c,1"), "--filter", "x"],
  ]) {
    const run = await prepop(tenant, [...argv, "--json"]);
    assert.equal(run.exitCode, 1);
    assert.equal(run.of("error")[0]?.code, "PREPOP_USAGE");
  }
  assert.deepEqual(tenant.sandbox.log, []);
});

test("mirror removes what a profile does not hold beside its other number, and never a property that nobody has", async () => {
  const both = { mobile: number(8), office: "+31 201234568" };
  await using tenant = await company(
    { name: "anna", mobilePhone: number(8), phones: both },
    { name: "bert", businessPhones: ["+31 20 123 4568"], phones: both },
    { name: "carl", phones: both },
  ).start();
  const run = await plan(tenant, "--policy", "mirror");
  const deletes = run.of("change").filter(({ kind }) => kind === "delete");
  assert.deepEqual(
    deletes.map(({ user, phoneType, property }) => [user, phoneType, property]),
    [
      [anna, "office", "businessPhones"],
      [bert, "mobile", "mobilePhone"],
    ],
  );

  await using mobiles = await company(
    { name: "anna", mobilePhone: number(8), phones: both },
    { name: "bert", phones: both },
  ).start();
  const none = await plan(mobiles, "--policy", "mirror");
  assert.deepEqual(
    none.of("change").map(({ kind }) => kind),
    ["unchanged"],
  );
});

test("update replaces another number, and an unreadable one replaces nothing", async () => {
  await using tenant = await company(
    { name: "anna", mobilePhone: number(1), phones: { mobile: number(2) } },
    { name: "bert", mobilePhone: "ask me", phones: { mobile: number(3) } },
  ).start();
  const { plan } = await rehearse(tenant, fromProfile, ["--policy", "update", "--max-change", "100%"]);
  assert.deepEqual(shown(plan), [["update", anna, "mobile", number(1), "mobilePhone", 1]]);
  assert.deepEqual(
    plan.of("issue").map(({ code, user, row }) => [code, user, row]),
    [["invalid-phone", bert, 2]],
  );
  assert.equal(tenant.phones(bert).mobile, number(3));
});

for (const changed of [false, true]) {
  const what = changed ? "begins anew when a profile changed" : "goes on while the profiles are the same";
  test(`an interrupted apply ${what}`, async () => {
    await using tenant = await aTenant()
      .withUsers(6, index => ({ mobilePhone: number(index) }))
      .with({ faults: [{ kind: "throttled", retryAfter: "long", from: 3, match: { effect: "write" } }] })
      .start();
    const argv = ["apply", fromProfile, "--yes", "--json", "--no-batch", "--concurrency", "1"];
    const first = await prepop(tenant, argv);
    assert.equal(first.exitCode, 5, first.stderr);
    tenant.sandbox.setFaults([]);
    if (changed) tenant.sandbox.seedUsers([{ userPrincipalName: "zoe@contoso.com", mobilePhone: number(9) }]);
    const again = await prepop(tenant, argv);
    assert.equal(again.exitCode, 0, again.stderr);
    assert.equal(again.summary.run === first.summary.run, !changed);
    assert.match(again.stderr, changed ? /superseded/ : /Continuing/);
    for (const index of [1, 2, 3, 4, 5, 6]) assert.equal(tenant.phones(upn(index)).mobile, number(index));
    if (changed) assert.equal(tenant.phones("zoe@contoso.com").mobile, number(9));
  });
}

test("a saved plan keeps where its numbers came from, and its report says it", async () => {
  await using tenant = await company({ name: "anna", mobilePhone: number(1) }).start();
  const file = `${tenant.home}.plan`;
  const report = `${tenant.home}.csv`;
  await plan(tenant, "--out", file);
  const apply = await prepop(tenant, ["apply", file, "--yes", "--report", report, "--json"]);
  assert.equal(apply.exitCode, 0, apply.stderr);
  assert.equal(apply.of("outcome")[0]?.property, "mobilePhone");
  assert.match(readFileSync(report, "utf8"), /the profiles of the directory/);
  const refused = await prepop(tenant, ["apply", file, fromProfile, "--yes", "--json"]);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /--from/);
});

test("there is no file to inspect", async () => {
  await using tenant = await cohort();
  const run = await prepop(tenant, ["check", fromProfile, "--inspect", "--json"]);
  assert.equal(run.exitCode, 1);
  assert.match(run.stderr, /--inspect cannot go with --from profile/);
});

test("check says which numbers of the profiles can be used, and writes nothing", async () => {
  await using tenant = await company(
    { name: "anna", mobilePhone: "06 12345678", usageLocation: "NL" },
    { name: "bert", mobilePhone: "reception" },
    { name: "carl" },
  ).start();
  const run = await prepop(tenant, ["check", fromProfile, "--json", "--show-numbers"]);
  assert.equal(run.exitCode, 3);
  assert.deepEqual(
    run.of("row").map(({ row, user, phones }) => [row, user, phones]),
    [
      [1, anna, { mobile: "+31 612345678" }],
      [2, bert, {}],
    ],
  );
  assert.equal((run.summary.fromProfile as { withoutNumber: number }).withoutNumber, 1);
  assert.deepEqual(tenant.writes(), []);
  const text = await prepop(tenant, ["check", fromProfile]);
  assert.match(
    text.stdout,
    /Read: 3 users, 1 without a number; mobilePhone as mobile and businessPhones as\s+office\./,
  );
});

test("where nobody has a number, the plan is empty and says what that may mean", async () => {
  await using tenant = await company({ name: "anna" }).start();
  const run = await prepop(tenant, ["plan", fromProfile]);
  assert.equal(run.exitCode, 0);
  assert.match(
    run.stdout.replace(/\s+/g, " "),
    /None of these users has a number in the profile.*User\.Read\.All/,
  );
});

test("a person sees the property in place of the row, and the next command with all its options", async () => {
  await using tenant = await company({ name: "anna", mobilePhone: number(1) })
    .with({ groups: [{ displayName: "First five", members: [anna] }] })
    .start();
  const run = await prepop(tenant, ["plan", fromProfile, "--group", "First five", "--limit", "1"]);
  assert.match(run.stdout, /^ {2}profile +user +type +now +then$/m);
  assert.match(run.stdout, /^ {2}mobilePhone +anna@contoso\.com +mobile +→ •••01$/m);
  assert.match(run.stdout, /^Next: prepop apply --from profile --limit 1 --group "First five"$/m);
});
