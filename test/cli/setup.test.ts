import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Interrupted } from "../../src/engine/stop.ts";
import { newCertificate } from "../../src/graph/signIn/newCertificate.ts";
import type { FaultRule, SandboxConfig } from "../../src/sandbox/sandbox.ts";
import { browse } from "../support/browser.ts";
import { filesOf } from "../support/ledgerData.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { aSetupTenant, type Held } from "../support/setupTenant.ts";

const tools = "Microsoft Graph Command Line Tools";
const usual = [
  "UserAuthMethod-Phone.ReadWrite.All",
  "User.Read.All",
  "Organization.Read.All",
  "Policy.Read.AuthenticationMethod",
  "GroupMember.Read.All",
  "AuditLog.Read.All",
];
const setup = ["setup", "--yes", "--json"] as const;

type Json = Readonly<Record<string, unknown>>;
const profilesIn = (home: string) =>
  (JSON.parse(readFileSync(join(home, "profiles.json"), "utf8")) as { profiles: Json[] }).profiles;
const setupIn = (home: string) => (profilesIn(home)[0]?.setup ?? {}) as Json;
const counts = ({ applications, principals, roles, certificates }: Held) => ({
  applications: applications.length,
  principals: principals.length,
  roles: roles.length,
  certificates,
});
const one = { applications: 1, principals: 1, roles: 6, certificates: 1 };
const everything = (home: string) =>
  [...filesOf(home)].map(([, bytes]) => bytes.toString("latin1")).join("\n");

test("an application with a certificate: registered, granted, remembered and proved", async t => {
  const { run, held, home } = await aSetupTenant(t);
  const made = await run(setup);
  assert.equal(made.exitCode, 0, made.stderr);
  const { applications, principals, grants, roles } = await held();
  assert.deepEqual([applications.length, principals.length], [1, 1]);
  assert.deepEqual(roles.toSorted(), usual.toSorted());
  assert.deepEqual(grants, [
    `${tools}, Principal: User.Read Application.ReadWrite.All AppRoleAssignment.ReadWrite.All`,
  ]);
  assert.deepEqual(made.of("proof"), [{ type: "proof", permissions: usual, users: true }]);
  const [profile] = profilesIn(home);
  assert.deepEqual(
    [profile?.name, profile?.auth, profile?.clientId],
    ["contoso.com", "certificate", applications[0]?.appId],
  );

  const file = String(profile?.certificate);
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
  const [, key = "none"] = /BEGIN PRIVATE KEY-----\n(.+)\n/.exec(readFileSync(file, "utf8")) ?? [];
  assert.ok(!`${made.stdout}${made.stderr}`.includes(key), "the private key was printed");

  const roster = rosterFile("one.csv", "userPrincipalName,mobile\nuser000000@contoso.com,+31 612345678\n");
  assert.equal((await run(["doctor", "--json"])).exitCode, 0);
  assert.equal((await run(["login", "--profile", "contoso.com", "--json"])).exitCode, 0);
  assert.equal((await run(["apply", roster, "--yes", "--json"])).exitCode, 0);
  assert.ok(profilesIn(home)[0]?.setup, "a login forgets nothing of the setup");
});

test("run again, it finds all there and writes nothing", async t => {
  const { run, written, held } = await aSetupTenant(t);
  assert.equal((await run(setup)).exitCode, 0);
  const before = written();
  const again = await run(setup);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.deepEqual(
    again.of("step").map(({ step, state }) => [step, state]),
    [
      ["application", "there"],
      ["principal", "there"],
      ["roles", "there"],
      ["certificate", "there"],
    ],
  );
  assert.deepEqual(written(), before);
  assert.equal((await held()).applications.length, 1);
});

