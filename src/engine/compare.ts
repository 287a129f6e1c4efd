import { mergeRows } from "../decide/across.ts";
import type { DesiredRow } from "../decide/desire.ts";
import { alternateWithoutMobileIssue, rowIssue } from "../decide/issueMessage.ts";
import { keepMethods } from "../decide/leftMethods.ts";
import { order } from "../decide/order.ts";
import { reconcile, type Wanted } from "../decide/reconcile.ts";
import { inScope, type ScopeSets } from "../decide/scope.ts";
import type { Graph, PhonesRead } from "../graph/connect.ts";
import type { Spool, SpooledUser } from "../ledger/spool.ts";
import { type Change, isWrite, type Reason } from "../model/change.ts";
import { type Fault, GraphFault } from "../model/fault.ts";
import type { RowIssue } from "../model/issue.ts";
import type { PlanOptions, Scope } from "../model/options.ts";
import { type PhoneNumber, type PhoneType, phoneTypes } from "../model/phone.ts";
import type { RosterRow } from "../model/row.ts";
import type { User } from "../model/user.ts";
import { ordered } from "./ordered.ts";
import type { Patience } from "./patience.ts";
import { forbidden } from "./worldErrors.ts";

export type CompareRequest = {
  readonly spool: Spool<RosterRow>;
  readonly graph: Graph;
  readonly patience: Patience;
  readonly desire: (row: RosterRow, user?: User) => DesiredRow;
  readonly scope: Scope;
  readonly sets: ScopeSets;
  readonly options: PlanOptions;
  readonly concurrency: number;
};

/** What the plan says of one user, or that he is outside of it. */
export type ComparedUser =
  | { readonly kind: "outside"; readonly why: "outOfScope" | "excluded" }
  | {
      readonly kind: "compared";
      readonly user: User;
      readonly changes: readonly Change[];
      readonly issues: readonly { readonly ordinal: number; readonly issue: RowIssue }[];
      /** Mobile and alternate mobile numbers asked for, to find shared ones. */
      readonly numbers: readonly { readonly number: PhoneNumber; readonly ordinal: number }[];
      readonly masked: boolean;
      readonly phonesHeld: number;
      readonly mobileNumbers: number;
      readonly mobileLandlines: number;
      readonly methodsUnknown: boolean;
      readonly leftWithoutMethod: boolean;
    };

/** Every read refused and none allowed after this many users: the caller lacks the permission, not the users. */
const refusalsInARow = 10;

/** What came of reading a user's phones. */
type PhoneReading =
  /** The report lists no method of this user, which under policy add is enough. */
  | { readonly kind: "spared" }
  | { readonly kind: "notNeeded" }
  | { readonly kind: "read"; readonly phones: PhonesRead }
  | { readonly kind: "refused"; readonly fault: Fault };

/** Compares what the roster asks of each found user with what Entra holds, in roster order. */
export async function* compareUsers(request: CompareRequest): AsyncGenerator<ComparedUser> {
  const limit = request.scope.limit ?? Number.POSITIVE_INFINITY;
  let withChange = 0;
  let allowed = false;
  const refusals: Fault[] = [];
  const all = ordered(request.spool.users(), request.concurrency, async user =>
    withChange >= limit ? { compared: beyondLimit, reading: notNeeded } : compareUser(user, request),
  );
  for await (const { compared, reading } of all) {
    if (reading.kind === "read") allowed = true;
    if (reading.kind === "refused" && reading.fault.status === 403) refusals.push(reading.fault);
    if (!allowed && refusals.length >= refusalsInARow) break;
    // With --limit, who comes after the last user with a change is outside, though he may have been read ahead.
    if (withChange >= limit) {
      yield compared.kind === "outside" ? compared : beyondLimit;
      continue;
    }
    if (compared.kind === "compared" && compared.changes.some(isWrite)) withChange++;
    yield compared;
  }
  const [refusal] = refusals;
  if (refusal && !allowed) throw forbidden(refusal);
}

const beyondLimit: ComparedUser = { kind: "outside", why: "outOfScope" };
const notNeeded: PhoneReading = { kind: "notNeeded" };
const spared: PhoneReading = { kind: "spared" };

async function compareUser(
  { user, rows }: SpooledUser<RosterRow>,
  request: CompareRequest,
): Promise<{ readonly compared: ComparedUser; readonly reading: PhoneReading }> {
  const desired = rows.map(({ ordinal, row }) => ({ ordinal, row: request.desire(row, user) }));
  const rosterUser = desired[0]?.row.user ?? user.userPrincipalName;
  const scoped = inScope(user, rosterUser, request.scope, request.sets);
  if (scoped !== "inScope") return { compared: { kind: "outside", why: scoped }, reading: notNeeded };

  const merged = mergeRows(desired.map(({ row }) => row));
  const issues = [...desired.flatMap(({ row }) => row.issues), ...merged.issues];
  const wanted = merged.phones;
  const registered = request.spool.registration(user.id);
  if (registered?.isAdmin) issues.push(...desired.map(({ row }) => rowIssue(row, { code: "admin-user" })));
  const reading = await readingOf(user, wanted, registered?.nothingRegistered === true, request);
  const decided = await decideChanges({ user, rosterUser, wanted, reading, request });
  if (decided.alternateWithoutMobile)
    issues.push(alternateWithoutMobileIssue(decided.alternateWithoutMobile, rosterUser));

  const mobiles = desired.map(({ row }) => row.phones.mobile).filter(phone => phone.kind === "number");
  return {
    reading,
    compared: {
      kind: "compared",
      user,
      changes: decided.changes,
      issues: issues.map(issue => ({ ordinal: ordinalOf(issue, desired), issue })),
      numbers: desired.flatMap(({ ordinal, row }) =>
        [row.phones.mobile, row.phones.alternateMobile].flatMap(phone =>
          phone.kind === "number" ? [{ number: phone.number, ordinal }] : [],
        ),
      ),
      masked: reading.kind === "read" && reading.phones.masked,
      phonesHeld: reading.kind === "read" ? reading.phones.phones.length : 0,
      mobileNumbers: mobiles.length,
      mobileLandlines: mobiles.filter(phone => phone.landline).length,
      methodsUnknown: decided.methodsUnknown,
      leftWithoutMethod: decided.leftWithoutMethod,
    },
  };
}

