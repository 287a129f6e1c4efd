import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonText } from "../../src/connector/json.ts";
import { judgeSwagger } from "../../src/connector/lint/judge.ts";
import { defaultConnector } from "../../src/connector/options.ts";
import { connectorPackage, writeFiles } from "../../src/connector/package.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type CliRun, runCli } from "../support/cli.ts";
import { type Asked, gateway, type Passing } from "../support/gateway.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { scriptedGraph } from "../support/scriptedGraph.ts";
import { aTenant, upn } from "../support/tenant.ts";

/**
 * A token goes to the origin that was configured, whatever an answer points to. `other` is a second server that notes
 * what it is asked: nothing may come, and nothing with a token in any case.
 */

/** How an answer points to the other server. `own`: the origin that prepop was told. */
type Pointer = (other: string, own: string) => string;

const host = (origin: string): string => origin.slice("http://".length);
const portOf = (origin: string): string => new URL(origin).port;

const links: readonly (readonly [trick: string, link: Pointer])[] = [
  ["another port", other => `${other}/v1.0/x`],
  ["https on its own port", (_, own) => `${own.replace("http:", "https:")}/v1.0/x`],
  ["another scheme in capitals", (_, own) => `HTTPS://${host(own)}/v1.0/x`],
  ["another name of the same machine", other => `http://localhost:${portOf(other)}/v1.0/x`],
  ["another name with its own port", (_, own) => `http://localhost:${portOf(own)}/v1.0/x`],
  ["a user name that looks like its host", (other, own) => `http://${host(own)}@${host(other)}/v1.0/x`],
  ["a user and a password", (other, own) => `${own.replace("//", "//a:b@")}@${host(other)}/v1.0/x`],
  ["a password on its own origin", (_, own) => `${own.replace("//", "//a:b@")}/v1.0/x`],
  ["its own host as the beginning of another", (_, own) => `http://127.0.0.1.example:${portOf(own)}/v1.0/x`],
  ["no scheme", other => `//${host(other)}/v1.0/x`],
  ["backslashes", other => `\\\\${host(other)}\\v1.0\\x`],
  ["one slash and one backslash", other => `/\\${host(other)}/v1.0/x`],
  ["a tab in the scheme", other => `ht\ttp://${host(other)}/v1.0/x`],
  ["a line break before the host", other => `http:\n//${host(other)}/v1.0/x`],
  ["blanks before it", other => `   ${other}/v1.0/x`],
  ["an address in one number", other => `http://2130706433:${portOf(other)}/v1.0/x`],
  ["an address in wide digits", other => `http://１２７.0.0.1:${portOf(other)}/v1.0/x`],
  ["the cloud's own host", () => "https://graph.microsoft.com/v1.0/x"],
  ["a file", () => "file:///etc/hosts"],
];

const isUsers = ({ path }: Asked): boolean => /^\/v1\.0\/groups\/[^/]+\/transitiveMembers/.test(path);
const withMember = (answer: Passing, name: string, value: unknown): Passing => ({
  ...answer,
  body: JSON.stringify({ ...JSON.parse(answer.body), [name]: value }),
});

/** Runs one command of a new user against the gateway, and gives what the other server was asked. */
async function through(
  argv: readonly string[],
  tamper: (asked: Asked, answer: Passing, at: { readonly other: string; readonly own: string }) => Passing,
): Promise<{ readonly run: CliRun; readonly asked: readonly string[]; readonly phones: object }> {
  await using other = await scriptedGraph(() => ({ json: { value: [] } }));
  await using tenant = await aTenant()
    .withUsers(3)
    .with({ groups: [{ displayName: "Pilot", members: "all" }] })
    .start();
  await using between = await gateway(tenant.sandbox.url, (asked, answer, own) =>
    tamper(asked, answer, { other: other.url, own }),
  );
  const run = await runCli([...argv, "--json"], {
    env: { ...tenant.env, PREPOP_GRAPH_URL: between.url },
    clock: tenant.clock,
  });
  for (const { headers } of other.seen) assert.equal(headers.authorization, undefined);
  return { run, asked: other.seen.map(({ path }) => path), phones: tenant.phones(upn(1)) };
}

