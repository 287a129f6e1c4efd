import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, describe, test } from "node:test";
import { commands } from "../../src/cli/commands.ts";
import { assertion } from "../support/assertion.ts";
import { browse } from "../support/browser.ts";
import { type CliPlace, type CliRun, runCli } from "../support/cli.ts";
import { gateway } from "../support/gateway.ts";
import { filesOf, temporaryFolder, testKey } from "../support/ledgerData.ts";
import { signInCertificate } from "../support/loopbackCertificate.ts";
import { assertNoSecrets } from "../support/noSecrets.ts";
import { leaks, leaksIn, type Planted } from "../support/planted.ts";
import { spawnPrepop } from "../support/spawned.ts";
import { aTenant } from "../support/tenant.ts";
import { aTrustedSandbox } from "../support/trustedSandbox.ts";
import { virtualClock } from "../support/virtualClock.ts";
import { withEnvironment } from "../support/withEnvironment.ts";

/**
 * Secrets and numbers are planted wherever prepop gets some; then every command, its errors and its crashes are run, and
 * whatever they print, write or start is searched for them, in every spelling.
 */

const appId = "7a1e0f0e-0000-4000-8000-000000000001";
const certificate = signInCertificate();
const pipeline = { issuer: "https://token.actions.example.com", subject: "repo:contoso/phones" };
const secrets: Planted = {
  "the token as it is": "planted~token~7f3a91c24e",
  "the client secret": "planted~secret~5d07be13a8",
  "the key of the certificate": certificate.key.split("\n")[3] ?? "",
  "the federated token": assertion(pipeline),
  "the key of the ledger": testKey,
  "the token for Power Platform": "planted~power~platform~90ab",
  "the secret of the connector": "planted~connector~secret~11",
  "the password of the proxy": "planted~proxy~password~77",
};
const numbers: Planted = {
  "the mobile of user 0": "+1 2065550130",
  "the mobile of user 1": "+1 2065550131",
  "the office phone of user 1": "+1 2065550151",
  "the roster's for user 0": "+1 2065550140",
  "the roster's for user 1": "+1 2065550141",
  "the roster's for user 2": "+1 2065550142",
  "one of two in a cell": "+1 2065550143",
  "the other of the two": "+1 2065550144",
  "a number with a letter in it": "+1 2065550145",
  "a number of an argument": "+1 2065550146",
  "a number of stdin": "+1 2065550147",
};
const planted: Planted = { ...secrets, ...numbers };
const secret = (name: string): string => secrets[name] ?? assert.fail(name);

const folder = temporaryFolder();
const files = {
  roster: join(folder, "phones.csv"),
  broken: join(folder, "broken.xlsx"),
  certificate: join(folder, "app.pem"),
  wrongKey: join(folder, "wrong.pem"),
  assertion: join(folder, "assertion.jwt"),
};
writeFileSync(
  files.roster,
  `userPrincipalName,mobile,office
user000000@contoso.com,206 555 0140,
user000001@contoso.com,+12065550141,001 (206) 555-0151
user000002@contoso.com,2065550142,
user000003@contoso.com,206 5550143 or 206 5550144,
user000004@contoso.com,2065550145a,
+12065550143,2065550144,
`,
);
writeFileSync(files.broken, `PK\u0003\u0004${secret("the client secret")}+12065550143`);
writeFileSync(files.certificate, certificate.key + certificate.cert);
writeFileSync(files.wrongKey, certificate.key + signInCertificate().cert);
writeFileSync(files.assertion, secret("the federated token"));

const judge = await import("../../src/connector/lint/judge.ts");
const sandbox = await aTrustedSandbox({
  users: [
    {
      userPrincipalName: "user000000@contoso.com",
      phones: { mobile: numbers["the mobile of user 0"] ?? "" },
    },
    {
      userPrincipalName: "user000001@contoso.com",
      phones: {
        mobile: numbers["the mobile of user 1"] ?? "",
        office: numbers["the office phone of user 1"] ?? "",
      },
    },
    ...[2, 3, 4, 5].map(n => `user00000${n}@contoso.com`),
  ],
  tokens: [
    { token: secret("the token as it is"), kind: "app" },
    { token: secret("the token for Power Platform"), kind: "app" },
  ],
  signIn: {
    clients: [
      {
        clientId: appId,
        secrets: [secret("the client secret")],
        certificates: [certificate.cert],
        federated: [pipeline],
      },
    ],
  },
  judgeSwagger: judge.judgeSwagger,
});
after(() => sandbox.close());
const before = sandbox.snapshot();

