import type { Fault } from "../model/fault.ts";
import { type Answer, isSuccess } from "./answer.ts";
import {
  type BatchAnswer,
  type GraphAnswer,
  type GraphRequest,
  type GraphVersion,
  isFault,
  itemsOf,
  largestBatch,
  responsesOf,
  versionOf,
  wholeFault,
  wireOfBatch,
} from "./batch.ts";
import { meansWithout, type Optional } from "./optional.ts";
import type { Requests } from "./requests.ts";
import type { Call, Wire } from "./wire.ts";
import { faultAnswer } from "./write.ts";

export type BatchSettings = {
  readonly call: Call;
  readonly optional: Optional;
  readonly requests: Requests;
  readonly now: () => number;
  readonly countThrottled: (items: number) => void;
};

/**
 * Sends up to 20 requests as one: those of the version of the first. What is of the other version, and what needs a
 * second request (a further page), is sent by itself after it.
 * @throws RangeError for more than 20 requests
 */
export async function sendBatch(
  items: readonly GraphRequest[],
  settings: BatchSettings,
): Promise<BatchAnswer> {
  if (items.length > largestBatch) throw new RangeError(`A batch holds at most ${largestBatch} requests.`);
  const { optional, requests, now } = settings;
  const places = items.map((request, place) => ({ request, place, wire: requests.wire(request) }));
  const [first] = places.flatMap(({ wire }) => wire ?? []);
  const version = first === undefined ? "v1.0" : versionOf(first);
  if (optional.isOff(batchOf[version])) return { kind: "unavailable" };

  const inside = places.flatMap(({ request, place, wire }) =>
    wire !== undefined && versionOf(wire) === version ? [{ request, place, wire }] : [],
  );
  const readAt = now();
  const wires = inside.map(({ wire }) => wire);
  const answers = wires.length === 0 ? [] : await answersOf(wires, version, settings);
  if (answers === undefined) return { kind: "unavailable" };

  const results = new Map<number, GraphAnswer>();
  const answered = inside.flatMap(({ request, place }, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [{ request, place, answer }];
  });
  // First what went well: a feature that answers for one user is there, and was only refused for the others.
  const [good, bad] = [
    answered.filter(({ answer }) => wentWell(answer)),
    answered.filter(({ answer }) => !wentWell(answer)),
  ];
  for (const { request, place, answer } of [...good, ...bad]) {
    const result = readItem(request, answer, readAt, requests);
    if (result !== undefined) results.set(place, result);
  }
  const all: GraphAnswer[] = [];
  for (const { request, place } of places) {
    all.push(results.get(place) ?? (await sendAlone(request, requests)));
  }
  return { kind: "answers", answers: all };
}

const batchOf = { "v1.0": "$batch", beta: "$batch of beta" } as const satisfies Record<GraphVersion, string>;

function wentWell(answer: Answer | Fault): boolean {
  return !isFault(answer) && isSuccess(answer.status);
}

/** One answer an item; undefined where there is no batch here and nothing was done. */
async function answersOf(
  wires: readonly Wire[],
  version: GraphVersion,
  { call, optional, countThrottled }: BatchSettings,
): Promise<readonly (Answer | Fault)[] | undefined> {
  let whole: Answer;
  try {
    whole = await call(wireOfBatch(wires, version));
  } catch (error) {
    const { fault } = faultAnswer(error);
    return wires.map(() => fault);
  }
  const answers = itemsOf(whole, wires.length);
  if (responsesOf(whole) !== undefined) {
    countThrottled(answers.filter(answer => !isFault(answer) && answer.status === 429).length);
    return answers;
  }
  const failure = wholeFault(whole);
  if (meansWithout(failure)) optional.turnOff(batchOf[version], failure);
  // A refused batch has done nothing. A 2xx that cannot be read may have done everything: its items are in doubt.
  return meansWithout(failure) && failure.fault.kind === "http" ? undefined : answers;
}

function readItem(
  request: GraphRequest,
  answer: Answer | Fault,
  readAt: number,
  requests: Requests,
): GraphAnswer | undefined {
  if (isFault(answer)) return { kind: "fault", fault: answer };
  try {
    return requests.read(request, answer, readAt);
  } catch (error) {
    return faultAnswer(error);
  }
}

async function sendAlone(request: GraphRequest, requests: Requests): Promise<GraphAnswer> {
  try {
    return await requests.send(request);
  } catch (error) {
    return faultAnswer(error);
  }
}
