import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { assertion } from "../support/assertion.ts";
import { browse } from "../support/browser.ts";
import { type CliPlace, type CliRun, runCli } from "../support/cli.ts";
import { filesOf, temporaryFolder } from "../support/ledgerData.ts";
import { signInCertificate } from "../support/loopbackCertificate.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { aTrustedSandbox } from "../support/trustedSandbox.ts";
import { withEnvironment } from "../support/withEnvironment.ts";

const appId = "7a1e0f0e-0000-4000-8000-000000000001";
const plantedSecret = "planted~secret~of~an~application";
const plantedToken = "planted.token.as-it-is";
const pipeline = { issuer: "https://token.actions.example.com", subject: "repo:contoso/phones" };
const certificate = signInCertificate();
const folder = temporaryFolder();
const files = {
  certificate: join(folder, "app.pem"),
  assertion: join(folder, "assertion.jwt"),
  roster: rosterFile("phones.csv", "userPrincipalName,mobile\nuser000000@contoso.com,+31 612345678\n"),
  bare: rosterFile("bare.csv", "userPrincipalName,mobile\nuser000000@contoso.com,0612345678\n"),
};
writeFileSync(files.certificate, certificate.key + certificate.cert);
writeFileSync(files.assertion, assertion(pipeline));

const clients = [
  {
    clientId: appId,
    secrets: [plantedSecret],
    certificates: [certificate.cert],
    federated: [pipeline],
  },
];
const sandbox = await aTrustedSandbox({
  signIn: { clients },
  tokens: [{ token: plantedToken, kind: "app" }],
});
after(() => sandbox.close());

type Place = {
  readonly home: string;
  run(argv: readonly string[], env?: NodeJS.ProcessEnv, place?: Partial<CliPlace>): Promise<CliRun>;
};

function aHome(of: Sandbox = sandbox): Place {
  const home = temporaryFolder();
  const base = { PREPOP_HOME: home, PREPOP_GRAPH_URL: of.url, AZURE_AUTHORITY_HOST: of.signIn.authority };
  return {
    home,
    run: async (argv, env = {}, place = {}) => {
      const openBrowser = async (url: string) => {
        await browse(url);
      };
      const done = await runCli(argv, { env: { ...base, ...env }, openBrowser, ...place });
      assertNothingPlanted([done.stdout, done.stderr, ...atHome(home)]);
      return done;
    },
  };
}

/** What is kept at home, but for the tokens. */
function atHome(home: string): string[] {
  return [...filesOf(home)]
    .filter(([path]) => !path.startsWith("tokens"))
    .map(([, bytes]) => bytes.toString("latin1"));
}

const tokenRequests = (of: Sandbox = sandbox) =>
  of.signIn.log.filter(({ endpoint }) => endpoint === "token").length;

/** What each kind of sign-in is told; each must plan after it, with and without being named. */
const kinds: Readonly<
  Record<
    string,
    { readonly argv: readonly string[]; readonly env?: NodeJS.ProcessEnv; readonly user?: string }
  >
> = {
  browser: { argv: ["--auth", "browser"], user: "admin@contoso.com" },
  "device code": { argv: ["--auth", "device-code"], user: "admin@contoso.com" },
  certificate: {
    argv: ["--certificate", files.certificate, "--tenant", "contoso.com", "--client-id", appId],
  },
  secret: {
    argv: ["--auth", "secret", "--tenant", "contoso.com", "--client-id", appId],
    env: { AZURE_CLIENT_SECRET: plantedSecret },
  },
  "workload federation": {
    argv: ["--federated-token-file", files.assertion, "--tenant", "contoso.com", "--client-id", appId],
  },
};

for (const [name, { argv, env, user }] of Object.entries(kinds)) {
  test(`login with ${name} makes a profile, and plan uses it`, async () => {
    const { run, home } = aHome();
    const login = await run(["login", ...argv, "--json"], env);
    assert.equal(login.exitCode, 0, login.stderr);
    const [profile] = login.of("profile");
    assert.equal(profile?.name, "contoso.com");
    assert.equal(profile?.tenantId, sandbox.tenantId);
    assert.equal(profile?.user, user ?? null);
    assert.equal(profile?.default, true);
    for (const chosen of [[], ["--profile", "contoso.com"]]) {
      const plan = await run(["plan", files.roster, ...chosen, "--json"], env);
      assert.equal(plan.exitCode, 2, plan.stderr);
      assert.equal(plan.summary.tenantId, sandbox.tenantId);
    }
    assertOwn(join(home, "profiles.json"));
  });
}