/** A new home, in which a list was applied once, and a folder to write to. */
async function aPlace() {
  sandbox.restore(before);
  const home = temporaryFolder();
  const out = temporaryFolder();
  const said: string[] = [];
  const env = {
    PREPOP_HOME: home,
    PREPOP_GRAPH_URL: sandbox.url,
    PREPOP_POWER_PLATFORM_URL: sandbox.url,
    PREPOP_POWER_PLATFORM_TOKEN: secret("the token for Power Platform"),
    PREPOP_CONNECTOR_SECRET: secret("the secret of the connector"),
    PREPOP_LEDGER_KEY: testKey,
    PREPOP_ACCESS_TOKEN: secret("the token as it is"),
    AZURE_AUTHORITY_HOST: sandbox.signIn.authority,
    AZURE_CLIENT_SECRET: secret("the client secret"),
  };
  const run = async (argv: readonly string[], place: Partial<CliPlace> = {}): Promise<CliRun> => {
    const openBrowser = async (url: string): Promise<void> => {
      said.push(url);
      await browse(url);
    };
    const done = await runCli(argv, {
      env,
      openBrowser,
      clock: virtualClock(),
      stdin: numbers["a number of stdin"] ?? "",
      ...place,
    });
    said.push(done.stdout, done.stderr);
    return done;
  };
  const applied = await run([
    "apply",
    files.roster,
    "--region",
    "US",
    "--policy",
    "update",
    "--yes",
    "--json",
    "--max-change",
    "100%",
  ]);
  assert.equal(applied.exitCode, 3, applied.stderr);
  return { home, out, env, said, run, applied: String(applied.summary.run) };
}

type Names = { readonly out: string; readonly applied: string };
const of = ["--tenant", "contoso.com", "--client-id", appId];
const list = ["--region", "US", "--policy", "update"];
const power = (out: string): string => join(out, "connector");

