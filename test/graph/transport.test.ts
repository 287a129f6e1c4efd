import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { connectGraph, fixedToken, type PhoneWrite } from "../../src/graph/connect.ts";
import { PrepopError } from "../../src/model/errors.ts";
import { type LoopbackCertificate, loopbackCertificate } from "../support/loopbackCertificate.ts";
import { listen, scriptedGraph, stop } from "../support/scriptedGraph.ts";
import { connected, faultOf, token, userId } from "./connected.ts";

const remove: PhoneWrite = { kind: "delete", userId, phoneType: "mobile" };
const credential = fixedToken(token);

test("a request says who asks, for whom, and under which id", async () => {
  await using it = await connected(() => ({ json: { value: [] } }));
  await it.graph.listPhones(userId);
  const headers = it.server.seen[0]?.headers ?? {};
  assert.equal(headers.authorization, `Bearer ${token}`);
  assert.equal(headers.accept, "application/json");
  assert.equal(headers["client-request-id"], "id-1");
  assert.match(headers["user-agent"] ?? "", /^prepop\/\d+\.\d+\.\d+ \(node \d+/);
  assert.equal(it.server.seen[0]?.httpVersion, "1.1");
});

test("the ids of requests are new GUIDs when nobody gives them", async () => {
  await using server = await scriptedGraph(() => ({ json: { value: [] } }));
  const graph = connectGraph({ origin: server.url, credential });
  await graph.listPhones(userId);
  await graph.listPhones(userId);
  const ids = server.seen.map(({ headers }) => String(headers["client-request-id"]));
  for (const id of ids) assert.match(id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  assert.notEqual(ids[0], ids[1]);
  await graph.close();
});

test("a redirect is not followed, so the token goes nowhere else", async () => {
  await using other = await scriptedGraph(() => ({ json: { value: [] } }));
  for (const status of [301, 302, 303, 307, 308]) {
    await using it = await connected(() => ({ status, headers: { location: `${other.url}/v1.0/users` } }));
    assert.equal((await faultOf(it.graph.listPhones(userId))).status, status);
    assert.equal((await it.graph.write(remove)).kind, "fault");
  }
  assert.equal(other.seen.length, 0);
});

test("where no connection is made, nothing was sent: unreachable", async () => {
  const server = await scriptedGraph(() => "hang");
  await server[Symbol.asyncDispose]();
  const graph = connectGraph({ origin: server.url, credential });
  const answer = await graph.write(remove);
  assert.ok(answer.kind === "fault");
  assert.equal(answer.fault.kind, "unreachable");
  assert.match(answer.fault.message, /ECONNREFUSED/);
  assert.deepEqual(graph.stats(), { requests: 0, writes: 0, throttled: 0 });
  await graph.close();
});

test("a name that does not exist is unreachable", async () => {
  const graph = connectGraph({ origin: "https://graph.invalid", credential, proxy: { https: "" } });
  assert.equal((await faultOf(graph.listPhones(userId))).kind, "unreachable");
  await graph.close();
});

test("a closed graph sends nothing", async () => {
  await using it = await connected(() => ({ json: { value: [] } }));
  await it.graph.close();
  assert.equal((await faultOf(it.graph.listPhones(userId))).kind, "unreachable");
  assert.equal(it.server.seen.length, 0);
});

test("no answer within the time is a timeout, and the write counts as sent", async () => {
  await using it = await connected(() => "hang", { timeoutMs: 60 });
  const answer = await it.graph.write(remove);
  assert.ok(answer.kind === "fault");
  assert.deepEqual(answer.fault, {
    kind: "timeout",
    message: "No whole answer came within 0.06 s.",
    clientRequestId: "id-1",
  });
  assert.equal(it.graph.stats().writes, 1);
});

test("an answer that stops in the middle is a timeout too, and keeps its status", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("{");
  });
  const graph = connectGraph({ origin: await listen(server), credential, timeoutMs: 60 });
  const fault = await faultOf(graph.listPhones(userId));
  assert.equal(fault.kind, "timeout");
  assert.equal(fault.status, 200);
  await stop(server);
  await graph.close();
});

test("a request that gets no free connection in time was never sent", async () => {
  await using it = await connected(() => "hang", { timeoutMs: 80, connections: 1 });
  const answers = await Promise.all([it.graph.write(remove), it.graph.write(remove)]);
  assert.deepEqual(
    answers.map(answer => answer.kind === "fault" && answer.fault.kind),
    ["timeout", "unreachable"],
  );
  assert.deepEqual(it.graph.stats(), { requests: 1, writes: 1, throttled: 0 });
  assert.equal(it.server.seen.length, 1);
});

test("a connection that is dropped after the request is in doubt, and nothing is sent again", async () => {
  await using it = await connected(() => "drop");
  for (let count = 1; count <= 5; count++) {
    const answer = await it.graph.write(remove);
    assert.equal(answer.kind === "fault" && answer.fault.kind, "network");
    await faultOf(it.graph.listPhones(userId));
  }
  assert.equal(it.server.seen.length, 10);
});

