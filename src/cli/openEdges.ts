import { randomUUID } from "node:crypto";
import { systemClock } from "../engine/clock.ts";
import type { Edges } from "../engine/edges.ts";
import { connectionsFor, packRequests } from "../engine/packing.ts";
import { connectGraph, fixedToken, type Graph } from "../graph/connect.ts";
import { homeFolder } from "../ledger/home.ts";
import { PrepopError } from "../model/errors.ts";
import type { Call } from "./command.ts";
import type { Output } from "./output.ts";
import { paceOf } from "./settings.ts";

/** The edges of one call, and what belongs to the embedded sandbox where that is used. */
export type OpenEdges = {
  readonly edges: Edges;
  readonly home: string;
  /** Makes users of the sandbox from a roster's keys; undefined for a real tenant. */
  readonly seed?: (keys: Iterable<string>) => void;
  /** Keeps the sandbox's state after a command that wrote. */
  save(): Promise<void>;
  close(): Promise<void>;
};

/** Microsoft's origins. Source: https://learn.microsoft.com/graph/deployments (read 2026-11-23). */
const origins: Readonly<Record<string, string>> = {
  global: "https://graph.microsoft.com",
  usgov: "https://graph.microsoft.us",
  "usgov-dod": "https://dod-graph.microsoft.us",
  china: "https://microsoftgraph.chinacloudapi.cn",
};

/** Connects to the tenant that the call names, or to the embedded sandbox. */
export async function openEdges(call: Call, output: Output): Promise<OpenEdges> {
  const { env, platform, signal, requestTimeoutMs, clock = systemClock } = call.surroundings;
  const home = homeFolder(env, platform);
  const { concurrency, batch } = paceOf(call);
  const common = {
    connections: connectionsFor(concurrency),
    userAgent: `prepop/${call.surroundings.version}`,
    onNotice: output.note,
    clock,
    ...(requestTimeoutMs === undefined ? {} : { timeoutMs: requestTimeoutMs }),
  };
  const around = (graph: Graph): Edges => ({
    graph: packRequests(graph, { concurrency, batch, onNotice: output.note, clock }),
    clock,
    random: Math.random,
    newId: randomUUID,
    signal,
    ...(env.AZURE_TENANT_ID && call.options.sandbox !== true
      ? { environmentTenant: env.AZURE_TENANT_ID }
      : {}),
  });

  if (call.options.sandbox === true) {
    const { openEmbeddedSandbox } = await import("../sandbox/embedded.ts");
    const sandbox = await openEmbeddedSandbox({ home });
    const graph = connectGraph({ origin: sandbox.url, credential: fixedToken(sandbox.token), ...common });
    return {
      edges: around(graph),
      home,
      seed: keys => sandbox.seedUsers(keys),
      save: () => sandbox.save(),
      async close() {
        await graph.close();
        await sandbox.close();
      },
    };
  }
  const token = env.PREPOP_ACCESS_TOKEN;
  const origin =
    env.PREPOP_GRAPH_URL || origins[(call.options.cloud as string | undefined) ?? "global"] || "";
  if (!token) throw new PrepopError("PREPOP_AUTH_NO_TOKEN");
  const graph = connectGraph({ origin, credential: fixedToken(token), ...common });
  return { edges: around(graph), home, save: async () => undefined, close: () => graph.close() };
}