/** What is run of each command: what works, and what goes wrong. */
const scenarios: Readonly<Record<string, (names: Names) => readonly (readonly string[])[]>> = {
  login: () => [
    ["--auth", "secret", ...of],
    ["--auth", "secret", "--tenant", "contoso.com", "--client-id", appId.replace(/1$/, "9")],
    ["--auth", "secret", "--tenant", "nowhere.example", "--client-id", appId],
    ["--certificate", files.certificate, ...of],
    ["--certificate", files.wrongKey, ...of],
    ["--certificate", files.assertion, ...of],
    ["--federated-token-file", files.assertion, ...of],
    ["--federated-token-file", files.certificate, ...of],
    ["--auth", "browser"],
    ["--auth", "device-code"],
  ],
  setup: () => [
    ["--print"],
    ["--yes", "--auth", "device-code"],
    ["--yes", "--auth", "browser", "--delegated", "--profile", "people"],
    ["--yes", "--remove", "--profile", "nowhere"],
    ["--yes", "--tenant", "nowhere.example"],
  ],
  logout: () => [[], ["--profile", "nowhere"]],
  profiles: () => [[]],
  "profiles use": () => [["contoso.com"], ["nowhere"]],
  "profiles remove": () => [["contoso.com"], ["nowhere"]],
  doctor: () => [[], ["--profile", "nowhere"], ["--cloud", "china"]],
  template: ({ out }) => [
    ["--out", join(out, "template.xlsx")],
    ["--out", join(out, "no", "template.xlsx")],
  ],
  check: () => [
    [files.roster, ...list.slice(0, 2)],
    [files.roster, "--inspect"],
    [files.broken],
    [files.roster, "--column", "mobile=nothing"],
    ["-", "--format", "csv"],
  ],
  plan: ({ out }) => [
    [files.roster, ...list],
    [files.roster, "--policy", "mirror", "--region", "US", "--report", join(out, "plan.html")],
    [files.roster, ...list, "--report", join(out, "plan.xlsx")],
    [files.roster, ...list, "--report", join(out, "plan.csv")],
    [files.roster, ...list, "--report", join(out, "plan.md")],
    [files.broken],
    [files.roster, "--group", "nobody"],
  ],
  rehearse: () => [
    [files.roster, ...list],
    [files.roster, ...list, "--faults", "throttled:0.5,committedThen504:0.5"],
  ],
  apply: ({ out }) => [
    [files.roster, "--region", "US", "--policy", "mirror"],
    [files.roster, ...list, "--yes", "--report", join(out, "run.html")],
    [files.roster, ...list, "--yes", "--max-change", "100%", "--report", join(out, "run.json")],
    [files.roster, ...list, "--yes", "--digest", "0".repeat(64)],
    [files.broken, "--yes"],
  ],
  resume: () => [[], ["nothing"]],
  undo: ({ applied, out }) => [
    ["nothing", "--yes"],
    [applied, "--yes", "--max-change", "100%", "--report", join(out, "undo.csv")],
    [applied, "--yes"],
  ],
  runs: () => [[]],
  "runs show": ({ applied, out }) => [
    [applied],
    [applied, "--report", join(out, "shown.html")],
    [applied, "--report", join(out, "shown.xlsx")],
    ["nothing"],
  ],
  "runs end": ({ applied }) => [[applied], ["nothing"]],
  "runs forget": ({ applied }) => [
    ["nothing", "--yes"],
    [applied, "--yes"],
  ],
  "runs export": ({ applied, out }) => [[applied, "--out", join(out, "record.jsonl")], [applied]],
  "runs verify": () => [[files.roster], [files.broken]],
  "phone list": () => [["user000000@contoso.com"], ["nobody@contoso.com"]],
  "phone get": () => [
    ["user000001@contoso.com", "office"],
    ["user000001@contoso.com", "alternateMobile"],
  ],
  "phone create": () => [
    ["user000002@contoso.com", "office", "+1 2065550146", "--yes"],
    ["user000005@contoso.com", "mobile", "-", "--yes"],
    ["user000005@contoso.com", "mobile", "2065550146a", "--yes"],
    ["user000001@contoso.com", "mobile", "+1 2065550146", "--yes"],
  ],
  "phone update": () => [
    ["user000001@contoso.com", "mobile", "+1 2065550146", "--yes"],
    ["user000001@contoso.com", "mobile", "+12065550146", "--yes", "--nothing"],
    ["user000001@contoso.com", "mobile", "+1", "2065550146", "--yes"],
  ],
  "phone delete": () => [
    ["user000001@contoso.com", "office", "--yes"],
    ["user000001@contoso.com", "fax", "--yes"],
  ],
  "phone enable-sms": () => [["user000001@contoso.com", "--yes"]],
  "phone disable-sms": () => [["user000001@contoso.com", "--yes"]],
  "connector build": ({ out }) => [["--out", power(out)]],
  "connector lint": ({ out }) => [[power(out)], [folder]],
  "connector create": ({ out }) => [["--out"], [power(out)], [power(out), "--environment", "nowhere"]],
  "connector update": ({ out }) => [[power(out), "--connector-id", "shared_nothing"], [power(out)]],
  "connector download": ({ out }) => [["--connector-id", "shared_nothing", "--out", join(out, "got")]],
  "connector validate": ({ out }) => [[power(out)], [folder]],
  "connector redirect-url": () => [["--connector-id", "shared_nothing"]],
  "flow build": ({ out }) => [
    ["--format", "logicapp-identity", "--out", join(out, "flow.json")],
    ["--connector-id", "nothing"],
  ],
  "sandbox start": () => [[], ["--config", files.broken], ["--config", files.assertion]],
  "sandbox reset": () => [[]],
  probe: ({ out }) => [
    [
      "--user",
      "user000002@contoso.com",
      "--out",
      join(out, "probe.json"),
      "--yes",
      "--confirm-tenant",
      "contoso.com",
    ],
    [
      "--user",
      "user000004@contoso.com",
      "--out",
      join(out, "probe.json"),
      "--yes",
      "--confirm-tenant",
      "contoso.com",
    ],
    ["--user", "user000004@contoso.com", "--yes"],
    ["--restore", "--yes", "--confirm-tenant", "contoso.com"],
    [],
  ],
};

test("every command is searched", () => {
  assert.deepEqual(Object.keys(scenarios).toSorted(), commands.map(({ name }) => name).toSorted());
});

