import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { isWrite } from "../../src/model/change.ts";
import { type PhoneType, sameNumber } from "../../src/model/phone.ts";
import type { SandboxLogEntry } from "../../src/sandbox/sandbox.ts";
import { type CliPlace, type CliRun, type Line, runCli } from "./cli.ts";
import { filesOf } from "./ledgerData.ts";
import { rosterFile } from "./rosterFile.ts";
import type { Tenant } from "./tenant.ts";

let rosters = 0;

/** Writes a CSV roster and returns its path. Cells are written as they are. */
export function csv(header: string, ...rows: readonly string[]): string {
  return rosterFile(`roster${++rosters}.csv`, `${[header, ...rows].join("\n")}\n`);
}

/** Runs a command against a tenant, in JSON and with full numbers unless `argv` has its own say. */
export function prepop(
  tenant: Tenant,
  argv: readonly string[],
  place: Partial<CliPlace> = {},
): Promise<CliRun> {
  return runCli(argv, { env: tenant.env, clock: tenant.clock, ...place });
}

/** For requests that hang. Longer than a busy machine takes over an answer, for a deadline is real time. */
export const impatient: Partial<CliPlace> = { requestTimeoutMs: 250 };

const asJson = ["--json", "--show-numbers"];

/** What a plan, its apply and the plan after it came to. */
export type Rehearsed = { readonly plan: CliRun; readonly apply: CliRun; readonly after: CliRun };

/**
 * Plans twice, applies and plans again, and holds what must hold whatever the case: planning changes nothing at home
 * and in the tenant, two plans of one state have one digest, every change has one outcome, each outcome agrees with
 * the sandbox's own log, and what was applied is not planned again.
 */
export async function rehearse(
  tenant: Tenant,
  roster: string,
  options: readonly string[] = [],
  place: Partial<CliPlace> = {},
  applyOptions: readonly string[] = [],
): Promise<Rehearsed> {
  const plan = await planTwice(tenant, roster, options, place);
  const from = tenant.sandbox.log.length;
  const apply = await prepop(
    tenant,
    ["apply", roster, "--yes", ...options, ...applyOptions, ...asJson],
    place,
  );
  assertOutcomesFit(plan, apply);
  assertTruth(tenant, apply.of("outcome"), from);
  assertState(tenant, plan, apply);
  tenant.catchUp();
  const after = await assertSettled(tenant, roster, options, apply, place);
  return { plan, apply, after };
}

/** Plans, looks that nothing changed by it, and plans again: the same digest. */
export async function planTwice(
  tenant: Tenant,
  roster: string,
  options: readonly string[] = [],
  place: Partial<CliPlace> = {},
): Promise<CliRun> {
  const before = fingerprint(tenant);
  const from = tenant.sandbox.log.length;
  const plan = await prepop(tenant, ["plan", roster, ...options, ...asJson], place);
  const again = await prepop(tenant, ["plan", roster, ...options, ...asJson], place);
  assert.equal(fingerprint(tenant), before, "plan changed PREPOP_HOME");
  assert.deepEqual(tenant.writes(from), [], "plan wrote to the tenant");
  assert.equal(again.summary.digest, plan.summary.digest, "two plans of one state have two digests");
  assert.equal(again.exitCode, plan.exitCode);
  return plan;
}

/** The main invariant: what was done is not planned again. Entries that did not succeed may be. */
export async function assertSettled(
  tenant: Tenant,
  roster: string,
  options: readonly string[],
  apply: CliRun,
  place: Partial<CliPlace> = {},
): Promise<CliRun> {
  const after = await prepop(tenant, ["plan", roster, ...options, ...asJson], place);
  const done = new Set(apply.of("outcome").filter(isDone).map(slot));
  const again = after.of("change").filter(change => writes(change) && done.has(slot(change)));
  assert.deepEqual(again, [], "the plan after an apply does again what was done");
  const complete = apply.of("outcome").filter(writes).every(isDone);
  // The next plan with --limit is about the next users.
  if (complete && !options.includes("--limit") && apply.summary.exitCode !== 6) {
    assert.notEqual(after.exitCode, 2, `the plan after a complete apply is not empty: ${after.stdout}`);
  }
  return after;
}