test("an application that people sign in to: a public client, one grant for everybody, tokens kept", async t => {
  const { run, held, home } = await aSetupTenant(t);
  const made = await run([...setup, "--delegated", "--features", "none"]);
  assert.equal(made.exitCode, 0, made.stderr);
  const { applications, grants, roles } = await held();
  assert.deepEqual(roles, []);
  assert.deepEqual(grants, [
    `${tools}, Principal: User.Read Application.ReadWrite.All DelegatedPermissionGrant.ReadWrite.All`,
    "prepop phone methods, AllPrincipals: UserAuthMethod-Phone.ReadWrite.All User.Read.All User.Read",
  ]);
  assert.deepEqual([applications[0]?.isFallbackPublicClient, applications[0]?.keyCredentials], [true, []]);
  const [profile] = profilesIn(home);
  assert.deepEqual([profile?.auth, profile?.user], ["browser", "admin@contoso.com"]);
  assert.equal((await run(["doctor", "--json"])).exitCode, 0);
});

test("where there is no browser, a code is shown for each sign-in", async t => {
  const { run } = await aSetupTenant(t);
  const made = await run([...setup, "--delegated", "--auth", "device-code"]);
  assert.equal(made.exitCode, 0, made.stderr);
  assert.equal(made.of("deviceCode").length, 3, "two as administrator, one to the application");
});

test("a secret is told once and kept nowhere", async t => {
  const { run, home, held } = await aSetupTenant(t);
  const made = await run([...setup, "--secret"]);
  assert.equal(made.exitCode, 0, made.stderr);
  const secret = String(made.of("secret")[0]?.secret);
  assert.ok(secret.length > 10);
  assert.equal(`${made.stdout}${made.stderr}`.split(secret).length, 2, "it stands there once");
  assert.ok(!everything(home).includes(secret));
  const { certificates, secrets } = await held();
  assert.deepEqual([certificates, secrets], [0, 1]);
  const without = await run(["doctor", "--json"]);
  assert.equal(without.exitCode, 4, "it has to be set each time");
  const { exitCode } = await run(["doctor", "--json"], { env: { AZURE_CLIENT_SECRET: secret } });
  assert.equal(exitCode, 0);
});

test("it waits as long as the tenant takes to know of what is new, and says so", async t => {
  const { run, held, clock } = await aSetupTenant(t, { replicationMs: 25_000 });
  const made = await run(setup);
  assert.equal(made.exitCode, 0, made.stderr);
  assert.match(made.stderr, /The service principal is not known everywhere in the tenant yet; waiting/);
  assert.ok(clock.slept.reduce((sum, ms) => sum + ms, 0) >= 100_000);
  assert.deepEqual(counts(await held()), one);
});

test("after five minutes it ends, says what there is, and goes on when it is run again", async t => {
  const { run, held, home, clock } = await aSetupTenant(t, { replicationMs: 400_000 });
  const made = await run(setup);
  assert.equal(made.exitCode, 5);
  assert.equal(made.of("error")[0]?.code, "PREPOP_SETUP_NOT_READY");
  clock.advance(400_000);
  const again = await run(setup);
  assert.match(again.stderr, /The service principal is not known/);
  clock.advance(2_000_000);
  assert.equal((await held()).applications.length, 1);
  assert.equal(setupIn(home).state, "begun");
});

const steps = ["updateApplication", "createPrincipal", "create appRoleAssignments"];
const lost: readonly FaultRule["kind"][] = [
  "committedThen504",
  "committedThenReset",
  "resetBefore",
  "serverError",
  "throttled",
  "committedThen409",
];

for (const kind of lost) {
  test(`with ${kind} on every first write there is still one of everything`, async t => {
    const faults = steps.map(operation => ({ kind, times: 2, match: { operation } }) as FaultRule);
    const { run, held } = await aSetupTenant(t, { faults });
    const made = await run(setup);
    assert.equal(made.exitCode, 0, made.stderr);
    assert.deepEqual(counts(await held()), one);
  });
}

