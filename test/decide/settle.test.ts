import assert from "node:assert/strict";
import { test } from "node:test";
import type { History, Read } from "../../src/decide/history.ts";
import type { Slot } from "../../src/decide/slot.ts";
import { nextStep } from "../../src/decide/step.ts";
import type { Change } from "../../src/model/change.ts";
import type { Fault } from "../../src/model/fault.ts";

/** What is said of an update that was sent at second 0 and got no answer, from what reads show at which second. */

const from = "+31 620000001";
const to = "+31 610000001";

const change: Change = {
  kind: "update",
  user: "kim",
  userPrincipalName: "kim@contoso.com",
  userId: "u",
  phoneType: "mobile",
  from,
  to,
  reason: "otherNumber",
  ref: { row: 2 },
  rows: [2],
};

const noAnswer: Fault = { kind: "timeout", message: "No whole answer came within 30 s." };
const outage: Fault = { kind: "http", status: 503, message: "Service unavailable" };
const forbidden: Fault = { kind: "http", status: 403, message: "Forbidden" };

type Shown = "from" | "to" | "other" | "empty" | "outage" | "forbidden";

/** What a read at a second shows. */
type Service = (second: number) => Shown;

const shownAs: Readonly<Record<Exclude<Shown, "outage" | "forbidden">, Slot>> = {
  from: { kind: "number", number: from, smsSignInState: "notEnabled" },
  to: { kind: "number", number: to, smsSignInState: "notEnabled" },
  other: { kind: "number", number: "+31 630000001", smsSignInState: "notEnabled" },
  empty: { kind: "empty" },
};

const timing = { horizonMs: 45_000 };

const begun: History = {
  change,
  attempts: 1,
  earlierAttempts: 0,
  answer: { sentAt: 0, answeredAt: 0, accepted: false, heeded: false, fault: noAnswer },
  reads: [],
  doubtSince: 0,
  doubt: noAnswer,
  waitedAt: 0,
  refreshed: false,
};

/** Plays the steps until something is sent, said or the run stops; the seconds of the reads, and what it came to. */
function play(service: Service): { readonly reads: readonly number[]; readonly end: string } {
  let history = begun;
  for (let now = 0; ; ) {
    const step = nextStep(history, now, timing);
    const reads = history.reads.map(({ at }) => at / 1_000);
    if (step.do === "say") return { reads, end: step.outcome.outcome };
    if (step.do === "stop") return { reads, end: `stop: ${step.why}` };
    if (step.do !== "read") return { reads, end: step.do };
    assert.ok(reads.length < 50, "it reads for ever");
    now = Math.max(now, step.at);
    history = { ...history, reads: [...history.reads, readOf(service(now / 1_000), now)] };
  }
}

function readOf(shown: Shown, at: number): Read {
  if (shown === "outage") return { at, slot: undefined, gone: false, fault: outage };
  if (shown === "forbidden") return { at, slot: undefined, gone: false, fault: forbidden };
  return { at, slot: shownAs[shown] };
}

type Row = {
  readonly name: string;
  readonly service: Service;
  readonly reads: readonly number[];
  readonly end: string;
};

const rows: readonly Row[] = [
  { name: "the first read shows it", service: () => "to", reads: [1], end: "applied" },
  {
    name: "reads lag for ten seconds, and it was sent again meanwhile",
    service: second => (second < 10 ? "from" : "to"),
    reads: [1, 3],
    end: "send",
  },
  { name: "a third value", service: () => "other", reads: [1], end: "refused" },
  { name: "the phone is gone", service: () => "empty", reads: [1], end: "refused" },
  {
    name: "an outage of ten seconds",
    service: second => (second < 10 ? "outage" : "to"),
    reads: [1, 3, 8, 20],
    end: "applied",
  },
  {
    name: "an outage of ten seconds, and it had no effect",
    service: second => (second < 10 ? "outage" : "from"),
    reads: [1, 3, 8, 20, 45],
    end: "send",
  },
  {
    name: "an outage of forty seconds, and it had no effect",
    service: second => (second < 40 ? "outage" : "from"),
    reads: [1, 3, 8, 20, 45, 48],
    end: "send",
  },
  {
    name: "an outage of two minutes",
    service: second => (second < 120 ? "outage" : "to"),
    reads: [1, 3, 8, 20, 45, 90, 135],
    end: "applied",
  },
  {
    name: "an outage of an hour: the run gives way, and the entry stays in doubt",
    service: second => (second < 3_600 ? "outage" : "to"),
    reads: [1, 3, 8, 20, 45, 90, 135, 180, 225, 270],
    end: "stop: budget",
  },
  {
    name: "the user may not be read, which is no outage",
    service: () => "forbidden",
    reads: [1, 3, 8, 20, 45],
    end: "inDoubt",
  },
];

test("a wait for its turn before the same is sent again wants a new read of an update, and none of a create", () => {
  const reads = [1, 3, 8, 20, 45].map(second => readOf("from", second * 1_000));
  const history: History = { ...begun, reads, waitedAt: 46_000 };
  assert.deepEqual(nextStep(history, 46_000, timing), { do: "read", at: 46_000 });
  const looked = { ...history, reads: [...reads, readOf("from", 46_100)] };
  assert.deepEqual(nextStep(looked, 46_200, timing), { do: "send" });
  const empty = reads.map(({ at }) => readOf("empty", at));
  const create: History = { ...history, change: { ...change, kind: "create", from: null }, reads: empty };
  assert.deepEqual(nextStep(create, 46_000, timing), { do: "send" });
});

for (const { name, service, reads, end } of rows) {
  test(`${name}: ${end} after reads at ${reads.join(", ")} s`, () => {
    assert.deepEqual(play(service), { reads, end });
  });
}