test("a person's sign-in is kept: the next plan asks the authority for nothing and changes nothing at home", async () => {
  const { run, home } = aHome();
  await run(["login"]);
  const before = filesOf(home);
  const from = tokenRequests();
  assert.equal((await run(["plan", files.roster])).exitCode, 2);
  assert.equal(tokenRequests(), from);
  assert.deepEqual(filesOf(home), before);
  const [tokens] = [...before.keys()].filter(path => path.startsWith("tokens"));
  assertOwn(join(home, tokens ?? ""));
});

test("the AZURE_ variables sign in without a login, and nothing is kept", async () => {
  const { run, home } = aHome();
  for (const proof of [
    { AZURE_CLIENT_SECRET: plantedSecret },
    { AZURE_CLIENT_CERTIFICATE_PATH: files.certificate },
    { AZURE_FEDERATED_TOKEN_FILE: files.assertion },
  ]) {
    const env = { AZURE_TENANT_ID: sandbox.tenantId, AZURE_CLIENT_ID: appId, ...proof };
    const plan = await run(["plan", files.roster, "--json"], env);
    assert.equal(plan.exitCode, 2, plan.stderr);
  }
  assert.deepEqual([...filesOf(home).keys()], []);
});

test("the identity of the machine needs no application and no tenant", async () => {
  const { run } = aHome();
  const { identityEndpoint, identityHeader } = sandbox.signIn;
  const environment = { IDENTITY_ENDPOINT: identityEndpoint, IDENTITY_HEADER: identityHeader };
  await withEnvironment(environment, async () => {
    const login = await run(["login", "--auth", "managed-identity", "--json"]);
    assert.equal(login.exitCode, 0, login.stderr);
    assert.equal(login.of("profile")[0]?.tenantId, sandbox.tenantId);
    assert.equal((await run(["plan", files.roster])).exitCode, 2);
  });
});

test("whoever is signed in to the Azure CLI can plan", { skip: process.platform === "win32" }, async () => {
  const { run } = aHome();
  const bin = temporaryFolder();
  const answer = { accessToken: plantedToken, expires_on: 4_102_444_800, tenant: sandbox.tenantId };
  writeFileSync(join(bin, "answer.json"), JSON.stringify(answer));
  writeFileSync(join(bin, "az"), `#!/bin/sh\necho "$@" >> ${bin}/asked\ncat ${bin}/answer.json\n`);
  chmodSync(join(bin, "az"), 0o755);
  const env = { PATH: `${bin}${delimiter}${process.env.PATH}` };
  const login = await run(["login", "--auth", "azure-cli", "--json"], env);
  assert.equal(login.exitCode, 0, login.stderr);
  assert.equal(login.of("profile")[0]?.clientId, null);
  assert.equal((await run(["plan", files.roster], env)).exitCode, 2);
  assert.match(
    readFileSync(join(bin, "asked"), "utf8"),
    /^account get-access-token --output json --resource https:\/\/graph\.microsoft\.com$/m,
  );
});

test("an Azure CLI that is missing or signed out is told with what to do", async () => {
  const { run } = aHome();
  const bin = temporaryFolder();
  const missing = await run(["login", "--auth", "azure-cli"], { PATH: bin });
  assert.equal(missing.exitCode, 4);
  assert.match(missing.stderr, /not installed/);
  writeFileSync(join(bin, "az"), "#!/bin/sh\necho \"Please run 'az login' to setup account.\" >&2\nexit 1\n");
  chmodSync(join(bin, "az"), 0o755);
  const out = await run(["login", "--auth", "azure-cli"], { PATH: `${bin}${delimiter}${process.env.PATH}` });
  assert.equal(out.exitCode, 4);
  assert.match(out.stderr, /nobody is signed in to the Azure CLI/);
});