const roster = rosterFile("three.csv", `userPrincipalName,mobile\n${[1, 2, 3].map(row).join("")}`);
function row(n: number): string {
  return `${upn(n)},+1 206555010${n}\n`;
}

describe("a link to the next page", () => {
  for (const [trick, link] of links) {
    test(`with ${trick} is refused, and nothing goes there`, async () => {
      const { run, asked } = await through(["plan", roster, "--group", "Pilot"], (call, answer, at) =>
        isUsers(call) ? withMember(answer, "@odata.nextLink", link(at.other, at.own)) : answer,
      );
      assert.equal(run.exitCode, 1, run.stderr);
      const [error] = run.of("error");
      assert.equal(error?.code, "PREPOP_GRAPH_FOREIGN_LINK", run.stderr);
      assert.match(String(error?.message), /pointed to another origin \(.+\).*token is not sent there/);
      assert.match(String(error?.hint), /PREPOP_GRAPH_URL/);
      assert.deepEqual(asked, []);
    });
  }

  test("in capitals, to its own origin, is followed there", async () => {
    let second = 0;
    const { run, asked } = await through(["plan", roster, "--group", "Pilot"], (call, answer, { own }) => {
      if (!isUsers(call)) return answer;
      if (call.path.includes("second")) second++;
      const { origin } = new URL(own);
      const link = `${origin.toUpperCase()}${call.path}&second=1`;
      return call.path.includes("second") ? answer : withMember(answer, "@odata.nextLink", link);
    });
    assert.equal(run.exitCode, 2, run.stderr);
    assert.deepEqual([second, asked], [1, []]);
  });

  test("of a user's phones, inside a batch, is refused as well", async () => {
    const { run, asked } = await through(["plan", roster], ({ path }, answer, { other }) => {
      if (!path.endsWith("/$batch")) return answer;
      const whole = JSON.parse(answer.body) as { responses: { body: object }[] };
      const responses = whole.responses.map(each => ({
        ...each,
        body: "value" in each.body ? { ...each.body, "@odata.nextLink": `${other}/v1.0/x` } : each.body,
      }));
      return { ...answer, body: JSON.stringify({ responses }) };
    });
    assert.equal(run.of("error")[0]?.code, "PREPOP_GRAPH_FOREIGN_LINK", run.stdout);
    assert.deepEqual(asked, []);
  });
});

describe("a redirect", () => {
  for (const status of [300, 301, 302, 303, 304, 307, 308]) {
    test(`${status} of a read is not followed, and said`, async () => {
      const { run, asked } = await through(["plan", roster, "--no-batch"], ({ path }, answer, { other }) =>
        path.startsWith("/v1.0/users/")
          ? { status, headers: { location: `${other}/v1.0/x` }, body: "" }
          : answer,
      );
      assert.equal(run.exitCode, 1, run.stderr);
      const [error] = run.of("error");
      assert.equal(error?.code, "PREPOP_GRAPH_REDIRECTED");
      assert.match(
        String(error?.message),
        new RegExp(`HTTP ${status}, a redirect to http://127\\.0\\.0\\.1:`),
      );
      assert.deepEqual(asked, []);
    });
  }

  test("of a write is not followed: what became of it is read back", async () => {
    const { run, asked, phones } = await through(
      ["apply", roster, "--yes", "--no-batch"],
      ({ method, path }, answer, { other }) =>
        method === "POST" && path.endsWith("/phoneMethods")
          ? { status: 307, headers: { location: `${other}/v1.0/x` }, body: "" }
          : answer,
    );
    assert.equal(run.exitCode, 0, run.stderr);
    assert.deepEqual([asked, phones], [[], { mobile: "+1 2065550101" }]);
  });

  test("of a batch is not followed: its requests are sent one by one, and its writes read back", async () => {
    let batches = 0;
    const { run, asked, phones } = await through(
      ["apply", roster, "--yes"],
      ({ path }, answer, { other }) => {
        if (!path.endsWith("/$batch")) return answer;
        batches++;
        return { status: 307, headers: { location: `${other}/v1.0/x` }, body: "" };
      },
    );
    assert.equal(run.exitCode, 0, run.stderr);
    assert.ok(batches > 0);
    assert.deepEqual([asked, phones], [[], { mobile: "+1 2065550101" }]);
  });
});