test("a secret whose answer was lost is taken away before another one is made", async t => {
  const fault: FaultRule = { kind: "committedThen504", times: 2, match: { operation: "addSecret" } };
  const { run, held } = await aSetupTenant(t, { faults: [fault] });
  assert.equal((await run([...setup, "--secret"])).exitCode, 0);
  assert.equal((await held()).secrets, 1);
});

/** Interrupts a setup at its nth write, as a power cut would: what was sent may have been executed. */
async function cutOff(t: TestContext, nth: number) {
  const tenant = await aSetupTenant(t);
  const controller = new AbortController();
  let writes = 0;
  tenant.sandbox.interfere(({ effect }) => {
    if (effect === "write" && ++writes === nth) controller.abort(new Interrupted());
  });
  const cut = await tenant.run(setup, { signal: controller.signal });
  tenant.sandbox.interfere(undefined);
  return { ...tenant, cut };
}

/** The registration, the service principal, the first and the last permission, the certificate. */
for (const nth of [1, 2, 3, 8, 9]) {
  test(`cut off at write ${nth}, a second run completes it`, async t => {
    const { run, held, cut } = await cutOff(t, nth);
    assert.equal(cut.exitCode, 130, `${cut.stdout}${cut.stderr}`);
    assert.match(cut.stderr, /Interrupted\. (Nothing was made|The application [0-9a-f-]{36} is registered)/);
    const again = await run(setup);
    assert.equal(again.exitCode, 0, again.stderr);
    assert.deepEqual(counts(await held()), one);
  });

  test(`cut off at write ${nth}, a removal leaves nothing`, async t => {
    const { run, held, home } = await cutOff(t, nth);
    const removed = await run(["setup", "--remove", "--yes", "--json", "--profile", "contoso.com"]);
    assert.equal(removed.exitCode, 0, removed.stderr);
    assert.deepEqual(await held(), {
      applications: [],
      certificates: 0,
      secrets: 0,
      principals: [],
      grants: [`${tools}, Principal: User.Read`],
      roles: [],
    });
    assert.ok(!everything(home).includes("PRIVATE KEY"));
  });
}

test("a profile of a setup that was cut off cannot be signed in with", async t => {
  const { run } = await cutOff(t, 3);
  const doctor = await run([
    "plan",
    rosterFile("r.csv", "userPrincipalName,mobile\na@b.c,+31612345678\n"),
    "--profile",
    "contoso.com",
    "--json",
  ]);
  assert.deepEqual([doctor.exitCode, doctor.of("error")[0]?.code], [4, "PREPOP_SETUP_UNFINISHED"]);
});

test("a removal takes everything back, and of Microsoft's client only what was not there before", async t => {
  const { run, held, home } = await aSetupTenant(t);
  // Somebody has used the command line tools before.
  assert.equal(
    (await run(["login", "--profile", "before", "--scope", "User.Read.All", "--json"])).exitCode,
    0,
  );
  const before = await held();
  assert.deepEqual(before.grants, [`${tools}, Principal: User.Read.All`]);
  assert.equal((await run([...setup, "--profile", "made"])).exitCode, 0);
  const removed = await run(["setup", "--remove", "--yes", "--json", "--profile", "made"]);
  assert.equal(removed.exitCode, 0, removed.stderr);
  assert.deepEqual(removed.of("removed")[0]?.revoked, [
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
  ]);
  assert.deepEqual(await held(), { ...before, grants: [`${tools}, Principal: User.Read.All User.Read`] });
  assert.deepEqual(
    profilesIn(home).map(({ name }) => name),
    ["before"],
  );
});

test("a removal can leave what the sign-in left, and says so", async t => {
  const { run, held } = await aSetupTenant(t);
  await run(setup);
  const removed = await run(["setup", "--remove", "--yes", "--keep-grants", "--profile", "contoso.com"]);
  assert.equal(removed.exitCode, 0, removed.stderr);
  assert.match(removed.stdout, /Left on Microsoft Graph Command Line Tools/);
  assert.match((await held()).grants[0] ?? "", /Application\.ReadWrite\.All/);
});

