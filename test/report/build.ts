/** Small builders for the tests of this room: a reader sees only what matters to the case. */
import { type Change, type ChangeKind, changeKinds } from "../../src/model/change.ts";
import type { RowIssue } from "../../src/model/issue.ts";
import type { Plan, PlanHeader } from "../../src/model/plan.ts";
import { type EntryOutcome, outcomeKinds, type Run } from "../../src/model/run.ts";
import type { Tenant } from "../../src/model/user.ts";
import type { RunResult } from "../../src/report/runResult.ts";

export const contoso: Tenant = {
  id: "8b1f0c1e-27a5-4d0a-9c58-0f4f0d2e6b11",
  domain: "contoso.com",
  displayName: "Contoso Ltd.",
  source: "organization",
};

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

export function aChange(kind: ChangeKind, more: Partial<Change> = {}): Change {
  const row = more.ref?.row ?? 2;
  return {
    kind,
    user: "adele@contoso.com",
    userPrincipalName: "adele@contoso.com",
    userId: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    phoneType: "mobile",
    from: kind === "create" ? null : "+44 7700900123",
    to: kind === "delete" ? null : "+31 612345678",
    reason: reasonOf[kind],
    ref: { row },
    rows: [row],
    ...more,
  };
}

const reasonOf = {
  create: "emptySlot",
  update: "otherNumber",
  delete: "blankCell",
  unchanged: "sameNumber",
  kept: "otherNumber",
  refused: "lastMethod",
  enableSms: "smsSignIn",
  disableSms: "smsSignIn",
} as const;

export function anIssue(more: Partial<RowIssue> = {}): RowIssue {
  return {
    code: "invalid-phone",
    level: "error",
    ref: { row: 14 },
    user: "alex@contoso.com",
    phoneType: "mobile",
    message: "“•••45” is too short. Correct the cell.",
    ...more,
  };
}

export type PlanParts = {
  readonly changes?: readonly Change[];
  readonly issues?: readonly RowIssue[];
  readonly header?: Partial<PlanHeader>;
  readonly findings?: Partial<PlanHeader["findings"]>;
};

export function aPlan({ changes = [], issues = [], header = {}, findings = {} }: PlanParts = {}): Plan {
  const count = (kind: ChangeKind): number => changes.filter(change => change.kind === kind).length;
  const kinds = Object.fromEntries(changeKinds.map(kind => [kind, count(kind)])) as Record<
    ChangeKind,
    number
  >;
  return {
    header: {
      formatVersion: 1,
      id: "plan-1",
      tenantId: contoso.id,
      tenant: contoso,
      policy: "add",
      smsSignIn: "leave",
      createdAt: "2026-11-24T10:15:00.000Z",
      expiresAt: "2026-11-25T10:15:00.000Z",
      counts: {
        rows: changes.length,
        users: changes.length,
        ...kinds,
        issues: issues.filter(issue => issue.level === "error").length,
        warnings: issues.filter(issue => issue.level === "warning").length,
        outOfScope: 0,
        excluded: 0,
      },
      findings: {
        masked: false,
        maskedFits: 0,
        phonesHeld: 0,
        mobileNumbers: 0,
        mobileLandlines: 0,
        methodsUnknown: 0,
        leftWithoutMethod: 0,
        ...findings,
      },
      source: "employees.xlsx",
      ...header,
    },
    digest,
    changes: () => changes,
    issues: () => issues,
  };
}

export function anOutcome(
  outcome: EntryOutcome["outcome"],
  more: Partial<EntryOutcome> = {},
  change = aChange("create"),
): EntryOutcome {
  return { entry: { ...change, seq: 1 }, outcome, attempts: 1, ...more };
}

export type RunParts = {
  readonly outcomes?: readonly EntryOutcome[];
  readonly issues?: readonly RowIssue[];
  readonly run?: Partial<Run>;
  readonly open?: number;
};

export function aRun({ outcomes = [], issues = [], run = {}, open = 0 }: RunParts = {}): RunResult {
  const counts = Object.fromEntries(
    outcomeKinds.map(kind => [kind, outcomes.filter(each => each.outcome === kind).length]),
  ) as Record<EntryOutcome["outcome"], number>;
  return {
    run: {
      id: "run-1",
      planId: "plan-1",
      digest,
      tenant: contoso,
      actor: { name: "admin@contoso.com", kind: "delegated" },
      command: "apply",
      source: "employees.xlsx",
      policy: "add",
      smsSignIn: "leave",
      issues: issues.length,
      startedAt: Date.parse("2026-11-24T10:20:00Z"),
      endedAt: Date.parse("2026-11-24T10:22:14Z"),
      state: "done",
      ...run,
    },
    counts: { ...counts, issues: issues.length },
    open,
    seconds: 134,
    requests: 12,
    writes: 40,
    throttled: 3,
    outcomes: () => outcomes,
    issues: () => issues,
  };
}

/** A report as one text or as its bytes. */
export async function textOf(chunks: AsyncIterable<Uint8Array | string>): Promise<string> {
  return (await bytesOf(chunks)).toString("utf8");
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk as string));
  return Buffer.concat(parts);
}
