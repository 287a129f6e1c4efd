import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { parseOrigin, scopeOf } from "../../../src/graph/origin.ts";
import { authorityOf } from "../../../src/graph/signIn/authority.ts";
import { asApplication } from "../../../src/graph/signIn/signIn.ts";
import { type Cloud, cloudNames, clouds, lacks } from "../../../src/model/clouds.ts";
import { withEnvironment } from "../../support/withEnvironment.ts";

const table: readonly {
  readonly cloud: Cloud;
  readonly graph: string;
  readonly login: string;
  readonly permission: string;
  readonly without: readonly string[];
}[] = [
  {
    cloud: "global",
    graph: "https://graph.microsoft.com",
    login: "https://login.microsoftonline.com",
    permission: "UserAuthMethod-Phone.ReadWrite.All",
    without: [],
  },
  {
    cloud: "usgov",
    graph: "https://graph.microsoft.us",
    login: "https://login.microsoftonline.us",
    permission: "UserAuthenticationMethod.ReadWrite.All",
    without: [],
  },
  {
    cloud: "usgov-dod",
    graph: "https://dod-graph.microsoft.us",
    login: "https://login.microsoftonline.us",
    permission: "UserAuthenticationMethod.ReadWrite.All",
    without: [],
  },
  {
    cloud: "china",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    login: "https://login.partner.microsoftonline.cn",
    permission: "UserAuthenticationMethod.ReadWrite.All",
    without: ["smsActions", "smsPolicy", "workbook"],
  },
];

test("every cloud is in the table", () => {
  assert.deepEqual(
    table.map(({ cloud }) => cloud),
    cloudNames,
  );
});

for (const { cloud, graph, login, permission, without } of table) {
  test(`${cloud}: its hosts, its permission and what it lacks`, () => {
    assert.equal(authorityOf(undefined, cloud), login);
    assert.equal(clouds[cloud].graph, graph);
    assert.equal(parseOrigin(graph).origin, graph);
    assert.equal(scopeOf(graph), `${graph}/.default`);
    assert.equal(clouds[cloud].phonePermission, permission);
    const features = ["smsActions", "smsPolicy", "workbook"] as const;
    assert.deepEqual(
      features.filter(each => lacks(cloud, each)),
      without,
    );
  });
}

for (const [text, origin] of [
  ["https://login.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
  ["https://login.microsoftonline.us/", "https://login.microsoftonline.us"],
  ["login.microsoftonline.com", "https://login.microsoftonline.com"],
  ["https://127.0.0.1:4010", "https://127.0.0.1:4010"],
] as const) {
  test(`AZURE_AUTHORITY_HOST=${text} signs in at ${origin}`, () => {
    assert.equal(authorityOf(text, "global"), origin);
  });
}

for (const text of [
  "http://127.0.0.1:4010",
  "https://login.microsoftonline.com/contoso.com",
  "https://user:pass@login.microsoftonline.com",
  "https://",
]) {
  test(`AZURE_AUTHORITY_HOST=${text} is refused, and not repeated`, () => {
    assert.throws(
      () => authorityOf(text, "global"),
      (error: Error) =>
        /AZURE_AUTHORITY_HOST cannot be used/.test(error.message) && !error.message.includes("pass"),
    );
  });
}

test("the authority is reached through the proxy, and one on this machine is not", async () => {
  const asked: string[] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>(done => proxy.listen(0, "127.0.0.1", done));
  const { port } = proxy.address() as AddressInfo;
  const place = { tenantId: "contoso.com", clientId: "7a1e0f0e-0000-4000-8000-000000000001" };
  const sign = (authority: string) =>
    asApplication({ ...place, authority }, { kind: "secret", secret: "planted" }).getToken(
      "https://graph.microsoft.com/.default",
    );
  await withEnvironment({ HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "" }, async () => {
    await assert.rejects(sign("https://login.microsoftonline.com"), { code: "PREPOP_AUTH_UNREACHABLE" });
    await assert.rejects(sign("https://127.0.0.1:9"), { code: "PREPOP_AUTH_UNREACHABLE" });
  });
  assert.deepEqual(asked, ["login.microsoftonline.com:443"]);
  proxy.close();
  proxy.closeAllConnections();
});