for (const { name } of commands) {
  test(`${name} gives nothing away, as text, as JSON and on a terminal`, async () => {
    const { home, out, said, run, applied } = await aPlace();
    if (name.startsWith("connector")) await run(["connector", "build", "--out", power(out)]);
    if (/^(logout|profiles)/.test(name)) await run(["login", "--auth", "secret", ...of]);
    for (const argv of scenarios[name]?.({ out, applied }) ?? []) {
      const whole = [...name.split(" "), ...argv];
      await run(whole, { signal: AbortSignal.timeout(name === "sandbox start" ? 1 : 60_000) });
      await run([...whole, "--json"], { signal: AbortSignal.timeout(name === "sandbox start" ? 1 : 60_000) });
      // A list or number from stdin is typed by nobody.
      if (argv.includes("-")) continue;
      await run(whole, { typed: "no", signal: AbortSignal.timeout(name === "sandbox start" ? 1 : 5_000) });
    }
    assert.deepEqual(leaks(said.join("\n"), planted), []);
    assert.deepEqual(leaksIn(out, planted), []);
    assert.deepEqual(leaksIn(home, planted), []);
  });
}

describe("a person's refresh token", () => {
  test("is in the token file, and nowhere else", async () => {
    const { home, run } = emptyPlace({});
    const said: string[] = [];
    const login = await run(["login", "--auth", "device-code"]);
    assert.equal(login.exitCode, 0, login.stderr);
    const [[path = "", bytes = Buffer.alloc(0)] = []] = [...filesOf(home)].filter(([name]) =>
      name.startsWith("tokens"),
    );
    const kept = [...bytes.toString("utf8").matchAll(/\\?"secret\\?":\s*\\?"([^"\\]{20,})/g)].map(
      ([, token = ""]) => token,
    );
    assert.ok(kept.length >= 2, "the file holds an access token and a refresh token");
    const tokens = Object.fromEntries(kept.map((token, n) => [`token ${n}`, token]));
    for (const argv of [["plan", files.roster, ...list], ["doctor"], ["profiles"], ["logout"]]) {
      for (const way of [[], ["--json"]]) {
        const done = await run([...argv, ...way]);
        said.push(done.stdout, done.stderr);
      }
    }
    assert.deepEqual(leaks(said.join("\n"), tokens), []);
    assert.deepEqual(leaksIn(home, tokens), [], `after the logout, which took ${path} away`);
  });
});

describe("a service that repeats what it was sent", () => {
  const echoes: readonly (readonly [
    where: string,
    echo: (text: string) => { readonly headers?: object; readonly body: string },
  ])[] = [
    ["in its message", text => ({ body: JSON.stringify({ error: { code: "badRequest", message: text } }) })],
    ["in its code", text => ({ body: JSON.stringify({ error: { code: text, message: "No." } }) })],
    [
      "in innerError",
      text => ({
        body: JSON.stringify({
          error: { code: "x", message: "", innerError: { message: text, "request-id": text } },
        }),
      }),
    ],
    ["as a page", text => ({ body: `<html><title>${text}</title><p>${text}` })],
    ["in its headers", text => ({ headers: echoed(text), body: "{}" })],
  ];
  const echoed = (text: string) => ({
    "request-id": text,
    "x-ms-throttle-information": text,
    "retry-after": text,
  });

  for (const [where, echo] of echoes) {
    for (const status of [200, 400, 401, 403, 404, 409, 429, 500, 503]) {
      test(`${where}, with ${status}, does not get it printed`, async () => {
        await using tenant = await aTenant().withUser("user000000@contoso.com").start();
        const token = secret("the token as it is");
        tenant.sandbox.addToken({ token, kind: "app" });
        let writes = 0;
        await using between = await gateway(tenant.sandbox.url, (asked, answer) => {
          const isWrite = asked.method !== "GET";
          if (isWrite) writes++;
          const text = `Bearer ${String(asked.headers.authorization)}, ${token}: ${asked.body} +44 7700 900400, 2065550140, +12065550140`;
          const { headers = {}, body } = echo(text.replaceAll(/[\r\n]/g, " "));
          return isWrite ? { status, headers: { ...answer.headers, ...headers }, body } : answer;
        });
        const home = temporaryFolder();
        const env = { PREPOP_HOME: home, PREPOP_GRAPH_URL: between.url, PREPOP_ACCESS_TOKEN: token };
        const argv = [
          "apply",
          files.roster,
          "--region",
          "US",
          "--yes",
          "--no-batch",
          "--settle-horizon",
          "1s",
          "--only",
          "user000000*",
        ];
        const report = join(temporaryFolder(), "run.html");
        const clock = tenant.clock;
        const said: string[] = [];
        for (const way of [["--json"], ["--report", report]]) {
          const run = await runCli([...argv, ...way], { env, clock });
          said.push(run.stdout, run.stderr);
        }
        assert.ok(writes > 0, said.join("\n"));
        assert.deepEqual(leaks(said.join("\n"), planted), []);
        assert.deepEqual(leaksIn(join(report, ".."), planted), []);
        assert.deepEqual(leaksIn(home, planted), []);
      });
    }
  }
});