/** Every change of the plan has exactly one outcome, and there is no other. */
export function assertOutcomesFit(plan: CliRun, apply: CliRun): void {
  if (apply.of("outcome").length === 0 && apply.exitCode !== 0 && apply.exitCode !== 3) return;
  const changes = plan.of("change").map(change => `${slot(change)} ${change.kind}`);
  const outcomes = apply.of("outcome").map(outcome => `${slot(outcome)} ${outcome.kind}`);
  assert.deepEqual(outcomes.toSorted(), changes.toSorted(), "changes and outcomes do not fit");
}

/** The tenant holds what the plan said, for what was done, and what it held before, for what was not. */
export function assertState(tenant: Tenant, plan: CliRun, apply: CliRun): void {
  const outcomes = new Map(apply.of("outcome").map(line => [`${slot(line)} ${line.kind}`, line]));
  for (const change of plan.of("change")) {
    const { kind, phoneType, userId, user, from, to } = change;
    const outcome = outcomes.get(`${slot(change)} ${kind}`);
    if (!outcome || kind === "enableSms" || kind === "disableSms" || outcome.outcome === "inDoubt") continue;
    const wanted = writes(change) && isDone(outcome) ? to : from;
    const now = tenant.phones(String(userId))[phoneType as PhoneType] ?? null;
    const same = wanted === null || now === null ? wanted === now : sameNumber(String(wanted), now);
    assert.ok(same, `${user} has ${now} as ${phoneType}, not ${wanted} (${kind}, ${outcome.outcome})`);
  }
}

/** What is said of each change is what the sandbox knows of it (no second writer around). */
export function assertTruth(tenant: Tenant, outcomes: readonly Line[], from: number): void {
  const received = tenant.writes(from);
  for (const line of outcomes) {
    const mine = received.filter(
      entry =>
        entry.userId === line.userId &&
        entry.operation === operations[String(line.kind)] &&
        (entry.phoneType ?? "mobile") === line.phoneType,
    );
    const effects = mine.filter(entry => entry.executed && tookEffect(entry, line));
    const told = `${line.outcome} said of ${line.kind} ${line.phoneType} of ${line.user} (${line.code}: ${line.message})`;
    switch (line.outcome) {
      case "applied":
        assert.ok(effects.length > 0, `${told}, but nothing was executed`);
        break;
      case "failed":
      case "refused":
      case "alreadySo":
        assert.deepEqual(effects, [], `${told}, but it was executed`);
        break;
      case "skipped":
        assert.deepEqual(mine, [], `${told}, but it was sent`);
        break;
      default:
        break;
    }
    if (writes(line)) assert.equal(line.attempts, mine.length, `${told}: attempts`);
    else assert.equal(line.attempts, 0, `${told}: attempts of what sends nothing`);
  }
}

const operations: Readonly<Record<string, string>> = {
  create: "createPhone",
  update: "updatePhone",
  delete: "deletePhone",
  enableSms: "enableSms",
  disableSms: "disableSms",
};

function tookEffect({ change }: SandboxLogEntry, line: Line): boolean {
  if (!change) return false;
  switch (line.kind) {
    case "delete":
      return change.to === null;
    case "enableSms":
      return change.smsSignInState === "ready";
    case "disableSms":
      return change.smsSignInState !== "ready";
    default:
      return typeof change.to === "string" && sameNumber(change.to, String(line.to));
  }
}

function writes(line: Line): boolean {
  return isWrite(line as unknown as Parameters<typeof isWrite>[0]);
}

function isDone({ outcome }: Line): boolean {
  return outcome === "applied" || outcome === "alreadySo";
}

function slot(line: Line): string {
  return `${line.userId} ${line.phoneType}${line.kind === "enableSms" || line.kind === "disableSms" ? " sms" : ""}`;
}

/** Every file of PREPOP_HOME, hashed. */
export function fingerprint(tenant: Pick<Tenant, "home">): string {
  const hash = createHash("sha256");
  for (const [path, bytes] of filesOf(tenant.home)) hash.update(`${path} ${bytes.length}\n`).update(bytes);
  return hash.digest("hex");
}