function readingOf(
  user: User,
  wanted: Readonly<Record<PhoneType, Wanted>>,
  nothingRegistered: boolean,
  request: CompareRequest,
): PhoneReading | Promise<PhoneReading> {
  if (!asksForSomething(wanted, request.options)) return notNeeded;
  return nothingRegistered && request.options.policy === "add" ? spared : readPhones(user, request);
}

/** A user for whom nothing can come of it is not read at all. */
function asksForSomething(wanted: Readonly<Record<PhoneType, Wanted>>, options: PlanOptions): boolean {
  if (options.policy === "remove" && options.types) return true;
  return phoneTypes.some(phoneType => {
    const { kind } = wanted[phoneType].desired;
    return kind === "number" || (kind === "blank" && options.policy === "mirror");
  });
}

async function readPhones(user: User, request: CompareRequest): Promise<PhoneReading> {
  try {
    return { kind: "read", phones: await request.patience.read(() => request.graph.listPhones(user.id)) };
  } catch (error) {
    if (!(error instanceof GraphFault)) throw error;
    return { kind: "refused", fault: error.fault };
  }
}

type Decided = {
  readonly changes: readonly Change[];
  readonly alternateWithoutMobile?: Wanted;
  readonly methodsUnknown: boolean;
  readonly leftWithoutMethod: boolean;
};

async function decideChanges(input: {
  readonly user: User;
  readonly rosterUser: string;
  readonly wanted: Readonly<Record<PhoneType, Wanted>>;
  readonly reading: PhoneReading;
  readonly request: CompareRequest;
}): Promise<Decided> {
  const { user, rosterUser, wanted, reading, request } = input;
  const { options } = request;
  const plain = { methodsUnknown: false, leftWithoutMethod: false };
  switch (reading.kind) {
    case "notNeeded":
      return { changes: [], ...plain };
    case "refused":
      return { changes: refuseAll(input, reading.fault), ...plain };
    case "read":
    case "spared":
      break;
  }
  const existing = reading.kind === "read" ? reading.phones.phones : [];
  const reconciled = reconcile({ rosterUser, user, wanted, existing, options });
  const alternate = reconciled.alternateWithoutMobile
    ? { alternateWithoutMobile: reconciled.alternateWithoutMobile }
    : {};
  if (!reconciled.changes.some(change => change.kind === "delete")) {
    const changes = order(reconciled.changes);
    const told =
      reading.kind === "spared" ? changes.map(change => ({ ...change, basis: "report" as const })) : changes;
    return { changes: told, ...alternate, ...plain };
  }
  const [methods, preferences] = await Promise.all([
    request.patience.read(() => request.graph.listMethods(user.id)),
    request.patience.read(() => request.graph.signInPreferences(user.id)),
  ]);
  const kept = keepMethods({
    changes: reconciled.changes,
    methods,
    defaultMethod: preferences?.default,
    allowLastMethod: options.allowLastMethod === true,
  });
  return {
    changes: order(kept.changes),
    ...alternate,
    methodsUnknown: methods === undefined || preferences === undefined,
    leftWithoutMethod: kept.leftWithoutMethod,
  };
}

/** What the roster asks of a user whose phones cannot be read is refused, and said so. */
function refuseAll(
  input: {
    readonly user: User;
    readonly rosterUser: string;
    readonly wanted: Readonly<Record<PhoneType, Wanted>>;
    readonly request: CompareRequest;
  },
  fault: Fault,
): readonly Change[] {
  const reason: Reason = fault.status === 403 ? "forbidden" : "unreadable";
  const { types, policy } = input.request.options;
  return phoneTypes.flatMap(phoneType => {
    const { desired, ref, rows } = input.wanted[phoneType];
    const listed = policy === "remove" && types?.includes(phoneType);
    if (desired.kind !== "number" && !(desired.kind === "blank" && policy === "mirror") && !listed) return [];
    const to = desired.kind === "number" && policy !== "remove" ? desired.number : null;
    return [
      {
        kind: "refused" as const,
        user: input.rosterUser,
        userPrincipalName: input.user.userPrincipalName,
        userId: input.user.id,
        phoneType,
        from: null,
        to,
        reason,
        ref,
        rows,
      },
    ];
  });
}

function ordinalOf(
  issue: RowIssue,
  desired: readonly { readonly ordinal: number; readonly row: DesiredRow }[],
): number {
  return desired.find(({ row }) => row.ref.row === issue.ref.row)?.ordinal ?? desired[0]?.ordinal ?? 0;
}