test("where tokens do not tell earlier consents, nothing of Microsoft's client is taken back", async t => {
  const { run, held } = await aSetupTenant(t, { signIn: { scopesInTokens: "asked" } });
  const made = await run(["setup", "--yes"]);
  assert.equal(made.exitCode, 0, made.stderr);
  assert.match(made.stdout, /it cannot be told\s+whether that was\s+there before, so it is\s+left/);
  const before = (await held()).grants;
  const removed = await run(["setup", "--remove", "--yes", "--json", "--profile", "contoso.com"]);
  assert.equal(removed.exitCode, 0, removed.stderr);
  assert.deepEqual(removed.of("removed")[0]?.revoked, []);
  assert.deepEqual((await held()).grants, before);
});

test("who signs in as somebody else the second time is told so", async t => {
  const { run, sandbox } = await aSetupTenant(t, { users: ["admin@contoso.com", "other@contoso.com"] });
  let pages = 0;
  const openBrowser = async (url: string) => {
    const hint = ++pages === 1 ? "admin" : "other";
    const page = new URL(url);
    page.searchParams.set("login_hint", `${hint}@contoso.com`);
    await browse(page.href);
  };
  const made = await run(setup, { openBrowser });
  assert.equal(made.exitCode, 4);
  assert.match(made.stderr, /it was admin@contoso\.com who signed in first, and then other@contoso\.com/);
  assert.ok(!sandbox.log.some(({ operation }) => operation === "updateApplication"));
});

test("a policy of the tenant that refuses the certificate is said with the service's own words", async t => {
  const fault: FaultRule = {
    kind: "unknownError",
    status: 400,
    match: { operation: "updateApplication" },
    from: 2,
  };
  const { run } = await aSetupTenant(t, { faults: [fault] });
  const made = await run(setup);
  const [error] = made.of("error");
  assert.deepEqual([made.exitCode, error?.code], [1, "PREPOP_SETUP_REFUSED"]);
  assert.match(
    String(error?.message),
    /^Adding the certificate was refused: .* is registered; running again/,
  );
});

test("where the profile is lost, a removal finds the application by its name", async t => {
  const tenant = await aSetupTenant(t);
  await tenant.run(setup);
  const elsewhere = { env: { PREPOP_HOME: join(tenant.home, "other") } };
  const named = await tenant.run(["setup", "--remove", "--yes", "--json"], elsewhere);
  assert.equal(named.exitCode, 6, "it holds a certificate that is not known here");
  const appId = String(profilesIn(tenant.home)[0]?.clientId);
  const removed = await tenant.run(["setup", "--remove", "--yes", "--json", "--adopt", appId], elsewhere);
  assert.deepEqual([removed.exitCode, removed.summary.removed], [0, true]);
  assert.equal((await tenant.held()).applications.length, 0);
  const again = await tenant.run(["setup", "--remove", "--yes", "--json"], elsewhere);
  assert.deepEqual([again.exitCode, again.summary.removed], [0, false]);
});

test("a second machine adds its certificate to the same application", async t => {
  const tenant = await aSetupTenant(t);
  await tenant.run(setup);
  const elsewhere = { env: { PREPOP_HOME: join(tenant.home, "second") } };
  const refused = await tenant.run(setup, elsewhere);
  assert.deepEqual([refused.exitCode, refused.of("error")[0]?.code], [6, "PREPOP_SETUP_NOT_OURS"]);
  assert.deepEqual(counts(await tenant.held()), one);
  const appId = String(profilesIn(tenant.home)[0]?.clientId);
  assert.match(String(refused.of("error")[0]?.hint), new RegExp(`--adopt ${appId}`));
  const second = await tenant.run([...setup, "--adopt", appId], elsewhere);
  assert.equal(second.exitCode, 0, second.stderr);
  assert.deepEqual(counts(await tenant.held()), { ...one, certificates: 2 });
  assert.equal((await tenant.run(["doctor", "--json"])).exitCode, 0, "the first one still signs in");
});