test("a proxy whose address holds a password is not repeated", async () => {
  const app = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: appId, AZURE_CLIENT_SECRET: "planted" };
  const calls: readonly (readonly [argv: readonly string[], env: NodeJS.ProcessEnv])[] = [
    [["plan", files.roster], { PREPOP_ACCESS_TOKEN: secret("the token as it is") }],
    [["plan", files.roster], app],
    [["doctor"], { PREPOP_ACCESS_TOKEN: secret("the token as it is") }],
    [
      ["connector", "redirect-url", "--connector-id", "x", "--environment", "y"],
      { PREPOP_POWER_PLATFORM_TOKEN: "t" },
    ],
  ];
  const password = secret("the password of the proxy");
  for (const proxy of [
    `http://kim:${password}@127.0.0.1:9`,
    `not a url ${password}`,
    `ftp://kim:${password}@x`,
  ]) {
    for (const [argv, env] of calls) {
      await withEnvironment({ HTTPS_PROXY: proxy, NO_PROXY: "" }, async () => {
        const home = { PREPOP_HOME: temporaryFolder(), HTTPS_PROXY: proxy };
        const run = await runCli(argv, { env: { ...home, ...env }, clock: virtualClock() });
        assert.ok(run.exitCode !== 0, run.stdout);
        assert.doesNotMatch(run.stderr, /defect/, `${proxy} ${argv.join(" ")}`);
        assert.deepEqual(leaks(run.stdout + run.stderr, planted), [], run.stderr);
      });
    }
  }
});

describe("a defect", () => {
  const { "the token as it is": token = "", "the client secret": clientSecret = "" } = secrets;
  const text = `Cannot read 'x' of ${token}, Bearer ${clientSecret}, eyJhbGciOiJub25lIn0.eyJvaWQiOiIxIn0.abc, +44 7700 900300, (020) 7946-0301, 07700900401, kim@contoso.com`;

  test("is reported without what it was about", async () => {
    const { env, said } = await aPlace();
    for (const argv of [["doctor"], ["plan", files.roster], ["phone", "list", "a@contoso.com", "--json"]]) {
      const clock = {
        ...virtualClock(),
        now: (): number => {
          throw new TypeError(text);
        },
        wall: () => {
          throw new TypeError(text);
        },
      };
      const run = await runCli(argv, { env, clock });
      assert.equal(run.exitCode, 1, run.stderr);
      assert.match(run.stderr, /This is a defect of prepop/);
      assert.match(run.stderr, /at .*\.ts:\d+:\d+/, "the place is still there");
      said.push(run.stdout, run.stderr);
    }
    const all = said.join("\n");
    assert.deepEqual(
      leaks(all, { ...planted, "the name": "kim@contoso.com", "a token": "eyJhbGciOiJub25lIn0" }),
      [],
    );
  });

  for (const [what, code] of [
    ["that nobody caught", "throw error"],
    ["of a promise", "Promise.reject(error)"],
  ] as const) {
    test(`${what} ends the process with the same report`, async () => {
      const bomb = join(temporaryFolder(), "bomb.mjs");
      writeFileSync(
        bomb,
        `const error = Object.assign(new Error(${JSON.stringify(text)}), { headers: ${JSON.stringify(token)} });
         if (process.argv[1]?.endsWith("bin.ts")) setTimeout(() => { ${code}; }, 300);`,
      );
      const env = {
        PREPOP_HOME: temporaryFolder(),
        NODE_OPTIONS: `--import ${bomb}`,
        PREPOP_ACCESS_TOKEN: token,
        AZURE_CLIENT_SECRET: clientSecret,
      };
      const { ended } = spawnPrepop(["sandbox", "start"], env);
      const { exitCode, stdout, stderr } = await ended;
      assert.equal(exitCode, 1, stderr);
      assert.match(stderr, /This is a defect of prepop/);
      assert.deepEqual(leaks(stdout + stderr, planted), []);
    });
  }
});

