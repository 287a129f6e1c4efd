import { deliveryOf, isReached } from "../decide/delivery.ts";
import { desireRow } from "../decide/desire.ts";
import { digest } from "../decide/digest.ts";
import { domainOf, withDomainsOfUsers } from "../decide/tenant.ts";
import { userKey } from "../decide/userKey.ts";
import { openSpool, type Spool } from "../ledger/spool.ts";
import { type Change, type ChangeKind, changeKinds } from "../model/change.ts";
import type { RowIssue } from "../model/issue.ts";
import type { PlanOptions, RosterOptions, Scope } from "../model/options.ts";
import { type Plan, type PlanCounts, type PlanHeader, planFormatVersion } from "../model/plan.ts";
import { endOfDelivery } from "../model/retirement.ts";
import type { RosterRow } from "../model/row.ts";
import type { Match, Tenant, User } from "../model/user.ts";
import type { Roster } from "../roster/open.ts";
import { noteShared } from "./check.ts";
import { type ComparedUser, compareUsers } from "./compare.ts";
import type { Edges, Watch } from "./edges.ts";
import { identifyUsers } from "./identify.ts";
import type { Lane } from "./lane.ts";
import { lookupIssues } from "./lookupIssues.ts";
import { createPatience, type Patience } from "./patience.ts";
import { countSideEffect, type PolicyReading, readPolicies } from "./policyReach.ts";
import { readReport } from "./registrationReport.ts";
import { createRenewal, type Renewal } from "./renewal.ts";
import { scopeSets } from "./scopeSets.ts";
import { tenantOf } from "./tenantOf.ts";

export type PlanRequest = {
  readonly roster: Roster;
  readonly rosterOptions: RosterOptions;
  readonly scope: Scope;
  readonly options: PlanOptions;
  readonly concurrency: number;
  readonly maxWaitMs: number;
  /** How long the plan may be applied, ms. */
  readonly maxAgeMs: number;
  /** SHA-256 of everything but the roster's bytes that shapes the plan. */
  readonly optionsHash?: string;
  readonly expectedTenant?: { readonly what: string; readonly tenantId: string };
  readonly watch?: Watch;
  /** Called with every key before users are looked up: the embedded sandbox makes its users so. */
  readonly seed?: (keys: Iterable<string>) => void;
};

/** A plan with the spool it lies in. */
export type OpenPlan = Plan & { close(): void };

/** Reads the roster and the tenant and makes the plan. Nothing is written anywhere but to the plan's own spool. */
export async function makePlan(request: PlanRequest, edges: Edges): Promise<OpenPlan> {
  const patience = patienceFor(edges, request.maxWaitMs);
  const spool = openSpool<RosterRow>();
  try {
    // The list is read while the tenant says who it is; no user is looked for before both are done.
    const asked = tenantOf(edges, patience, request.expectedTenant);
    asked.catch(() => undefined);
    const rows = await spoolRows(spool, request);
    const tenant = await asked;
    return await planIn({ spool, rows, tenant, request, edges, patience });
  } catch (error) {
    spool.close();
    throw error;
  }
}

export function patienceFor(
  edges: Edges,
  maxWaitMs: number,
  beside: { readonly renew: Renewal; readonly writes?: Lane } = { renew: createRenewal(edges) },
): Patience {
  return createPatience({
    clock: edges.clock,
    random: edges.random,
    origin: edges.graph.origin,
    maxWaitMs,
    ...beside,
    ...(edges.signal ? { signal: edges.signal } : {}),
  });
}

type PlanWork = {
  readonly spool: Spool<RosterRow>;
  /** How many there are in the spool. */
  readonly rows: number;
  readonly tenant: Tenant;
  readonly request: PlanRequest;
  readonly edges: Edges;
  readonly patience: Patience;
};

async function planIn({ spool, rows, tenant, request, edges, patience }: PlanWork): Promise<OpenPlan> {
  const { roster, rosterOptions, options, scope, watch } = request;
  const match = rosterOptions.match ?? "upn";
  const region = rosterOptions.region === undefined ? {} : { region: rosterOptions.region };
  const desire = (row: RosterRow, user?: User) =>
    desireRow(row, { ...region, ...(user ? { user } : {}), match, policy: options.policy });

  if (roster.profile === undefined) request.seed?.(keysOf(spool, match));
  const report = readReport(spool, edges.graph, options.policy);
  const policies = readPolicies(edges.graph, patience, {
    signIn: options.smsSignIn === "leave",
    delivery: options.policy !== "remove",
  });
  // Their failure is met where they are needed; until then it must not count as unhandled.
  policies.catch(() => undefined);
  if (roster.profile === undefined) {
    await identifyUsers({
      spool,
      graph: edges.graph,
      patience,
      match,
      concurrency: request.concurrency,
      keyOf: (fold, first) => keyText(first, match) ?? fold,
      ...(watch ? { watch: done => watch({ phase: "finding users", done }) } : {}),
    });
  }

  const tally = createTally(rows, scope);
  for (const { ordinal, row, lookup } of spool.unfound()) {
    for (const issue of lookupIssues(desire(row), lookup)) tally.issue(spool, ordinal, issue);
  }

  const sets = await scopeSets(scope, edges.graph, patience);
  const reading = await policies;
  await report.begun;
  report.stop();
  const compared = compareUsers({
    spool,
    graph: edges.graph,
    patience,
    desire,
    scope,
    sets,
    options,
    concurrency: request.concurrency,
  });
  let done = 0;
  for await (const user of compared) {
    tally.user(spool, user, reading);
    watch?.({ phase: "comparing", done: ++done });
  }
  noteShared(spool, match);

  const createdAt = edges.clock.wall();
  const header: PlanHeader = {
    formatVersion: planFormatVersion,
    id: edges.newId(),
    tenantId: tenant.id,
    tenant: withDomainsOfUsers(tenant, tally.domains),
    policy: options.policy,
    smsSignIn: options.smsSignIn,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(createdAt + request.maxAgeMs).toISOString(),
    ...tally.result(spool, reading, endOfDelivery(edges.cloud ?? "global")),
    source: roster.name,
    rosterHash: roster.hash,
    ...(roster.profile ? { profile: roster.profile } : {}),
    ...(request.optionsHash === undefined ? {} : { optionsHash: request.optionsHash }),
  };
  return planOf(header, spool);
}