/** What somebody may have kept in a registration that he prepared under our name, and how he is named. */
const prepared: Readonly<
  Record<string, { fields?: object; asOwner?: true; after?: string; body?: object; says: RegExp }>
> = {
  "its ownership": { asOwner: true, says: /1 owner/ },
  "a secret": { after: "addPassword", body: {}, says: /1 secret/ },
  "a federated credential": {
    after: "federatedIdentityCredentials",
    body: {
      name: "x",
      issuer: "https://evil.example",
      subject: "me",
      audiences: ["api://AzureADTokenExchange"],
    },
    says: /1 federated credential/,
  },
  "a redirect to his own page": {
    fields: { web: { redirectUris: ["https://evil.example"] } },
    says: /1 redirect URL/,
  },
};

for (const [what, { fields = {}, asOwner, after, body, says }] of Object.entries(prepared)) {
  test(`an application that somebody prepared under this name, and kept ${what}, is granted nothing`, async t => {
    const token = "mallory.s.token";
    const tokens = [{ token, kind: "delegated" as const, user: "user000000@contoso.com", roles: [] }];
    const { run, held, sandbox } = await aSetupTenant(t, { tokens });
    const send = async (method: string, path: string, json: object) => {
      const authorization = `Bearer ${asOwner === true ? token : sandbox.token}`;
      const headers = { authorization, "content-type": "application/json", prefer: "create-if-missing" };
      const answer = await fetch(sandbox.url + path, { method, headers, body: JSON.stringify(json) });
      assert.ok(answer.ok, `${path}: ${answer.status}`);
    };
    const theirs = "/v1.0/applications(uniqueName='prepop-phone-methods')";
    await send("PATCH", theirs, { displayName: "prepop phone methods", ...fields });
    if (after !== undefined) await send("POST", `${theirs}/${after}`, body ?? {});
    const made = await run(setup);
    const [error] = made.of("error");
    assert.deepEqual([made.exitCode, error?.code], [6, "PREPOP_SETUP_NOT_OURS"]);
    assert.match(String(error?.message), says);
    const { principals, roles, certificates } = await held();
    assert.deepEqual([principals, roles, certificates], [[], [], 0]);
    const back = await run(["setup", "--remove", "--yes", "--json", "--profile", "contoso.com"]);
    assert.equal(back.exitCode, 0, back.stderr);
    const { applications, grants } = await held();
    assert.deepEqual([applications.length, grants], [1, [`${tools}, Principal: User.Read`]]);
  });
}

test("a certificate that runs out soon is replaced, and the old one is good until then", async t => {
  const { run, held, home } = await aSetupTenant(t);
  await run(setup);
  const short = await newCertificate("prepop", Date.now(), 29);
  writeFileSync(join(home, "certificates", "contoso.com.pem"), short.file);
  const [told] = (await run(["doctor", "--json"])).of("check").filter(({ name }) => name === "certificate");
  assert.deepEqual(
    [told?.status, told?.fix],
    ["warn", "`prepop setup --profile contoso.com` puts another one beside it."],
  );
  const again = await run(setup);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.deepEqual(
    again.of("step").map(({ step, state }) => `${step} ${state}`),
    ["application there", "principal there", "roles there", "certificate done"],
  );
  assert.deepEqual(counts(await held()), { ...one, certificates: 2 });
});

test("a cloud without permissions for phones alone gets the wide one", async t => {
  const { run, held } = await aSetupTenant(t, { missingPermissions: ["UserAuthMethod-Phone.ReadWrite.All"] });
  assert.equal((await run([...setup, "--features", "none"])).exitCode, 0);
  assert.deepEqual((await held()).roles, [
    "UserAuthenticationMethod.ReadWrite.All",
    "User.Read.All",
    "Organization.Read.All",
  ]);
});

