import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../engine/clock.ts";
import type { Edges, Watch } from "../engine/edges.ts";
import type { ProfileRosterRequest } from "../engine/profileRoster.ts";
import type { Graph, GraphSettings } from "../graph/connect.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { defaultLimits, defaultPace } from "../model/defaults.ts";
import type { Limits, PaceOptions, PlanOptions, Scope } from "../model/options.ts";

/** What every call needs from outside. Time and randomness can be given, so that a test can set them. */
export type AroundSettings = {
  readonly graph: Graph;
  /** Ends the call early; a run stays resumable. */
  readonly signal?: AbortSignal;
  /** The tenant that is meant; another one is PREPOP_TENANT_MISMATCH. What AZURE_TENANT_ID is to the command line. */
  readonly tenantId?: string;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** From 0 to below 1. Default: Math.random. */
  readonly random?: () => number;
  /** Default: random UUIDs. */
  readonly newId?: () => string;
};

/** Which Graph, and as whom: a token as it is, or a credential of the shape that @azure/identity has. */
export type ConnectSettings = Omit<GraphSettings, "credential" | "connections"> &
  ({ readonly token: string } | { readonly credential: GraphSettings["credential"] }) & {
    /** HTTP requests side by side. Default 50. */
    readonly concurrency?: number;
    /** False: never packs requests into a `$batch`. Default true. */
    readonly batch?: boolean;
  };

/** Whose profiles `readProfiles` reads, and how it reads their numbers. */
export type ProfileSettings = AroundSettings &
  ProfileRosterRequest & {
    /** Country of numbers of users without a usageLocation, two letters. */
    readonly region?: string;
    /** The longest wait that the service may ask for, ms. Default 600,000. */
    readonly maxWaitMs?: number;
  };

/** How `plan` goes about it: everything but `graph` has a default, and they are those of the command line. */
export type PlanSettings = AroundSettings &
  Partial<PlanOptions> & {
    readonly scope?: Scope;
    /** Reads side by side. Default 50. */
    readonly concurrency?: number;
    /** The longest wait that the service may ask for, ms. Default 600,000. */
    readonly maxWaitMs?: number;
    /** How long the plan may be applied, ms. Default 86,400,000. */
    readonly maxAgeMs?: number;
    /** Told how far it is. */
    readonly watch?: Watch;
  };

/** How `apply` and `resume` go about it: guards and pace as on the command line. */
export type RunSettings = AroundSettings &
  Partial<Limits> &
  Partial<PaceOptions> & {
    readonly ledger: Ledger;
    /** Full numbers in the lines. Default: all digits but the last two are `•`. */
    readonly showNumbers?: boolean;
  };

export type ApplySettings = RunSettings & {
  /** Refuses any other plan than the one with this digest (PREPOP_PLAN_DIGEST). */
  readonly digest?: string;
  /** The numbers of finished runs older than this are removed from the ledger, ms. Default 90 days. */
  readonly keepNumbersMs?: number;
};

export type UndoSettings = ApplySettings & {
  /** The run's id, or the beginning of it. */
  readonly run: string;
};

export type ResumeSettings = RunSettings & {
  /** The run's id, or the beginning of it. Default: the newest run that can be gone on with. */
  readonly run?: string;
};

/** The edges of one call, which ends with the caller's signal or with `own`. */
export function edgesOf(settings: AroundSettings, own?: AbortSignal): Edges {
  const { graph, clock = systemClock, random = Math.random, newId = randomUUID, tenantId } = settings;
  const signals = [settings.signal, own].filter(signal => signal !== undefined);
  return {
    graph,
    clock,
    random,
    newId,
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    ...(tenantId === undefined ? {} : { environmentTenant: tenantId }),
  };
}

export function limitsOf(settings: Partial<Limits>): Limits {
  const { maxDelete = defaultLimits.maxDelete, confirmTenant } = settings;
  return {
    maxChange: settings.maxChange ?? defaultLimits.maxChange,
    stopAtFailures: settings.stopAtFailures ?? defaultLimits.stopAtFailures,
    maxAgeMs: settings.maxAgeMs ?? defaultLimits.maxAgeMs,
    force: settings.force ?? defaultLimits.force,
    ...(maxDelete === undefined ? {} : { maxDelete }),
    ...(confirmTenant === undefined ? {} : { confirmTenant }),
  };
}

export function paceOf(settings: Partial<PaceOptions>): PaceOptions {
  const { rate } = settings;
  return {
    concurrency: settings.concurrency ?? defaultPace.concurrency,
    batch: settings.batch ?? defaultPace.batch,
    maxWaitMs: settings.maxWaitMs ?? defaultPace.maxWaitMs,
    settleHorizonMs: settings.settleHorizonMs ?? defaultPace.settleHorizonMs,
    ...(rate === undefined ? {} : { rate }),
  };
}