test("the token as it is comes first, then the profile that was named, the AZURE_ variables, the default profile", async () => {
  const { run } = aHome();
  await run(["login"]);
  const env = {
    AZURE_TENANT_ID: sandbox.tenantId,
    AZURE_CLIENT_ID: appId,
    AZURE_CLIENT_SECRET: plantedSecret,
  };
  const grants = async (argv: readonly string[], variables: NodeJS.ProcessEnv) => {
    const from = sandbox.signIn.log.length;
    const done = await run(["plan", files.roster, ...argv], variables);
    assert.equal(done.exitCode, 2, done.stderr);
    return sandbox.signIn.log.slice(from).flatMap(({ grant }) => grant ?? []);
  };
  assert.deepEqual(await grants([], { ...env, PREPOP_ACCESS_TOKEN: plantedToken }), []);
  assert.deepEqual(await grants(["--profile", "contoso.com"], env), []);
  assert.deepEqual(await grants([], env), ["client_credentials"]);
  assert.deepEqual(await grants([], {}), []);
});

test("without any of them, nothing is sent and the ways in are named", async () => {
  const { run } = aHome();
  const plan = await run(["plan", files.roster, "--json"]);
  assert.equal(plan.exitCode, 4);
  assert.equal(plan.of("error")[0]?.code, "PREPOP_AUTH_NO_TOKEN");
  assert.match(String(plan.of("error")[0]?.hint), /prepop login/);
});

test("a profile of another tenant stops everything before the first user is read", async () => {
  const { run, home } = aHome();
  await run(["login"]);
  const path = join(home, "profiles.json");
  const other = "11111111-2222-4333-8444-555555555555";
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(sandbox.tenantId, other));
  const from = sandbox.log.length;
  const plan = await run(["plan", files.roster, "--profile", "contoso.com", "--json"], {
    PREPOP_ACCESS_TOKEN: plantedToken,
  });
  assert.equal(plan.exitCode, 6);
  assert.equal(plan.of("error")[0]?.code, "PREPOP_TENANT_MISMATCH");
  // The policies of the tenant may be asked for beside it; they are no user's.
  const asked = sandbox.log.slice(from).flatMap(({ operation }) => operation ?? []);
  assert.deepEqual(
    asked.filter(name => !name.endsWith("Policy")),
    ["getOrganization"],
  );
});

test("login does not turn a profile into one of another tenant", async () => {
  const fabrikam = await aTrustedSandbox({ domain: "fabrikam.com", signIn: { clients } });
  const { run } = aHome();
  await run(["login", "--profile", "main"]);
  const elsewhere = {
    PREPOP_GRAPH_URL: fabrikam.url,
    AZURE_AUTHORITY_HOST: fabrikam.signIn.authority,
    AZURE_CLIENT_SECRET: plantedSecret,
  };
  const argv = [
    "login",
    "--profile",
    "main",
    "--auth",
    "secret",
    "--tenant",
    "fabrikam.com",
    "--client-id",
    appId,
  ];
  const again = await run([...argv, "--json"], elsewhere);
  assert.equal(again.exitCode, 6);
  assert.equal(again.of("error")[0]?.code, "PREPOP_TENANT_MISMATCH");
  await fabrikam.close();
});

test("the region of the profile is that of numbers that carry none, unless --region says", async () => {
  const { run } = aHome();
  await run(["login", "--region", "NL"]);
  const to = async (argv: readonly string[]) => {
    const plan = await run(["plan", files.bare, ...argv, "--json", "--show-numbers"]);
    return plan.of("change")[0]?.to ?? plan.of("issue")[0]?.code;
  };
  assert.equal(await to([]), "+31 612345678");
  assert.notEqual(await to(["--region", "US"]), "+31 612345678");
});

test("logout forgets the tokens and keeps the profile; the next plan says to log in", async () => {
  const { run, home } = aHome();
  await run(["login"]);
  const out = await run(["logout", "--json"]);
  assert.equal(out.summary.forgotten, 1);
  assert.deepEqual([...filesOf(home).keys()], ["profiles.json"]);
  const plan = await run(["plan", files.roster, "--json"]);
  assert.equal(plan.exitCode, 4);
  assert.equal(plan.of("error")[0]?.code, "PREPOP_AUTH_SIGN_IN_AGAIN");
  assert.equal((await run(["profiles", "--json"])).of("profile")[0]?.signedIn, false);
});

