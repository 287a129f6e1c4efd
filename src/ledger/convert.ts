import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { type Change, changeKinds, policies, smsSignIns } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import type { RowIssue } from "../model/issue.ts";
import { phoneTypes, smsSignInStates } from "../model/phone.ts";
import { type Entry, type Outcome, outcomeKinds, type Run, type RunState } from "../model/run.ts";
import type { Actor, Tenant } from "../model/user.ts";
import type { Row } from "./database.ts";
import type { Numbers } from "./numbers.ts";

const tenantSources: readonly Tenant["source"][] = ["signIn", "organization", "environment", "unknown"];
const actorKinds: readonly Actor["kind"][] = ["delegated", "application", "unknown"];
const runStates: readonly RunState[] = ["open", "interrupted", "inDoubt", "done", "superseded", "ended"];

/** Which entry: `seq` counts from 1 in each run. */
export type EntryPlace = { readonly runId: string; readonly seq: number };

/** A row of the table run. */
export function toRun(row: Row): Run {
  return {
    id: text(row.id),
    planId: text(row.plan_id),
    digest: text(row.digest),
    tenant: {
      id: text(row.tenant_id),
      ...optional("domain", row.tenant_domain, text),
      ...optional("displayName", row.tenant_name, text),
      source: oneOf(tenantSources, row.tenant_source),
    },
    actor: { name: text(row.actor_name), kind: oneOf(actorKinds, row.actor_kind) },
    command: text(row.command),
    source: text(row.source),
    policy: oneOf(policies, row.policy),
    smsSignIn: oneOf(smsSignIns, row.sms_sign_in),
    ...optional("rosterHash", row.roster_hash, text),
    ...optional("optionsHash", row.options_hash, text),
    ...optional("undoes", row.undoes, text),
    issues: integer(row.issues),
    startedAt: integer(row.started_at),
    ...optional("endedAt", row.ended_at, integer),
    ...optional("forgottenAt", row.forgotten_at, integer),
    state: oneOf(runStates, row.state),
  };
}

/** The columns of a run that is new, by their names. */
export function fromRun(run: Run): Readonly<Record<string, SQLInputValue>> {
  return {
    id: run.id,
    plan_id: run.planId,
    digest: run.digest,
    tenant_id: run.tenant.id,
    tenant_domain: run.tenant.domain ?? null,
    tenant_name: run.tenant.displayName ?? null,
    tenant_source: run.tenant.source,
    actor_name: run.actor.name,
    actor_kind: run.actor.kind,
    command: run.command,
    source: run.source,
    policy: run.policy,
    sms_sign_in: run.smsSignIn,
    roster_hash: run.rosterHash ?? null,
    options_hash: run.optionsHash ?? null,
    undoes: run.undoes ?? null,
    issues: run.issues,
    started_at: run.startedAt,
    state: run.state,
  };
}

/**
 * A row of the table entry. Its numbers are opened, so the key is needed. Without `numbers`, because the run's were
 * forgotten, they are null.
 */
export function toEntry(row: Row, runId: string, numbers: Numbers | undefined): Entry {
  const seq = integer(row.seq);
  const change: Omit<Change, "from" | "to"> = {
    kind: oneOf(changeKinds, row.kind),
    user: text(row.user),
    userPrincipalName: text(row.upn),
    userId: text(row.user_id),
    phoneType: oneOf(phoneTypes, row.phone_type),
    reason: text(row.reason) as Change["reason"],
    ref: json<Change["ref"]>(row.ref),
    rows: json<Change["rows"]>(row.rows),
    ...optional("switchDefault", row.switch_default, json<NonNullable<Change["switchDefault"]>>),
  };
  type Pair = readonly [from: Change["from"], to: Change["to"]];
  const [from, to] = numbers?.open<Pair>(blob(row.numbers), placeOf({ runId, seq })) ?? [null, null];
  return {
    ...change,
    from,
    to,
    runId,
    seq,
    state: entryState(row),
    attempts: integer(row.attempts),
    ...optional("sentAt", row.sent_at, integer),
    ...optional("doubtSince", row.doubt_since, integer),
    ...optional("smsBefore", row.sms_before, value => oneOf(smsSignInStates, value)),
  };
}

/** The columns of an entry that is new, by their names. */
export function fromChange(
  change: Change,
  { runId, seq }: EntryPlace,
  numbers: Numbers,
): Readonly<Record<string, SQLInputValue>> {
  return {
    seq,
    kind: change.kind,
    user: change.user,
    upn: change.userPrincipalName,
    user_id: change.userId,
    phone_type: change.phoneType,
    numbers: numbers.seal([change.from, change.to], placeOf({ runId, seq })),
    reason: change.reason,
    ref: JSON.stringify(change.ref),
    rows: JSON.stringify(change.rows),
    switch_default: change.switchDefault ? JSON.stringify(change.switchDefault) : null,
  };
}

/** What the ledger says of an entry; undefined as long as it says nothing. */
export function toOutcome(row: Row): Outcome | undefined {
  if (row.outcome === null) return undefined;
  return {
    outcome: oneOf(outcomeKinds, row.outcome),
    attempts: integer(row.attempts),
    ...optional("requestId", row.request_id, text),
    ...optional("code", row.code, text),
    ...optional("message", row.message, text),
  };
}

/** A row of the table issue. It is sealed whole: in a roster with swapped columns the user cell holds a number. */
export function toIssue(row: Row, runId: string, numbers: Numbers): RowIssue {
  return numbers.open<RowIssue>(blob(row.issue), issuePlaceOf({ runId, seq: integer(row.seq) }));
}

/** The columns of an issue that is new, by their names. */
export function fromIssue(
  issue: RowIssue,
  place: EntryPlace,
  numbers: Numbers,
): Readonly<Record<string, SQLInputValue>> {
  return { seq: place.seq, issue: numbers.seal(issue, issuePlaceOf(place)) };
}

/** Something in doubt has an outcome on record and is still to be settled. */
function entryState(row: Row): Entry["state"] {
  if (row.outcome === "inDoubt") return "sent";
  if (row.outcome !== null) return "finished";
  return row.sent_at === null ? "open" : "sent";
}

// What is sealed for one place does not open in another.
const placeOf = ({ runId, seq }: EntryPlace): string => `entry ${seq} of run ${runId}`;
const issuePlaceOf = ({ runId, seq }: EntryPlace): string => `issue ${seq} of run ${runId}`;

export function text(value: SQLOutputValue | undefined): string {
  return typeof value === "string" ? value : unreadable(value);
}

export function integer(value: SQLOutputValue | undefined): number {
  return typeof value === "number" ? value : unreadable(value);
}

function json<Value>(value: SQLOutputValue | undefined): Value {
  return JSON.parse(text(value)) as Value;
}

function blob(value: SQLOutputValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : unreadable(value);
}

export function oneOf<Value extends string>(
  known: readonly Value[],
  value: SQLOutputValue | undefined,
): Value {
  return known.find(each => each === value) ?? unreadable(value);
}

export function optional<Name extends string, Value>(
  name: Name,
  value: SQLOutputValue | undefined,
  convert: (value: SQLOutputValue | undefined) => Value,
): { readonly [Key in Name]?: Value } {
  return value === null || value === undefined
    ? {}
    : ({ [name]: convert(value) } as { [Key in Name]: Value });
}

function unreadable(value: SQLOutputValue | undefined): never {
  const why =
    value === null || value === undefined ? "a value is missing" : "a value is not what it should be";
  throw new PrepopError("PREPOP_LEDGER_CORRUPT", { file: "ledger.db", why });
}
