import type { BatchAnswer, Graph, GraphAnswer, GraphRequest, WriteAnswer } from "../graph/connect.ts";
import { largestBatch } from "../graph/connect.ts";
import { GraphFault } from "../model/fault.ts";
import type { Clock } from "./clock.ts";

export type PackingSettings = {
  /** HTTP requests side by side. */
  readonly concurrency: number;
  /** False: one by one (--no-batch). */
  readonly batch: boolean;
  readonly onNotice: (line: string) => void;
  readonly clock: Pick<Clock, "now" | "sleep">;
};

/**
 * Connections that this many packed requests want: what is never packed (the report, a policy) travels beside them and
 * must not make one of them wait for a whole answer.
 */
export function connectionsFor(concurrency: number): number {
  return concurrency + 8;
}

/** How long a request waits for company, ms. Writes come at the pace of the lane, so they wait a little longer. */
const lingerMs = { reads: 8, writes: 40 } as const;

/**
 * The same Graph, but reads and writes that are asked for at about the same time travel together, up to 20 in one
 * request. Each answer is judged by itself, so nobody notices. Where the tenant has no `$batch`, or refuses writes in
 * one, they go one by one for the rest of the run.
 */
export function packRequests(graph: Graph, settings: PackingSettings): Graph {
  const slots = { free: settings.concurrency };
  const reads = createPacker(graph, settings, slots, "reads");
  const writes = createPacker(graph, settings, slots, "writes");
  const wake = (): void => {
    writes.go();
    reads.go();
    if (slots.free > 0) waiting.shift()?.();
  };
  reads.onFree(wake);
  writes.onFree(wake);
  const waiting: (() => void)[] = [];
  /** A request that is never packed takes a place on the road like any other. */
  const alone = async <Result>(request: () => Promise<Result>): Promise<Result> => {
    while (slots.free === 0) await new Promise<void>(resolve => waiting.push(resolve));
    slots.free--;
    try {
      return await request();
    } finally {
      slots.free++;
      wake();
    }
  };
  return {
    ...graph,
    async findUser(key, match) {
      const answer = await reads.send({ kind: "findUser", key, match });
      if (answer.kind !== "user") throw faultOf(answer);
      return answer.lookup;
    },
    async listPhones(userId) {
      const answer = await reads.send({ kind: "listPhones", userId });
      if (answer.kind !== "phones") throw faultOf(answer);
      return answer.read;
    },
    listMethods: userId => alone(() => graph.listMethods(userId)),
    signInPreferences: userId => alone(() => graph.signInPreferences(userId)),
    async write(write, sendBy) {
      // The default method has only a beta path, which no batch of v1.0 can hold.
      if (write.kind === "setDefault") return await alone(() => graph.write(write));
      return (await writes.send({ kind: "write", write }, sendBy)) as WriteAnswer;
    },
  };
}

type Waiting = {
  readonly request: GraphRequest;
  /** On the clock of the settings: the read that allows this write is too old after it. */
  readonly sendBy: number;
  readonly resolve: (answer: GraphAnswer) => void;
  readonly reject: (reason: unknown) => void;
};

type Packer = {
  send(request: GraphRequest, sendBy?: number): Promise<GraphAnswer>;
  /** Sends what may go now. */
  go(): void;
  onFree(wake: () => void): void;
};

