import type { Graph, GraphAnswer, GraphRequest } from "../graph/connect.ts";
import { largestBatch } from "../graph/connect.ts";
import type { Clock } from "./clock.ts";

export type PackingSettings = {
  /** HTTP requests side by side. */
  readonly concurrency: number;
  /** False: one by one (--no-batch). */
  readonly batch: boolean;
  readonly onNotice: (line: string) => void;
  readonly clock: Pick<Clock, "now" | "sleep">;
};

/** How long a request waits for company, ms. Writes come at the pace of the lane, so they wait a little longer. */
const lingerMs = { reads: 8, writes: 40 } as const;

type Waiting = {
  readonly request: GraphRequest;
  /** On the clock of the settings: the read that allows this write is too old after it. */
  readonly sendBy: number;
  readonly resolve: (answer: GraphAnswer) => void;
  readonly reject: (reason: unknown) => void;
};

/** Requests of one kind, sent together where they can be. */
export type Packer = {
  send(request: GraphRequest, sendBy?: number): Promise<GraphAnswer>;
  /** Sends what may go now. */
  go(): void;
  onFree(wake: () => void): void;
};

export function createPacker(
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
  /**
   * Whether a refusal means the write and not the packing: when one was ever taken in a batch, or a batch full of them was
   * refused one by one as well.
   */
  let proved = what === "reads";
  let refusedAlone = 0;
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
      resolve(sentLater(await sendAlone(graph, request), sentAt, 1));
    } catch (error) {
      reject(error);
    }
  };
  const travel = async (waited: readonly Waiting[]): Promise<void> => {
    const items = waited.filter(inTime);
    const [first] = items;
    if (!first) return;
    try {
      await (items.length === 1 ? alone(first) : together(items));
    } catch (error) {
      // Nobody is left waiting; who has an answer by now keeps it.
      for (const { reject } of items) reject(error);
    }
  };
  const together = async (items: readonly Waiting[]): Promise<void> => {
    const sentAt = settings.clock.now();
    const answer = await graph.batch(items.map(({ request }) => request));
    if (answer.kind === "unavailable") {
      packs = false;
      return again(items);
    }
    const status = proved ? undefined : refusedAlike(answer.answers);
    if (status !== undefined) return await byThemselves(items, status);
    proved ||= answer.answers.some(each => each.kind === "accepted");
    for (const [at, { resolve, reject }] of items.entries()) {
      const each = answer.answers[at];
      if (each) resolve(sentLater(each, sentAt, items.length));
      else reject(new TypeError("A batch has fewer answers than requests."));
    }
  };
  const again = (items: readonly Waiting[]): void => {
    queue.unshift(...items);
  };

  /**
   * Every write of a batch was refused alike, and none has ever been taken in one: each is sent by itself, until one is
   * taken. Then the packing was to blame, also for what other batches were refused meanwhile. A refused write was not
   * executed, so nothing is done twice.
   */
  const byThemselves = async (items: readonly Waiting[], status: number): Promise<void> => {
    for (const [at, item] of items.entries()) {
      if (!packs) return again(items.slice(at));
      if (!inTime(item)) continue;
      const sentAt = settings.clock.now();
      const answer = await sendAlone(graph, item.request);
      item.resolve(sentLater(answer, sentAt, 1));
      if (answer.kind === "fault" && answer.fault.status === status) {
        refusedAlone++;
        proved ||= refusedAlone >= largestBatch;
      }
      if (answer.kind !== "accepted") continue;
      if (packs) {
        settings.onNotice(`The tenant refuses writes in a batch (${status}); sending them one by one.`);
      }
      packs = false;
    }
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

/**
 * A write in doubt is read back from when it went out, which may be well after it was asked for; and the pace wants to
 * know how long the service took.
 */
function sentLater(answer: GraphAnswer, sentAt: number, operations: number): GraphAnswer {
  return answer.kind === "fault" || answer.kind === "accepted" ? { ...answer, sentAt, operations } : answer;
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
    case "findUsers":
      return { kind: "users", users: await graph.findUsers(request.keys, request.match) };
    case "listMethods":
      return { kind: "methods", methods: await graph.listMethods(request.userId) };
    case "signInPreferences":
      return { kind: "preferences", preferences: await graph.signInPreferences(request.userId) };
  }
}