/** The plan that lies in a spool. */
export function planOf(
  header: PlanHeader,
  spool: Pick<Spool<unknown>, "changes" | "changeHashes" | "issues" | "close">,
): OpenPlan {
  return {
    header,
    digest: digest(header, spool.changeHashes()),
    changes: () => spool.changes(),
    issues: () => spool.issues(),
    close: () => spool.close(),
  };
}

async function spoolRows(spool: Spool<RosterRow>, request: PlanRequest): Promise<number> {
  const { roster, rosterOptions, watch } = request;
  let rows = 0;
  for await (const batch of roster.batches()) {
    for (const row of batch) {
      const key = userKey(row, rosterOptions.match ?? "upn");
      const fold = key.kind === "key" ? key.fold : undefined;
      const ordinal = spool.addRow(row, fold);
      if (row.found && fold !== undefined) spool.setLookup(fold, ordinal, { kind: "one", user: row.found });
    }
    rows += batch.length;
    watch?.({ phase: "reading", done: rows });
  }
  return rows;
}

function* keysOf(spool: Spool<RosterRow>, match: Match): Iterable<string> {
  for (const { first } of spool.keys()) {
    const key = keyText(first.row, match);
    if (key !== undefined) yield key;
  }
}

function keyText(row: RosterRow, match: Match): string | undefined {
  const key = userKey(row, match);
  return key.kind === "key" ? key.key : undefined;
}

/** Counts while the plan is made, so that it need not be walked again. */
function createTally(rows: number, scope: Scope) {
  const kinds = Object.fromEntries(changeKinds.map(kind => [kind, 0])) as Record<ChangeKind, number>;
  const counts = { users: 0, outOfScope: 0, excluded: 0 };
  const findings = {
    masked: false,
    maskedFits: 0,
    phonesHeld: 0,
    mobileNumbers: 0,
    mobileLandlines: 0,
    methodsUnknown: 0,
    leftWithoutMethod: 0,
    notRead: 0,
  };
  const domains = new Map<string, number>();
  let smsSideEffect: number | undefined;
  // Numbers that are written, and of them those that no code reaches: undefined once one of them cannot be told.
  let written = 0;
  let disabledUnknown = 0;
  let outside: number | undefined = 0;

  const addIssue = (spool: Spool<RosterRow>, ordinal: number, issue: RowIssue): void =>
    spool.addIssue(ordinal, issue);
  const addChange = (spool: Spool<RosterRow>, change: Change): void => {
    kinds[change.kind]++;
    if (change.basis === "report") findings.notRead++;
    if (change.reason === "maskedFits") findings.maskedFits++;
    spool.addChange(change);
  };

  return {
    /** How many users of each domain there are. */
    domains,
    issue: addIssue,
    user(spool: Spool<RosterRow>, user: ComparedUser, { signIn, reaches }: PolicyReading): void {
      if (signIn) smsSideEffect ??= 0;
      if (user.kind === "outside") {
        counts[user.why === "excluded" ? "excluded" : "outOfScope"]++;
        return;
      }
      counts.users++;
      if (scope.excludeDisabled && user.user.accountEnabled === undefined) disabledUnknown++;
      const domain = domainOf(user.user.userPrincipalName);
      if (domain !== undefined) domains.set(domain, (domains.get(domain) ?? 0) + 1);
      for (const { ordinal, issue } of user.issues) addIssue(spool, ordinal, issue);
      for (const { number, ordinal } of user.numbers) spool.addNumber(number, user.user.id, ordinal);
      for (const change of user.changes) {
        addChange(spool, change);
        if (change.kind !== "create" && change.kind !== "update") continue;
        if (signIn) smsSideEffect = (smsSideEffect ?? 0) + countSideEffect(change, signIn);
        written++;
        const reached = isReached(change, reaches);
        if (reached === undefined) outside = undefined;
        else if (!reached && outside !== undefined) outside++;
      }
      findings.masked ||= user.masked;
      findings.phonesHeld += user.phonesHeld;
      findings.mobileNumbers += user.mobileNumbers;
      findings.mobileLandlines += user.mobileLandlines;
      if (user.methodsUnknown) findings.methodsUnknown++;
      if (user.leftWithoutMethod) findings.leftWithoutMethod++;
    },
    result(
      spool: Spool<RosterRow>,
      { reaches }: PolicyReading,
      endsOn: string | undefined,
    ): Pick<PlanHeader, "counts" | "findings"> {
      let issues = 0;
      let warnings = 0;
      for (const issue of spool.issues()) issue.level === "error" ? issues++ : warnings++;
      const all: PlanCounts = { rows, ...kinds, ...counts, issues, warnings };
      const delivery = { ...deliveryOf(reaches, endsOn), ...(outside === undefined ? {} : { outside }) };
      return {
        counts: all,
        findings: {
          ...findings,
          ...(smsSideEffect === undefined ? {} : { smsSideEffect }),
          ...(scope.excludeDisabled ? { disabledUnknown } : {}),
          ...(written === 0 ? {} : { delivery }),
        },
      };
    },
  };
}
