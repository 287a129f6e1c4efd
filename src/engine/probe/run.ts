import { questions } from "../../decide/probe/questions.ts";
import { GraphFault } from "../../model/fault.ts";
import type { ProbeAnswer } from "../../model/probe.ts";
import type { User } from "../../model/user.ts";
import type { Edges } from "../edges.ts";
import { type Lab, openLab } from "./lab.ts";
import {
  absentType,
  createAlternateFirst,
  createTaken,
  deleteMobileFirst,
  type Finding,
  looks,
  members,
  numberForms,
  type Question,
  queryOptions,
  smsSignIn,
  updateSame,
} from "./ownPhones.ts";
import { around, report, unknowns } from "./tenantReads.ts";
import { batch, readLag, writeFast } from "./timing.ts";

export type ProbeRequest = {
  /** Test users who hold no phone. */
  readonly users: readonly User[];
  /** Writes of question 11; 0 leaves it out. */
  readonly writes: number;
  /** Writes a second of question 11. */
  readonly perSecond: number;
};

/** In the order in which they are asked; how long reads lag comes first. */
const order: readonly (readonly [question: number, ask: Question])[] = [
  [13, readLag],
  [1, createTaken],
  [2, createAlternateFirst],
  [3, deleteMobileFirst],
  [4, numberForms],
  [5, updateSame],
  [6, absentType],
  [7, unknowns],
  [8, smsSignIn],
  [9, looks],
  [10, members],
  [12, batch],
  [14, report],
  [15, queryOptions],
];

/**
 * Asks a tenant what no documentation tells. Users are empty before each question, and each question leaves what it leaves:
 * whoever called takes it back with `takeBack`, also after a crash.
 */
export async function* probe(edges: Edges, request: ProbeRequest): AsyncGenerator<ProbeAnswer> {
  const lab = openLab(edges, request.users, edges.signal);
  for (const [question, ask] of order) {
    const finding = await attempt(lab, ask);
    yield answerOf(question, finding);
  }
  yield request.writes === 0
    ? answerOf(11, { seen: [], skipped: "it writes much; ask for it with --writes 500" })
    : answerOf(11, await attempt(lab, own => writeFast(own, request.writes, request.perSecond)));
  yield answerOf(0, await attempt(lab, around));
}

/** Takes every phone of these users away; says on whom one is left. Not even an interruption stops it. */
export async function takeBack(edges: Edges, users: readonly User[]): Promise<readonly User[]> {
  const lab = openLab(edges, users);
  const left: User[] = [];
  for (const user of users) if (!(await lab.empty(user))) left.push(user);
  return left;
}

async function attempt(lab: Lab, ask: Question): Promise<Finding> {
  const [user] = lab.users;
  if (user === undefined) throw new RangeError("A probe needs a user.");
  try {
    await lab.emptyAll();
    return await ask(lab, user);
  } catch (error) {
    // One answer that was lost is no reason to give up the others.
    if (!(error instanceof GraphFault)) throw error;
    return { seen: [], skipped: `no answer came (${error.fault.kind})` };
  }
}

function answerOf(question: number, { seen, facts = {}, skipped }: Finding): ProbeAnswer {
  return {
    question,
    asks: questions[question] ?? "",
    exchanges: seen.map(({ exchange }) => exchange),
    facts,
    ...(skipped === undefined ? {} : { skipped }),
  };
}
