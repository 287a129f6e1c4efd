import type { Change } from "../../src/model/change.ts";
import { isWrite } from "../../src/model/change.ts";
import { phoneTypes, type SmsSignInState, sameNumber } from "../../src/model/phone.ts";
import type { OutcomeKind } from "../../src/model/run.ts";
import type { SandboxLogEntry, SandboxUserView } from "../../src/sandbox/sandbox.ts";

/** What is told of one change at the end; undefined: nothing, so it was lost. */
export type Told = {
  readonly change: Pick<Change, "kind" | "userId" | "userPrincipalName" | "phoneType" | "from" | "to">;
  readonly outcome: OutcomeKind | undefined;
};

/** What happened, by the tenant's own record. */
export type Record = {
  /** Every operation since before the first write, oldest first. */
  readonly log: readonly SandboxLogEntry[];
  /** The users as they were then, and as they are. */
  readonly before: ReadonlyMap<string, SandboxUserView>;
  readonly after: (userId: string) => SandboxUserView | undefined;
  /** How old a read may be what it shows, ms; reads that a fault made stale are known from the log. */
  readonly stalenessMs: number;
  /** Slots (`slotName`) that a second writer changed, with the number he wrote and when; undefined: removed. */
  readonly others?: ReadonlyMap<string, OtherWrite>;
};

/** What does not fit, each as a sentence; all lists are empty when every word was true. */
export type Verdict = {
  /** Users who hold something else than what was told of them. */
  readonly wrong: readonly string[];
  /** Changes without an outcome, and phones that nobody asked to take away. */
  readonly lost: readonly string[];
  /** Outcomes that the tenant's record contradicts. */
  readonly untrue: readonly string[];
  /** Writes sent to a slot that was right already, and those of them that no stale read excuses. */
  readonly needless: number;
  readonly inexcusable: readonly string[];
  /** Numbers of the second writer that were overwritten although they could have been seen, and those that could not. */
  readonly overwritten: readonly string[];
  readonly inWindow: number;
};

export function slotName(userId: string, phoneType: string): string {
  return `${userId} ${phoneType}`;
}

const operations: Readonly<Partial<{ [Kind in Change["kind"]]: string }>> = {
  create: "createPhone",
  update: "updatePhone",
  delete: "deletePhone",
  enableSms: "enableSms",
  disableSms: "disableSms",
};

/** Holds what was told against what happened. */
export function judgeRun(told: readonly Told[], record: Record): Verdict {
  const story = new Map<string, SandboxLogEntry[]>();
  for (const entry of record.log) {
    if (entry.userId === undefined) continue;
    const own = story.get(entry.userId);
    if (own) own.push(entry);
    else story.set(entry.userId, [entry]);
  }
  const wrong: string[] = [];
  const lost: string[] = [];
  const untrue: string[] = [];
  const inexcusable: string[] = [];
  const overwritten: string[] = [];
  let needless = 0;
  let inWindow = 0;
  const asked = new Set<string>();
  for (const each of told) {
    const { change, outcome } = each;
    const { userId, phoneType, kind } = change;
    const name = `${kind} ${phoneType} of ${change.userPrincipalName} (${outcome})`;
    const slot = slotName(userId, phoneType);
    asked.add(slot);
    if (outcome === undefined) {
      lost.push(`${name}: no outcome`);
      continue;
    }
    if (!isWrite(change)) continue;
    const own = story.get(userId) ?? [];
    const other = laterThanPlan(change, record.others?.get(slot));
    const sends = own.filter(
      entry => entry.operation === operations[kind] && (entry.phoneType ?? "mobile") === phoneType,
    );
    const effects = sends.filter(entry => entry.change && reached(change, entry.change));
    if (outcome === "applied" && effects.length === 0) untrue.push(`${name}: nothing was executed`);
    if (outcome === "alreadySo" && effects.length > 0) untrue.push(`${name}: it was executed by this run`);
    if ((outcome === "failed" || outcome === "skipped") && effects.length > 0)
      untrue.push(`${name}: it was executed`);
    if (outcome === "refused" && effects.length > 0 && !other) untrue.push(`${name}: it was executed`);
    if (outcome === "skipped" && !sends.every(wasTurnedAway)) untrue.push(`${name}: it was sent`);
    if (other === undefined) {
      const user = record.after(userId);
      const now = user?.phones[phoneType];
      const begun = record.before.get(userId)?.phones[phoneType];
      const wanted = holds(change, now);
      const untouched = begun?.phoneNumber === now?.phoneNumber;
      const fits =
        outcome === "applied" || outcome === "alreadySo"
          ? wanted
          : outcome === "inDoubt"
            ? wanted || untouched
            : true;
      if (!fits) wrong.push(`${name}: ${now?.phoneNumber ?? "no phone"} ${now?.smsSignInState ?? ""}`);
    } else {
      const how = overwriting(change, own, other);
      if (how === "seen") overwritten.push(`${name}: a second writer's number was not looked at`);
      if (how === "unseen") inWindow++;
    }
    const repeats = needlessSends(change, own, sends, record);
    needless += repeats.all;
    inexcusable.push(...repeats.inexcusable.map(why => `${name}: ${why}`));
  }
  for (const [userId, user] of record.before) {
    for (const type of phoneTypes) {
      if (asked.has(slotName(userId, type)) || record.others?.has(slotName(userId, type))) continue;
      const then = user.phones[type]?.phoneNumber;
      const now = record.after(userId)?.phones[type]?.phoneNumber;
      if (then !== now) lost.push(`${type} of ${user.userPrincipalName}: ${then} became ${now} unasked`);
    }
  }
  return { wrong, lost, untrue, needless, inexcusable, overwritten, inWindow };
}

