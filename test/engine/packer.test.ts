import assert from "node:assert/strict";
import { test } from "node:test";
import { packRequests } from "../../src/engine/packing.ts";
import type { Graph, GraphAnswer, GraphRequest, WriteAnswer } from "../../src/graph/connect.ts";
import type { PhoneWrite } from "../../src/graph/write.ts";
import { isCanonical } from "../../src/model/phone.ts";

/** Writes that a tenant refuses only because they stand in a batch, while other batches are on their way. */

type Refusing = {
  /** What the tenant says of a write in a batch; undefined: it takes it. */
  readonly packed: (userId: string) => number | undefined;
  readonly alone: (userId: string) => number | undefined;
};

const answer = (status: number | undefined): WriteAnswer =>
  status === undefined
    ? { kind: "accepted", status: 201, clientRequestId: "1" }
    : { kind: "fault", fault: { kind: "http", status, code: "no", message: "no" } };

const number = "+31 612345678";
assert.ok(isCanonical(number));

const userOf = (request: GraphRequest): string => (request.kind === "write" ? request.write.userId : "");

/** Batches are answered only when all writes were asked for, so that they are under way side by side. */
async function sendAll(users: number, { packed, alone }: Refusing) {
  const notices: string[] = [];
  const sent = { batches: 0, alone: 0 };
  let open: () => void = () => undefined;
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  const graph = {
    async batch(requests: readonly GraphRequest[]) {
      sent.batches++;
      await opened;
      return { kind: "answers", answers: requests.map((each): GraphAnswer => answer(packed(userOf(each)))) };
    },
    async write(write: PhoneWrite) {
      sent.alone++;
      return answer(alone(write.userId));
    },
  } as unknown as Graph;
  const packing = packRequests(graph, {
    concurrency: 50,
    batch: true,
    onNotice: line => notices.push(line),
    clock: { now: () => 0, sleep: () => new Promise(resolve => setImmediate(resolve)) },
  });
  const answers = Array.from({ length: users }, (_, at) =>
    packing.write({
      kind: "create",
      userId: `user${at}`,
      phoneType: "mobile",
      number,
    }),
  );
  setImmediate(() => setImmediate(open));
  const said = (await Promise.all(answers)).map(each => (each.kind === "fault" ? each.fault.status : 0));
  return { said, notices, sent };
}

for (const status of [400, 403, 404, 405, 501]) {
  test(`what three batches under way are refused with ${status} is sent one by one, which is said once`, async () => {
    const { said, notices, sent } = await sendAll(60, { packed: () => status, alone: () => undefined });
    assert.deepEqual(new Set(said), new Set([0]));
    assert.deepEqual(sent, { batches: 3, alone: 60 });
    assert.deepEqual(notices, [`The tenant refuses writes in a batch (${status}); sending them one by one.`]);
  });
}

test("users whom nobody may write to do not hide that the packing is refused", async () => {
  const barred = (userId: string) => (Number(userId.slice(4)) % 20 < 6 ? 403 : undefined);
  const { said, notices } = await sendAll(60, { packed: () => 403, alone: barred });
  assert.equal(said.filter(each => each === 403).length, 18);
  assert.equal(said.filter(each => each === 0).length, 42);
  assert.equal(notices.length, 1);
});

test("where a batch full of writes is refused one by one as well, it was the writes: the others are not asked twice", async () => {
  const { said, notices, sent } = await sendAll(60, { packed: () => 403, alone: () => 403 });
  assert.deepEqual(new Set(said), new Set([403]));
  assert.deepEqual(notices, []);
  assert.ok(sent.alone <= 60);
});

test("where one was taken in a batch, a refusal is the write's own", async () => {
  const barred = (userId: string) => (userId === "user3" ? undefined : 403);
  const { said, sent } = await sendAll(20, { packed: barred, alone: () => undefined });
  assert.equal(said.filter(each => each === 403).length, 19);
  assert.equal(sent.alone, 0);
});