test("who abandons a graph is not kept waiting: what was sent is in doubt, what waited was never sent", async () => {
  await using it = await connected(() => "hang", { connections: 1 });
  const first = it.graph.write(remove);
  while (it.server.seen.length === 0) await new Promise(resolve => setImmediate(resolve));
  const second = it.graph.write(remove);
  it.graph.abandon();
  const [sent, waited] = await Promise.all([first, second]);
  assert.ok(sent.kind === "fault" && waited.kind === "fault");
  assert.deepEqual([sent.fault.kind, waited.fault.kind], ["network", "unreachable"]);
  assert.equal((await faultOf(it.graph.listPhones(userId))).kind, "unreachable");
  assert.equal(it.server.seen.length, 1);
  await it.graph.close();
});

test("who abandons a graph does not wait for a sign-in either", async () => {
  await using it = await connected(() => "hang", {
    credential: { getToken: () => new Promise<never>(() => undefined) },
  });
  const reading = faultOf(it.graph.listPhones(userId));
  it.graph.abandon();
  assert.equal((await reading).kind, "unreachable");
  assert.equal(it.server.seen.length, 0);
});

test("an early hint is no answer", async () => {
  const server = createServer((_, response) => {
    response.writeEarlyHints({ link: "</x>; rel=preload" }, () => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"value":[]}');
    });
  });
  const graph = connectGraph({ origin: await listen(server), credential });
  assert.deepEqual((await graph.listPhones(userId)).phones, []);
  await stop(server);
  await graph.close();
});

test("a body without end is not read to its end", async () => {
  const server = createServer((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const more = (): void => {
      while (response.writable && response.write(chunk));
    };
    response.on("drain", more);
    more();
  });
  const graph = connectGraph({ origin: await listen(server), credential });
  assert.equal((await faultOf(graph.listPhones(userId))).kind, "unreadable");
  await stop(server);
  await graph.close();
});

test("something that speaks no HTTP is in doubt", async () => {
  const server = createTcpServer(socket => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    socket.end("220 mail.example ESMTP\r\n");
  });
  const graph = connectGraph({ origin: await listenTcp(server), credential });
  assert.equal((await faultOf(graph.listPhones(userId))).kind, "network");
  await new Promise<void>(resolve => {
    server.close(() => resolve());
  });
  await graph.close();
});

describe("over TLS", () => {
  let certificate: LoopbackCertificate;
  let server: ReturnType<typeof createSecureServer>;
  let origin: string;
  const versions: string[] = [];
  const authorities = getCACertificates("default");

  before(async () => {
    certificate = loopbackCertificate();
    server = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion);
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"value":[]}');
    });
    origin = await listenTcp(server as unknown as TcpServer, "https");
  });

  after(() => {
    setDefaultCACertificates(authorities);
    server.close();
  });

  test("a certificate that is not trusted is unreachable: the token was not sent", async () => {
    const graph = connectGraph({ origin, credential });
    const fault = await faultOf(graph.listPhones(userId));
    assert.equal(fault.kind, "unreachable");
    assert.match(fault.message, /self-signed certificate/);
    assert.deepEqual(versions, []);
    await graph.close();
  });

  test("a server that offers HTTP/2 is spoken to over HTTP/1.1", async () => {
    setDefaultCACertificates([...authorities, certificate.cert]);
    const graph = connectGraph({ origin, credential });
    await graph.listPhones(userId);
    assert.deepEqual(versions, ["1.1"]);
    await graph.close();
  });
});

describe("with a proxy", () => {
  let proxy: Server;
  let url: string;
  const asked: string[] = [];

  before(async () => {
    proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    });
    proxy.on("connect", (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      assert.equal(request.headers.authorization, undefined);
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    url = await listen(proxy);
  });

  after(() => stop(proxy));

  test("Graph is reached through it, and a proxy that refuses means that nothing was sent", async () => {
    const graph = connectGraph({ credential, proxy: { https: url } });
    const answer = await graph.write(remove);
    assert.ok(answer.kind === "fault");
    assert.equal(answer.fault.kind, "unreachable");
    assert.match(answer.fault.message, /407/);
    assert.deepEqual(asked.splice(0), ["CONNECT graph.microsoft.com:443"]);
    assert.equal(graph.stats().writes, 0);
    await graph.close();
  });

  test("a host that is excepted is reached directly", async () => {
    const settings = {
      credential,
      origin: "https://graph.invalid",
      proxy: { https: url, except: "graph.invalid" },
    };
    const graph = connectGraph(settings);
    assert.match((await faultOf(graph.listPhones(userId))).message, /graph\.invalid/);
    assert.deepEqual(asked, []);
    await graph.close();
  });

  test("a loopback address is never asked of a proxy, where it is another machine", async () => {
    await using it = await connected(() => ({ json: { value: [] } }), { proxy: { https: url } });
    await it.graph.listPhones(userId);
    assert.deepEqual(asked, []);
    assert.equal(it.server.seen.length, 1);
  });

  test("an address that is none is said before anything is sent", () => {
    assert.throws(
      () => connectGraph({ credential, proxy: { https: "not a url" } }),
      (error: unknown) => error instanceof PrepopError && error.code === "PREPOP_GRAPH_UNREACHABLE",
    );
  });
});

async function listenTcp(server: TcpServer, scheme = "http"): Promise<string> {
  return listen(server as unknown as Server, scheme);
}