for (const status of [400, 404, 501] as const) {
  test(`where unique names are answered ${status}, a tag does as well, also the second time`, async t => {
    const { run, held, home } = await aSetupTenant(t, {
      capabilities: { upsert: status },
      replicationMs: 3_000,
    });
    assert.equal((await run(setup)).exitCode, 0);
    const { applications } = await held();
    const adopt = ["--adopt", String(applications[0]?.appId)];
    const again = await run([...setup, ...adopt], { env: { PREPOP_HOME: join(home, "other") } });
    assert.equal(again.exitCode, 0, again.stderr);
    assert.deepEqual(counts(await held()), { ...one, certificates: 2 });
    assert.deepEqual(applications[0]?.tags, ["prepop-setup:prepop-phone-methods"]);
  });
}

test("a unique name that a deleted application holds is done without", async t => {
  const fault: FaultRule = {
    kind: "unknownError",
    status: 409,
    match: { operation: "updateApplication" },
    to: 4,
  };
  const { run, held } = await aSetupTenant(t, { faults: [fault] });
  const made = await run(setup);
  assert.equal(made.exitCode, 0, made.stderr);
  const { applications } = await held();
  assert.deepEqual([applications.length, applications[0]?.uniqueName], [1, null]);
  const again = await run(setup);
  assert.deepEqual(
    again.of("step").map(({ state }) => state),
    ["there", "there", "there", "there"],
  );
});

/** Who may not do which part, and what the message has to name. */
const without: readonly (readonly [string, SandboxConfig, RegExp])[] = [
  [
    "an Authentication Administrator",
    { users: [{ userPrincipalName: "admin@contoso.com", roles: ["Authentication Administrator"] }] },
    /AppRoleAssignment\.ReadWrite\.All and the role Privileged Role Administrator/,
  ],
  [
    "somebody who may not register applications",
    {
      faults: [
        { kind: "forbidden", code: "Authorization_RequestDenied", match: { operation: "updateApplication" } },
      ],
    },
    /Application\.ReadWrite\.All/,
  ],
];

for (const [who, config, needs] of without) {
  test(`${who} is told what is missing, and what there is now`, async t => {
    const { run } = await aSetupTenant(t, config);
    const made = await run(setup);
    assert.equal(made.exitCode, 4);
    const [error] = made.of("error");
    assert.equal(error?.code, "PREPOP_SETUP_FORBIDDEN");
    assert.match(String(error?.hint), needs);
    assert.match(String(error?.message), /is registered; running again|Nothing was made/);
    assert.match(made.stderr, /Left on Microsoft Graph Command Line Tools/);
  });
}

test("with a token that was brought along nobody is asked, and nothing is left on Microsoft's client", async t => {
  const { run, held, sandbox } = await aSetupTenant(t);
  const made = await run(setup, { env: { PREPOP_ACCESS_TOKEN: sandbox.token } });
  assert.equal(made.exitCode, 0, made.stderr);
  assert.deepEqual([made.of("consent"), (await held()).grants], [[], []]);
});

test("without a yes nothing is asked for and nothing is sent", async t => {
  const { run, sandbox } = await aSetupTenant(t);
  const made = await run(["setup", "--json"]);
  assert.deepEqual([made.exitCode, made.of("error")[0]?.code], [1, "PREPOP_USAGE_NEEDS_YES"]);
  assert.deepEqual([sandbox.stats().requests, sandbox.signIn.log.length], [0, 0]);
});