describe("a Location", () => {
  for (const [what, tamper] of [
    ["of what was created", (answer: Passing) => answer],
    ["of an answer that is to be waited for", (answer: Passing) => ({ ...answer, status: 202, body: "" })],
  ] as const) {
    test(`${what} is not looked at`, async () => {
      const { run, asked, phones } = await through(
        ["apply", roster, "--yes", "--no-batch"],
        ({ method, path }, answer, { other }) => {
          const headers = {
            ...answer.headers,
            location: `${other}/v1.0/x`,
            "content-location": `${other}/v1.0/x`,
            "operation-location": `${other}/v1.0/x`,
          };
          return method === "POST" && path.endsWith("/phoneMethods")
            ? tamper({ ...answer, headers })
            : answer;
        },
      );
      assert.equal(run.exitCode, 0, run.stderr);
      assert.deepEqual([asked, phones], [[], { mobile: "+1 2065550101" }]);
    });
  }

  test("in the item of a batch, and urls in its body, are not looked at", async () => {
    const { run, asked, phones } = await through(
      ["apply", roster, "--yes"],
      ({ path }, answer, { other }) => {
        if (!path.endsWith("/$batch")) return answer;
        const whole = JSON.parse(answer.body) as { responses: { headers: object; body?: object }[] };
        const url = `${other}/v1.0/x`;
        const responses = whole.responses.map(each => ({
          ...each,
          url,
          headers: { ...each.headers, Location: url },
          ...(each.body === undefined
            ? {}
            : { body: { ...each.body, "@odata.id": url, "@odata.editLink": url } }),
        }));
        return { ...answer, body: JSON.stringify({ responses, "@nextLink": url }) };
      },
    );
    assert.equal(run.exitCode, 0, run.stderr);
    assert.deepEqual([asked, phones], [[], { mobile: "+1 2065550101" }]);
  });
});

test("an object id that is a url or a path leads nowhere", async () => {
  for (const id of ["//{other}/v1.0/x", "../../x", "http://{other}/x", "a@{other}", "a?b", "a#b"]) {
    const { run, asked } = await through(["plan", roster, "--no-batch"], ({ path }, answer, { other }) =>
      /^\/v1\.0\/users\/[^/]+(\?|$)/.test(path)
        ? withMember(answer, "id", id.replace("{other}", host(other)))
        : answer,
    );
    assert.notEqual(run.exitCode, 0, id);
    assert.deepEqual(asked, [], id);
  }
});

