import type { Graph } from "../graph/connect.ts";
import type { Cloud } from "../model/clouds.ts";
import type { Clock } from "./clock.ts";

/** What the doors hand to the engine. */
export type Edges = {
  readonly graph: Graph;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly newId: () => string;
  /** The cloud that the tenant is in; default: the global one. */
  readonly cloud?: Cloud;
  /** AZURE_TENANT_ID. */
  readonly environmentTenant?: string;
  /** The profile in use: another tenant than its own is refused. */
  readonly profile?: { readonly name: string; readonly tenantId: string };
  /** Aborts with an Interrupted when the person asks to stop. */
  readonly signal?: AbortSignal;
};

/** What is under way, for whoever watches. */
export type Progress = {
  readonly phase: "reading" | "finding users" | "comparing" | "writing" | "writing back";
  readonly done: number;
  /** Undefined where the end is not known yet. */
  readonly total?: number;
};

export type Watch = (progress: Progress) => void;
