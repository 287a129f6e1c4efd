import type { Fault } from "../model/fault.ts";
import type { Answer } from "./answer.ts";
import {
  type BatchAnswer,
  canBatch,
  type GraphAnswer,
  type GraphRequest,
  isFault,
  itemsOf,
  largestBatch,
  responsesOf,
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
 * Sends up to 20 requests as one. What cannot stand in a batch (beta), and what needs a second request (a further
 * page), is sent by itself after it.
 * @throws RangeError for more than 20 requests
 */
export async function sendBatch(
  items: readonly GraphRequest[],
  settings: BatchSettings,
): Promise<BatchAnswer> {
  if (items.length > largestBatch) throw new RangeError(`A batch holds at most ${largestBatch} requests.`);
  const { optional, requests, now } = settings;
  if (optional.isOff("$batch")) return { kind: "unavailable" };

  const inside: { readonly place: number; readonly wire: Wire }[] = [];
  items.forEach((request, place) => {
    const wire = requests.wire(request);
    if (wire !== undefined && canBatch(wire)) inside.push({ place, wire });
  });

  const readAt = now();
  const wires = inside.map(({ wire }) => wire);
  const answers = wires.length === 0 ? [] : await answersOf(wires, settings);
  if (answers === undefined) return { kind: "unavailable" };

  const byPlace = new Map(inside.map(({ place }, index) => [place, answers[index]]));
  const results: GraphAnswer[] = [];
  for (const [place, request] of items.entries()) {
    const answer = byPlace.get(place);
    results.push(
      (answer && readItem(request, answer, readAt, requests)) ?? (await sendAlone(request, requests)),
    );
  }
  return { kind: "answers", answers: results };
}

/** One answer an item; undefined where there is no batch here and nothing was done. */
async function answersOf(
  wires: readonly Wire[],
  { call, optional, countThrottled }: BatchSettings,
): Promise<readonly (Answer | Fault)[] | undefined> {
  let whole: Answer;
  try {
    whole = await call(wireOfBatch(wires));
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
  if (meansWithout(failure)) optional.turnOff("$batch", failure);
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