describe("Power Platform", () => {
  /** Creates a connector through a gateway. */
  async function create(
    tamper: (asked: Asked, answer: Passing, at: { readonly other: string; readonly own: string }) => Passing,
    argv: readonly string[] = ["connector", "create"],
  ) {
    await using other = await scriptedGraph(() => ({ status: 201 }));
    await using sandbox = {
      ...(await startSandbox({ judgeSwagger })),
      [Symbol.asyncDispose]: () => sandbox.close(),
    };
    await using between = await gateway(sandbox.url, (asked, answer, own) =>
      tamper(asked, answer, { other: other.url, own }),
    );
    const folder = temporaryFolder();
    await writeFiles(folder, connectorPackage({ ...defaultConnector, tenantId: sandbox.tenantId }));
    const run = await runCli([...argv, folder, "--json"], {
      env: {
        PREPOP_POWER_PLATFORM_URL: between.url,
        PREPOP_POWER_PLATFORM_TOKEN: sandbox.token,
        PREPOP_CONNECTOR_SECRET: "a-secret-of-nobody",
      },
    });
    for (const { headers, body } of other.seen) {
      assert.equal(headers.authorization, undefined);
      assert.ok(!body.includes("a-secret-of-nobody"));
    }
    return { run, asked: other.seen.map(({ method, path }) => `${method} ${path}`), folder };
  }

  for (const status of [301, 302, 307, 308]) {
    test(`a redirect ${status} is not followed, and said`, async () => {
      const { run, asked } = await create((_, __, { other }) => ({
        status,
        headers: { location: `${other}/x` },
        body: "",
      }));
      assert.equal(run.exitCode, 1, run.stderr);
      assert.equal(run.of("error")[0]?.code, "PREPOP_POWER_PLATFORM_FOREIGN");
      assert.match(String(run.of("error")[0]?.message), /pointed to http:\/\/127\.0\.0\.1:\d+ .*redirect/);
      assert.deepEqual(asked, []);
    });
  }

  test("the place for the icon gets the icon, and no token", async () => {
    const { run, asked } = await create(({ path }, answer, { other }) =>
      path.includes("generateResourceStorage")
        ? { ...answer, body: jsonText({ sharedAccessSignature: `${other}/icons?sig=1` }) }
        : answer,
    );
    assert.equal(run.exitCode, 0, run.stderr);
    assert.deepEqual(asked, ["PUT /icons/icon.png?sig=1"]);
  });

  for (const [what, address, code] of [
    ["plain http elsewhere", "http://storage.example.com/icons?sig=1", "PREPOP_POWER_PLATFORM_FOREIGN"],
    ["a file", "file:///storage/icons", "PREPOP_POWER_PLATFORM_FOREIGN"],
    ["no address", "icons", "PREPOP_POWER_PLATFORM_REFUSED"],
  ] as const) {
    test(`a place for the icon that is ${what} is refused`, async () => {
      const { run } = await create(({ path }, answer) =>
        path.includes("generateResourceStorage")
          ? { ...answer, body: jsonText({ sharedAccessSignature: address }) }
          : answer,
      );
      assert.deepEqual([run.exitCode, run.of("error")[0]?.code], [1, code], run.stderr);
    });
  }

  test("a service that repeats what it was sent does not get the secret printed", async () => {
    const { run } = await create(({ method, path }, answer) =>
      method === "POST" && /\/apis\?/.test(path)
        ? {
            ...answer,
            status: 400,
            body: jsonText({
              error: { code: "Bad", message: "clientSecret a-secret-of-nobody is too short" },
            }),
          }
        : answer,
    );
    assert.match(String(run.of("error")[0]?.message), /clientSecret \[secret\] is too short/);
    assert.ok(!`${run.stdout}${run.stderr}`.includes("a-secret-of-nobody"));
  });
});

test("plain http is for loopback addresses only, and a password in the address is refused unsaid", async () => {
  for (const [variable, url] of [
    ["PREPOP_GRAPH_URL", "http://graph.example.com"],
    ["PREPOP_GRAPH_URL", "https://a:planted-password@graph.example.com"],
    ["PREPOP_POWER_PLATFORM_URL", "http://powerapps.example.com"],
    ["PREPOP_POWER_PLATFORM_URL", "https://a:planted-password@powerapps.example.com"],
    ["AZURE_AUTHORITY_HOST", "http://127.0.0.1:9"],
    ["AZURE_AUTHORITY_HOST", "https://a:planted-password@login.example.com"],
  ] as const) {
    const signIn = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "planted-secret" };
    const token = variable === "AZURE_AUTHORITY_HOST" ? signIn : { PREPOP_ACCESS_TOKEN: "planted-token" };
    const folder = temporaryFolder();
    await writeFiles(folder, connectorPackage(defaultConnector));
    const argv = variable.includes("POWER") ? ["connector", "validate", folder] : ["plan", roster];
    const run = await runCli([...argv, "--json"], {
      env: { PREPOP_HOME: temporaryFolder(), PREPOP_POWER_PLATFORM_TOKEN: "t", ...token, [variable]: url },
    });
    assert.equal(run.exitCode, 1, `${variable} ${url}: ${run.stderr}`);
    assert.match(String(run.of("error")[0]?.message), new RegExp(variable));
    assert.ok(!`${run.stdout}${run.stderr}`.includes("planted-password"), url);
  }
});