for (const [typed, exitCode, applications] of [
  ["no", 6, 0],
  ["yes", 0, 1],
] as const) {
  test(`on a terminal the steps are shown first, and ${typed} is an answer`, async t => {
    const { run, held } = await aSetupTenant(t);
    const made = await run(["setup"], { typed });
    assert.equal(made.exitCode, exitCode, made.stderr);
    assert.match(made.stdout, /\+ Register the application “prepop phone methods”, for this tenant only/);
    assert.match(made.stdout, /UserAuthMethod-Phone\.ReadWrite\.All {2}read and write phones/);
    assert.equal((await held()).applications.length, applications);
    assert.match(made.stdout + made.stderr, /Left on Microsoft Graph Command Line Tools/);
  });
}

test("printed, it shows calls and steps and asks nobody anything", async t => {
  const { run, sandbox } = await aSetupTenant(t);
  const printed = await run(["setup", "--print", "--json"]);
  assert.equal(printed.exitCode, 0);
  assert.deepEqual([sandbox.stats().requests, sandbox.signIn.log.length], [0, 0]);
  assert.deepEqual(
    printed.of("call").map(({ method }) => method),
    ["GET", "PATCH", "POST", ...usual.map(() => "POST"), "PATCH"],
  );
  assert.ok(printed.of("portal").some(({ text }) => /Grant admin consent/.test(String(text))));
  const china = await run(["setup", "--print", "--json", "--cloud", "china"]);
  assert.deepEqual((china.summary.permissions as string[])[0], "UserAuthenticationMethod.ReadWrite.All");
  const back = await run(["setup", "--print", "--remove"]);
  assert.match(back.stdout, /DELETE \/v1\.0\/applications\//);
});

/** Options that say no: what they are, and what the message names. */
const refusals: readonly (readonly [string[], RegExp])[] = [
  [["--delegated", "--application"], /contradict each other/],
  [["--delegated", "--secret"], /needs no secret/],
  [["--features", "sms"], /does not know sms/],
  [["--name", "…"], /--name needs letters/],
  [["--profile", "no/name"], /cannot name a profile/],
  [["--remove", "--profile", "absent"], /There is no profile absent/],
];

test("a profile is of one application, and --name cannot make it another's", async t => {
  const { run, sandbox } = await aSetupTenant(t);
  await run(setup);
  const { requests } = sandbox.stats();
  const refused = await run([...setup, "--profile", "contoso.com", "--name", "Another"]);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /is of the application “prepop phone methods”/);
  assert.equal(sandbox.stats().requests, requests);
  assert.equal((await run([...setup, "--name", "Another"])).summary.profile, "contoso.com-app");
});

for (const [options, message] of refusals) {
  test(`${options.join(" ")} is refused before anything is sent`, async t => {
    const { run, sandbox } = await aSetupTenant(t);
    const refused = await run([...setup, ...options]);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, message);
    assert.equal(sandbox.stats().requests, 0);
  });
}

test("a profile that no setup has made is neither replaced nor removed", async t => {
  const { run, home, held } = await aSetupTenant(t);
  await run(["login", "--profile", "mine", "--json"]);
  for (const options of [[], ["--remove"]]) {
    const refused = await run([...setup, ...options, "--profile", "mine"]);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /was not made by a setup/);
  }
  assert.equal((await held()).applications.length, 0);
  // Without a name, the tenant's domain may be taken: then it is called something else.
  await run(["login", "--profile", "contoso.com", "--json"]);
  assert.equal((await run(setup)).summary.profile, "contoso.com-app");
  assert.equal(profilesIn(home).length, 3);
});

test("a profile of another tenant stops it before anything is read", async t => {
  const first = await aSetupTenant(t);
  await first.run(setup);
  const other = await aSetupTenant(t, { domain: "fabrikam.com" });
  const made = await other.run([...setup, "--profile", "contoso.com"], {
    env: { PREPOP_HOME: first.home, PREPOP_ACCESS_TOKEN: other.sandbox.token },
  });
  assert.deepEqual([made.exitCode, made.of("error")[0]?.code], [6, "PREPOP_TENANT_MISMATCH"]);
});