test("profiles are listed, chosen and removed", async () => {
  const { run, home } = aHome();
  await run(["login", "--profile", "one", "--region", "NL"]);
  await run(["login", "--profile", "two", "--auth", "device-code"]);
  assert.match((await run(["profiles"])).stdout, /^\* one {2}contoso\.com, .*numbers of NL/m);
  await run(["profiles", "use", "TWO"]);
  const listed = await run(["profiles", "--json"]);
  assert.deepEqual(
    listed.of("profile").map(({ name, default: isDefault }) => [name, isDefault]),
    [
      ["one", false],
      ["two", true],
    ],
  );
  await run(["profiles", "remove", "two"]);
  assert.deepEqual([...filesOf(home).keys()].toSorted(), ["profiles.json", join("tokens", "one.json")]);
  assert.equal((await run(["profiles", "remove", "two"])).exitCode, 1);
  assert.equal((await run(["plan", files.roster, "--profile", "two"])).exitCode, 1);
});

test("the profiles hold no secret, whatever they were made with", async () => {
  const { run, home } = aHome();
  const argv = ["login", "--auth", "secret", "--tenant", "contoso.com", "--client-id", appId];
  await run(argv, { AZURE_CLIENT_SECRET: plantedSecret });
  assert.deepEqual([...filesOf(home).keys()], ["profiles.json"]);
  assert.ok(!readFileSync(join(home, "profiles.json"), "utf8").includes(plantedSecret));
  const later = await run(["plan", files.roster]);
  assert.equal(later.exitCode, 4);
  assert.match(later.stderr, /AZURE_CLIENT_SECRET, which is not set/);
});

const mistakes: readonly {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly exit: number;
  readonly says: RegExp;
}[] = [
  {
    name: "a name that is a path",
    argv: ["login", "--profile", "../x"],
    exit: 1,
    says: /cannot name a profile/,
  },
  { name: "an application without a tenant", argv: ["login", "--auth", "secret"], exit: 1, says: /--tenant/ },
  {
    name: "a plain http authority",
    argv: ["login"],
    env: { AZURE_AUTHORITY_HOST: "http://127.0.0.1:4010" },
    exit: 1,
    says: /it is not https/,
  },
  {
    name: "a certificate that is not there",
    argv: ["login", "--certificate", "gone.pem", "--tenant", "contoso.com", "--client-id", appId],
    exit: 4,
    says: /there is no file gone\.pem/,
  },
  {
    name: "a wrong secret",
    argv: ["login", "--auth", "secret", "--tenant", "contoso.com", "--client-id", appId],
    env: { AZURE_CLIENT_SECRET: `${plantedSecret}~` },
    exit: 4,
    says: /AADSTS7000215/,
  },
  {
    name: "SMS sign-in in China",
    argv: ["plan", files.roster, "--cloud", "china", "--sms-sign-in", "enable"],
    env: { PREPOP_ACCESS_TOKEN: plantedToken },
    exit: 1,
    says: /China \(21Vianet\) has no SMS sign-in/,
  },
];

for (const { name, argv, env, exit, says } of mistakes) {
  test(`${name} is refused`, async () => {
    const { run, home } = aHome();
    const done = await run(argv, env);
    assert.equal(done.exitCode, exit, done.stderr);
    assert.match(done.stderr, says);
    assert.deepEqual([...filesOf(home).keys()], []);
  });
}

test("profiles that cannot be read stop a command that needs them, and stay as they are", async () => {
  const { run, home } = aHome();
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "profiles.json"), "{");
  const plan = await run(["plan", files.roster, "--json"]);
  assert.equal(plan.exitCode, 1);
  assert.equal(plan.of("error")[0]?.code, "PREPOP_PROFILE_FILE");
  assert.equal(readFileSync(join(home, "profiles.json"), "utf8"), "{");
});

/** Windows has no file modes; there the folder is the user's own. */
function assertOwn(path: string): void {
  if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
}

/** Whatever a command is told, none of it is written anywhere but into the kept tokens. */
function assertNothingPlanted(texts: readonly string[]): void {
  const all = texts.join("\n");
  const keyLine = certificate.key.split("\n")[3] ?? "";
  const { clientSecret, identityHeader } = sandbox.signIn;
  for (const planted of [plantedSecret, plantedToken, clientSecret, identityHeader, keyLine]) {
    assert.ok(!all.includes(planted), `${planted.slice(0, 12)}… was written`);
  }
  assert.doesNotMatch(all, /1\.(sandbox|code|device)\.[\w-]{20,}/, "a code or refresh token was written");
}