function createPacker(
  graph: Graph,
  settings: PackingSettings,
  slots: { free: number },
  what: "reads" | "writes",
): Packer {
  const queue: Waiting[] = [];
  let packs = settings.batch;
  /** Whether the queue has a time at which it goes, full or not. */
  let timed = false;
  let scheduled = false;
  /** Requests of this packer under way. */
  let underWay = 0;
  /** Whether a write has ever been taken in a batch: then a refusal means the write and not the packing. */
  let proved = what === "reads";
  let wake = (): void => undefined;

  const flush = (partly: boolean): void => {
    while (queue.length > 0 && slots.free > 0) {
      const size = packs ? largestBatch : 1;
      if (queue.length < size && !partly) break;
      slots.free--;
      underWay++;
      void travel(queue.splice(0, size)).finally(() => {
        slots.free++;
        underWay--;
        wake();
      });
    }
  };
  const linger = (): void => {
    if (timed) return;
    timed = true;
    const over = (): void => {
      timed = false;
      flush(true);
    };
    settings.clock.sleep(lingerMs[what]).then(over, over);
  };
  /** Alone on the road a request goes at the end of this turn of the loop; else it may wait a little for company. */
  const schedule = (): void => {
    if (queue.length >= (packs ? largestBatch : 1)) {
      flush(false);
    } else if (underWay > 0) {
      linger();
    } else if (!scheduled) {
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        flush(underWay === 0);
      });
    }
  };

  const inTime = ({ sendBy, resolve }: Waiting): boolean => {
    if (settings.clock.now() <= sendBy) return true;
    resolve({ kind: "fault", fault: { kind: "unreachable", message: tooOld } });
    return false;
  };
  const alone = async ({ request, resolve, reject }: Waiting): Promise<void> => {
    const sentAt = settings.clock.now();
    try {
      resolve(sentLater(await sendAlone(graph, request), sentAt));
    } catch (error) {
      reject(error);
    }
  };
  const travel = async (waited: readonly Waiting[]): Promise<void> => {
    const items = waited.filter(inTime);
    const [first] = items;
    if (!first) return;
    if (items.length === 1) return await alone(first);
    let answer: BatchAnswer;
    const sentAt = settings.clock.now();
    try {
      answer = await graph.batch(items.map(({ request }) => request));
    } catch (error) {
      for (const { reject } of items) reject(error);
      return;
    }
    if (answer.kind === "unavailable") {
      packs = false;
      return await oneByOne(items);
    }
    if (!proved && (await refusedForBeingPacked(items, answer.answers))) return;
    proved ||= answer.answers.some(each => each.kind === "accepted");
    for (const [at, { resolve, reject }] of items.entries()) {
      const each = answer.answers[at];
      if (each) resolve(sentLater(each, sentAt));
      else reject(new TypeError("A batch has fewer answers than requests."));
    }
  };
  const oneByOne = async (items: readonly Waiting[]): Promise<void> => {
    for (const item of items) await alone(item);
  };

  /**
   * Every write of the first batch was refused alike: one of them is sent by itself to see whether the packing is to
   * blame. A refused write was not executed, so nothing is done twice.
   */
  const refusedForBeingPacked = async (
    items: readonly Waiting[],
    answers: readonly GraphAnswer[],
  ): Promise<boolean> => {
    const status = refusedAlike(answers);
    const [first, ...others] = items;
    if (status === undefined || !first) return false;
    const probe = await sendAlone(graph, first.request);
    proved = true;
    if (probe.kind === "fault" && probe.fault.status === status) return false;
    packs = false;
    settings.onNotice(`The tenant refuses writes in a batch (${status}); sending them one by one.`);
    first.resolve(probe);
    await oneByOne(others);
    return true;
  };

  return {
    send: (request, sendBy = Number.POSITIVE_INFINITY) =>
      new Promise((resolve, reject) => {
        queue.push({ request, sendBy, resolve, reject });
        schedule();
      }),
    go: () => flush(underWay === 0 || !timed),
    onFree(then) {
      wake = then;
    },
  };
}

/** A write in doubt is read back from when it went out, which may be well after it was asked for. */
function sentLater(answer: GraphAnswer, sentAt: number): GraphAnswer {
  return answer.kind === "fault" ? { ...answer, sentAt } : answer;
}

const tooOld = "The write waited too long for its turn, so it was not sent.";

const refusals: ReadonlySet<number> = new Set([400, 403, 404, 405, 501]);

function refusedAlike(answers: readonly GraphAnswer[]): number | undefined {
  const [first] = answers;
  const status = first?.kind === "fault" ? first.fault.status : undefined;
  if (status === undefined || !refusals.has(status)) return undefined;
  return answers.every(each => each.kind === "fault" && each.fault.status === status) ? status : undefined;
}

async function sendAlone(graph: Graph, request: GraphRequest): Promise<GraphAnswer> {
  switch (request.kind) {
    case "write":
      return await graph.write(request.write);
    case "listPhones":
      return { kind: "phones", read: await graph.listPhones(request.userId) };
    case "findUser":
      return { kind: "user", lookup: await graph.findUser(request.key, request.match) };
  }
}

function faultOf(answer: GraphAnswer): Error {
  return answer.kind === "fault"
    ? new GraphFault(answer.fault)
    : new TypeError(`Unexpected answer: ${answer.kind}.`);
}
