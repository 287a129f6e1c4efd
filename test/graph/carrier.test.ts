import assert from "node:assert/strict";
import { test } from "node:test";
import type { CarriedRequest, Carrier } from "../../src/graph/connect.ts";
import { connectGraph, fixedToken } from "../../src/graph/connect.ts";
import { GraphFault } from "../../src/model/fault.ts";

const kim = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const write = { kind: "create", userId: kim, phoneType: "mobile", number: "+31 612345678" } as const;

function carried(carrier: Carrier) {
  return connectGraph({ origin: "http://127.0.0.1", credential: fixedToken("secret"), carrier });
}

test("a request is carried as it would be sent, and its answer read as one of a connection", async () => {
  const seen: CarriedRequest[] = [];
  const graph = carried(async request => {
    seen.push(request);
    return {
      status: 429,
      headers: { "Retry-After": "7", "request-id": "11111111-2222-4333-8444-555555555555" },
      body: "",
    };
  });
  const answer = await graph.write(write as never);
  assert.equal(answer.kind, "fault");
  const fault = answer.kind === "fault" ? answer.fault : undefined;
  assert.deepEqual(
    [fault?.status, fault?.retryAfter, fault?.requestId],
    [429, "7", "11111111-2222-4333-8444-555555555555"],
  );
  const [request] = seen;
  assert.equal(request?.method, "POST");
  assert.equal(request?.url, `/v1.0/users/${kim}/authentication/phoneMethods`);
  assert.equal(request?.headers.authorization, "Bearer secret");
  assert.deepEqual(JSON.parse(request?.body ?? ""), { phoneNumber: "+31 612345678", phoneType: "mobile" });
  assert.deepEqual(graph.stats(), { requests: 1, writes: 1, throttled: 1 });
  await graph.close();
});

const lost: readonly { readonly name: string; readonly carrier: Carrier }[] = [
  { name: "no answer", carrier: async () => undefined },
  { name: "a carrier that fails", carrier: () => Promise.reject(new Error("gone")) },
];

for (const { name, carrier } of lost) {
  test(`${name} leaves a write in doubt and a read without a result`, async () => {
    const graph = carried(carrier);
    const answer = await graph.write(write as never);
    assert.equal(answer.kind === "fault" && answer.fault.kind, "network");
    await assert.rejects(graph.listPhones(kim), GraphFault);
    await graph.close();
  });
}
