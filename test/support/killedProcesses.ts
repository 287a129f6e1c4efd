import type { Line } from "./cli.ts";
import { type LeftBehind, leftBehind } from "./crashCase.ts";
import type { Moment, ServedSandbox } from "./servedSandbox.ts";
import { type Ended, spawnPrepop } from "./spawned.ts";

/** One run of the command line, from the first process to the one that ends it. */
export type Killing = {
  readonly sandbox: ServedSandbox;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly random: () => number;
  /** The command line that begins the run, and those that go on with it. */
  readonly begin: readonly string[];
  readonly goOn: readonly (readonly string[])[];
  /** Whether the newest run of the ledger is the one that was begun. */
  readonly isBegun: (left: LeftBehind) => boolean;
  /** How much there is to do, about. */
  readonly size: number;
  readonly kills: number;
  /** Tokens to be used one after the other; all but the last are taken out of use on the way. */
  readonly tokens: readonly string[];
  readonly onKill?: () => void;
};

export type Killed = {
  /** Kills of a process that had the run open, and entries without an outcome that they left sent. */
  readonly kills: number;
  readonly inFlight: number;
  readonly processes: number;
  /** How processes ended that were not killed, by exit code. */
  readonly exits: readonly string[];
  /** The final word on each change, by `wordKey`. */
  readonly said: ReadonlyMap<string, string>;
  /** Final words that another one followed. */
  readonly takenBack: readonly string[];
  /** The token in use at the end, and those that were not used yet. */
  readonly tokens: readonly string[];
};

/** A run needs a process for each kill and token, and some for outages; many more mean that it never ends. */
const mostProcessesWithoutKill = 40;
/** From the request that is waited for to the kill, at most: an answer, its place in the ledger and the next request. */
const latestKillMs = 60;

/** Starts processes and kills them with -9 until enough were killed and one has ended the run. */
export async function killUntilDone(killing: Killing): Promise<Killed> {
  const { sandbox, home, env, random, tokens } = killing;
  const said = new Map<string, string>();
  const takenBack: string[] = [];
  const exits: string[] = [];
  let [token = "", ...nextTokens] = tokens;
  let kills = 0;
  let inFlight = 0;
  for (let processes = 0; ; processes++) {
    const newest = leftBehind(home);
    const left = newest && killing.isBegun(newest) ? newest : undefined;
    if (left?.run.state === "done") {
      return { kills, inFlight, processes, exits, said, takenBack, tokens: [token, ...nextTokens] };
    }
    if (processes > killing.kills + tokens.length + mostProcessesWithoutKill)
      throw new Error(
        `The run does not come to its end: ${left?.run.state ?? "no run"}, exit codes ${exits}.`,
      );
    const choices = left ? killing.goOn : [killing.begin];
    const argv = choices[Math.floor(random() * choices.length)] ?? killing.begin;
    const { child, ended } = spawnPrepop(argv, { ...env, PREPOP_ACCESS_TOKEN: token });
    const [nextToken] = random() < 0.3 ? nextTokens : [];
    if (kills < killing.kills || nextToken !== undefined) {
      const share = (left?.open ?? killing.size) / (killing.kills - kills + 1);
      const moment = sandbox.moment(nextMoment(random, share)).then(() => sleep(random() * latestKillMs));
      const reached = await Promise.race([moment.then(() => true), ended.then(() => false)]);
      if (reached && nextToken !== undefined) {
        await sandbox.renewToken(nextToken, token);
        token = nextToken;
        nextTokens = nextTokens.slice(1);
      } else if (reached) {
        child.kill("SIGKILL");
      }
    }
    const end = await ended;
    takenBack.push(...heard(end.lines, said));
    if (child.signalCode === "SIGKILL") {
      const behind = leftBehind(home);
      if (!behind || !killing.isBegun(behind)) continue;
      kills++;
      inFlight += behind.inFlight;
      killing.onKill?.();
      continue;
    }
    refuseDefect(end);
    exits.push(String(end.exitCode));
    // What a person would do after exit 5.
    if (end.exitCode === 5) await sleep(1_000);
  }
}

/** While it reads, while it writes, or while it reads back: `share` is what a process does of the run before its end. */
function nextMoment(random: () => number, share: number): Moment {
  const kind = random();
  if (kind < 0.15) return { effect: "any", count: 1 + Math.floor(random() * 20) };
  if (kind < 0.3) return { effect: "read", count: 1 + Math.floor(random() * share) };
  return { effect: "write", count: 1 + Math.floor(random() * share) };
}

/** What a line and a ledger call the same change. */
export function wordKey({ kind, phoneType, userId }: Readonly<Record<string, unknown>>): string {
  return `${kind} ${phoneType} of ${userId}`;
}

const final: ReadonlySet<unknown> = new Set(["applied", "alreadySo", "refused", "failed"]);

/** Remembers what a process said of each change. A word that is final may not be followed by another one. */
function heard(lines: readonly Line[], said: Map<string, string>): readonly string[] {
  return lines.flatMap(line => {
    const { type, outcome } = line;
    if (type !== "outcome" || !final.has(outcome)) return [];
    const before = said.get(wordKey(line));
    said.set(wordKey(line), String(outcome));
    return before === undefined || before === outcome ? [] : [`${wordKey(line)}: ${before}, then ${outcome}`];
  });
}

/** Whatever the world does, the process ends with an exit code that has a meaning, and with a summary. */
function refuseDefect({ exitCode, stderr, summary, lines }: Ended): void {
  if ([0, 3, 4, 5].includes(exitCode ?? -1) && summary?.type === "summary") return;
  const error = JSON.stringify(lines.find(({ type }) => type === "error") ?? null);
  throw new Error(`A process ended with exit code ${exitCode}: ${error} ${stderr}`);
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