describe("in the arguments of processes", { skip: process.platform === "win32" }, () => {
  test("no option takes a secret", () => {
    // The one of setup has no value: it asks for a secret to be made.
    const known = [
      "--secret",
      "--federated-token-file <file>",
      "--certificate <file>",
      "--keep-numbers <duration>",
    ];
    const flags = commands.flatMap(({ options }) => options.map(each => each.flags));
    const suspect = flags.filter(flag => /secret|password|token|key|credential/i.test(flag));
    assert.deepEqual(
      [...new Set(suspect)].filter(flag => !known.includes(flag)),
      [],
    );
  });

  test("no program that is started is given one", async () => {
    const bin = temporaryFolder();
    const answer = {
      accessToken: secret("the token as it is"),
      expires_on: 4_102_444_800,
      tenant: sandbox.tenantId,
    };
    writeFileSync(join(bin, "answer.json"), JSON.stringify(answer));
    for (const [program, does] of [
      ["az", `cat ${bin}/answer.json`],
      ["secret-tool", `[ "$1" = store ] && cat > ${bin}/kept; [ "$1" = lookup ] && cat ${bin}/kept; true`],
      ["page", "true"],
    ] as const) {
      writeFileSync(join(bin, program), `#!/bin/sh\necho ${program} "$@" >> ${bin}/started\n${does}\n`);
      chmodSync(join(bin, program), 0o755);
    }
    const env = {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      BROWSER: join(bin, "page"),
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
      PREPOP_ACCESS_TOKEN: "",
      AZURE_CLIENT_SECRET: "",
    };
    const { home, run } = emptyPlace(env);
    assert.equal((await run(["login", "--auth", "azure-cli"])).exitCode, 0);
    const person = await run(["login", "--auth", "device-code", "--profile", "kim"]);
    assert.equal(person.exitCode, 0, person.stderr);
    const started = readFileSync(join(bin, "started"), "utf8");
    for (const program of ["az", "secret-tool"]) assert.match(started, new RegExp(`^${program} `, "m"));
    const key = readFileSync(join(bin, "kept"), "utf8").trim();
    assert.match(key, /^[0-9a-f]{64}$/);
    assert.deepEqual(leaks(started, { ...planted, "the key of the tokens": key }), []);
    assert.doesNotMatch(started, /eyJ/);
    assert.deepEqual(leaksIn(home, { "the key of the tokens": key }), []);
  });
});

/** A new home and nothing in it. */
function emptyPlace(env: NodeJS.ProcessEnv) {
  const home = temporaryFolder();
  const base = {
    PREPOP_HOME: home,
    PREPOP_GRAPH_URL: sandbox.url,
    AZURE_AUTHORITY_HOST: sandbox.signIn.authority,
  };
  return { home, run: (argv: readonly string[]) => runCli(argv, { env: { ...base, ...env } }) };
}

describe("the search itself", () => {
  test("finds numbers where they are asked for, and in a saved plan", async () => {
    const { out, said, run } = await aPlace();
    await run(["phone", "list", "user000001@contoso.com", "--show-numbers"]);
    assert.deepEqual(leaks(said.join("\n"), planted), [
      "the office phone of user 1",
      "the roster's for user 1",
    ]);
    const saved = join(out, "plan.jsonl");
    await run(["plan", files.roster, "--region", "US", "--policy", "mirror", "--out", saved]);
    assert.ok(leaksIn(out, planted).includes("plan.jsonl: the roster's for user 1"));
  });

  for (const [spelling, text] of [
    ["as it is", "x planted~secret~5d07be13a8 y"],
    ["in an address", `?s=${encodeURIComponent("planted~secret~5d07be13a8")}`],
    ["in base64", Buffer.from("planted~secret~5d07be13a8").toString("base64")],
    ["in hex", Buffer.from("planted~secret~5d07be13a8").toString("hex")],
    ["a number with other separators", "00 1/206 (555) 01-30"],
  ] as const) {
    test(`knows ${spelling}`, () => assert.equal(leaks(text, planted).length, 1));
  }

  for (const [what, text, env] of [
    ["a secret of the environment", "is planted~secret", { AZURE_CLIENT_SECRET: "planted~secret" }],
    ["a token", "eyJhbGciOiJub25lIn0.eyJvaWQiOiIxIn0.", {}],
    ["a whole number", "to +1 2065550130.", {}],
  ] as const) {
    test(`every run of the suite is stopped by ${what}`, () => {
      assert.throws(() => assertNoSecrets(env, ["plan"], text), /was printed/);
      assertNoSecrets(env, ["plan"], "to +•• ••••••••00, 2026-11-28 05:36:12");
    });
  }
});
