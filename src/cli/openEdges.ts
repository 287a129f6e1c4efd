import { randomUUID } from "node:crypto";
import { systemClock } from "../engine/clock.ts";
import type { Edges } from "../engine/edges.ts";
import { connectionsFor, packRequests } from "../engine/packing.ts";
import { connectGraph, fixedToken, type Graph } from "../graph/connect.ts";
import { homeFolder } from "../ledger/home.ts";
import { type Cloud, clouds, lacks } from "../model/clouds.ts";
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

/** What is under way when the person asks to stop may still be answered for this long, ms. */
const graceMs = 1_500;

/** After that it is left as it is: the ledger says what was sent, and the next run reads it back. */
function leftSoon(graph: Graph, signal: AbortSignal): Graph {
  const leave = (): void => void setTimeout(() => graph.abandon(), graceMs).unref();
  signal.addEventListener("abort", leave, { once: true });
  return graph;
}

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
  const { chooseSignIn, cloudInUse } = await import("./signIn.ts");
  const cloud = await cloudInUse(call);
  refuseWhatIsMissing(call, cloud);
  const around = (graph: Graph): Edges => ({
    graph: packRequests(leftSoon(graph, signal), { concurrency, batch, onNotice: output.note, clock }),
    clock,
    random: Math.random,
    newId: randomUUID,
    cloud,
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
  const { credential, origin, scope, profile } = await chooseSignIn({ call, home, note: output.note });
  const graph = connectGraph({ origin, credential, scope, ...common });
  const { name = "", tenantId = "" } = profile ?? {};
  const edges = { ...around(graph), ...(profile === undefined ? {} : { profile: { name, tenantId } }) };
  return { edges, home, save: async () => undefined, close: () => graph.close() };
}

/** A cloud without SMS sign-in would refuse each of these; so it is said before anything is read. */
function refuseWhatIsMissing({ command, options }: Call, cloud: Cloud): void {
  const byCommand = command.endsWith("-sms");
  const asked = byCommand || (options.smsSignIn ?? "leave") !== "leave";
  const fix = byCommand ? "There is nothing to switch on or off there." : "Leave --sms-sign-in out.";
  if (asked) needSmsActions(cloud, fix);
}

/** @throws PrepopError PREPOP_CLOUD_LACKS */
export function needSmsActions(cloud: Cloud, fix: string): void {
  if (!lacks(cloud, "smsActions")) return;
  throw new PrepopError("PREPOP_CLOUD_LACKS", {
    cloud: `${clouds[cloud].title.charAt(0).toUpperCase()}${clouds[cloud].title.slice(1)}`,
    what: "SMS sign-in",
    fix,
  });
}