/** Everything that does not fit, as sentences; needless writes that a stale read excuses are none. */
export function contradictions({ needless: _, inWindow: __, ...lists }: Verdict): readonly string[] {
  return Object.entries(lists).flatMap(([name, found]) => found.map(each => `${name}: ${each}`));
}

/** Both verdicts as one. */
export function bothVerdicts(one: Verdict, other: Verdict): Verdict {
  return {
    wrong: [...one.wrong, ...other.wrong],
    lost: [...one.lost, ...other.lost],
    untrue: [...one.untrue, ...other.untrue],
    needless: one.needless + other.needless,
    inexcusable: [...one.inexcusable, ...other.inexcusable],
    overwritten: [...one.overwritten, ...other.overwritten],
    inWindow: one.inWindow + other.inWindow,
  };
}

type Asked = Told["change"];
type OtherWrite = { readonly at: number; readonly number: string | undefined };

/** A second writer's change that the plan did not know: one that it knew may be replaced like any other number. */
function laterThanPlan({ from }: Asked, other: OtherWrite | undefined): OtherWrite | undefined {
  const known = other?.number !== undefined && from !== null && sameNumber(from, other.number);
  return known ? undefined : other;
}

/** Answered in a way that says by itself that nothing was executed. */
function wasTurnedAway({ status, executed }: SandboxLogEntry): boolean {
  return !executed && (status === 401 || status === 403 || status === 429);
}

/** Whether an executed write did what the change asks for. */
function reached(change: Asked, done: NonNullable<SandboxLogEntry["change"]>): boolean {
  switch (change.kind) {
    case "delete":
      return done.to === null;
    case "enableSms":
      return done.smsSignInState === "ready";
    case "disableSms":
      return done.smsSignInState !== "ready";
    default:
      return typeof done.to === "string" && change.to !== null && sameNumber(done.to, change.to);
  }
}

type Held = { readonly phoneNumber: string; readonly smsSignInState: SmsSignInState } | undefined;

function holds(change: Asked, held: Held): boolean {
  switch (change.kind) {
    case "delete":
      return held === undefined;
    case "enableSms":
      return held?.smsSignInState === "ready";
    case "disableSms":
      return held !== undefined && held.smsSignInState !== "ready";
    default:
      return held !== undefined && change.to !== null && sameNumber(held.phoneNumber, change.to);
  }
}

/** Sends of a change after it had taken effect. A stale read since then is the one excuse. */
function needlessSends(
  change: Asked,
  own: readonly SandboxLogEntry[],
  sends: readonly SandboxLogEntry[],
  record: Record,
): { readonly all: number; readonly inexcusable: readonly string[] } {
  let all = 0;
  const inexcusable: string[] = [];
  const first = sends.findIndex(entry => entry.change && reached(change, entry.change));
  if (first === -1) return { all, inexcusable };
  const done = sends[first];
  for (const again of sends.slice(first + 1)) {
    all++;
    const from = done ? own.indexOf(done) : 0;
    const between = own.slice(from + 1, own.indexOf(again));
    const stale = between.some(
      entry =>
        entry.operation === "listPhones" &&
        (entry.fault === "staleReads" || entry.at - (done?.at ?? 0) < record.stalenessMs),
    );
    if (!stale) inexcusable.push(`sent again ${again.at - (done?.at ?? 0)} ms after it was done`);
  }
  return { all, inexcusable };
}

/** Whether a write of ours replaced the second writer's number, and whether a read after his change had come before it. */
function overwriting(
  change: Asked,
  own: readonly SandboxLogEntry[],
  other: OtherWrite,
): "seen" | "unseen" | undefined {
  if (change.kind === "enableSms" || change.kind === "disableSms") return undefined;
  let seen = false;
  for (const entry of own) {
    if (entry.at < other.at) continue;
    if (entry.operation === "listPhones" && entry.status === 200) seen = true;
    const replaces =
      entry.change &&
      entry.change.phoneType === change.phoneType &&
      entry.operation === operations[change.kind];
    if (replaces) return seen ? "seen" : "unseen";
  }
  return undefined;
}

/** The users of a tenant as they are now, to be compared with later. */
export function usersOf(sandbox: {
  users(): Iterable<SandboxUserView>;
}): ReadonlyMap<string, SandboxUserView> {
  return new Map([...sandbox.users()].map(user => [user.id, user]));
}
