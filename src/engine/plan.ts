import { desireRow } from "../decide/desire.ts";
import { digest } from "../decide/digest.ts";
import type { ScopeSets } from "../decide/scope.ts";
import { withDomainsOfUsers } from "../decide/tenant.ts";
import { userKey } from "../decide/userKey.ts";
import { openSpool, type Spool } from "../ledger/spool.ts";
import type { PlanOptions, RosterOptions, Scope } from "../model/options.ts";
import { type Plan, type PlanHeader, planFormatVersion } from "../model/plan.ts";
import { endOfDelivery } from "../model/retirement.ts";
import type { RosterRow } from "../model/row.ts";
import type { Match, Tenant, User } from "../model/user.ts";
import type { Roster } from "../roster/open.ts";
import { noteShared } from "./check.ts";
import { compareUsers } from "./compare.ts";
import type { Edges, Watch } from "./edges.ts";
import { identifyUsers } from "./identify.ts";
import type { Lane } from "./lane.ts";
import { lookupIssues } from "./lookupIssues.ts";
import { createPatience, type Patience } from "./patience.ts";
import { createTally } from "./planTally.ts";
import { type PolicyReading, readPolicies } from "./policyReach.ts";
import { readReport } from "./registrationReport.ts";
import { createRenewal, type Renewal } from "./renewal.ts";
import { scopeSets } from "./scopeSets.ts";
import { askTenant } from "./tenantOf.ts";

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
  // Much is asked at once: when one answer ends it, the rest is not asked any more.
  const failing = new AbortController();
  const signal = edges.signal ? AbortSignal.any([edges.signal, failing.signal]) : failing.signal;
  const patience = patienceFor({ ...edges, signal }, request.maxWaitMs);
  const spool = openSpool<RosterRow>();
  try {
    // The list is read while the tenant says who it is.
    const asking = askTenant(edges, patience, request.expectedTenant);
    const policies = asking.then(({ tenant, mayStop }) =>
      readPolicies(edges.graph, patience, {
        signIn: request.options.smsSignIn === "leave",
        delivery: request.options.policy !== "remove",
        usersAfter: mayStop ? tenant : undefined,
      }),
    );
    // A failure is met where the answer is needed; until then it must not count as unhandled.
    policies.catch(() => undefined);
    const rows = await spoolRows(spool, request);
    const { tenant, mayStop } = await asking;
    if (mayStop) await tenant;
    return await planIn({ spool, rows, tenant, policies, request, edges, patience });
  } catch (error) {
    failing.abort(error);
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
  readonly tenant: Promise<Tenant>;
  readonly policies: Promise<PolicyReading>;
  readonly request: PlanRequest;
  readonly edges: Edges;
  readonly patience: Patience;
};

async function planIn(work: PlanWork): Promise<OpenPlan> {
  const { spool, rows, request, edges, patience } = work;
  const { roster, rosterOptions, options, scope, watch } = request;
  const match = rosterOptions.match ?? "upn";
  const region = rosterOptions.region === undefined ? {} : { region: rosterOptions.region };
  const desire = (row: RosterRow, user?: User) =>
    desireRow(row, { ...region, ...(user ? { user } : {}), match, policy: options.policy });

  const { tenant, policies, sets } = await readTenant(work, match);
  const tally = createTally(rows, scope);
  for (const { ordinal, row, lookup } of spool.unfound()) {
    for (const issue of lookupIssues(desire(row), lookup)) tally.issue(spool, ordinal, issue);
  }
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
    tally.user(spool, user, policies);
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
    ...tally.result(spool, policies, endOfDelivery(edges.cloud ?? "global")),
    source: roster.name,
    rosterHash: roster.hash,
    ...(roster.fromProfile ? { fromProfile: roster.fromProfile } : {}),
    ...(request.optionsHash === undefined ? {} : { optionsHash: request.optionsHash }),
  };
  return planOf(header, spool);
}

/** Everything that is asked beside the phones, all of it at once: each answer may take seconds. */
async function readTenant(
  { spool, request, edges, patience, tenant, policies: reading }: PlanWork,
  match: Match,
): Promise<{
  readonly tenant: Tenant;
  readonly policies: PolicyReading;
  readonly sets: ScopeSets;
}> {
  const { roster, options, scope, watch } = request;
  const isList = roster.fromProfile === undefined;
  if (isList) request.seed?.(keysOf(spool, match));
  const report = readReport(spool, edges.graph, options.policy);
  try {
    const setting = scopeSets(scope, edges.graph, patience);
    const identifying = isList
      ? identifyUsers({
          spool,
          graph: edges.graph,
          patience,
          match,
          concurrency: request.concurrency,
          keyOf: (fold, first) => keyText(first, match) ?? fold,
          ...(watch ? { watch: done => watch({ phase: "finding users", done }) } : {}),
        })
      : undefined;
    const [named, policies, sets] = await Promise.all([tenant, reading, setting, identifying, report.begun]);
    return { tenant: named, policies, sets };
  } finally {
    report.stop();
  }
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
