import assert from "node:assert/strict";
import { connectGraph, fixedToken, type Graph, type GraphSettings } from "../../src/graph/connect.ts";
import { type Fault, GraphFault } from "../../src/model/fault.ts";
import { type Script, type ScriptedGraph, scriptedGraph } from "../support/scriptedGraph.ts";

export const userId = "8d3f1c52-8a11-4c5e-9f6e-0a4b7c2d9e10";
export const token = "a-token-of-nobody-0123456789";

export type Connected = AsyncDisposable & {
  readonly graph: Graph;
  readonly server: ScriptedGraph;
  readonly notices: readonly string[];
};

/** A graph that is connected to a scripted server. Client-request-ids count from `id-1`. */
export async function connected(script: Script, settings: Partial<GraphSettings> = {}): Promise<Connected> {
  const server = await scriptedGraph(script);
  const notices: string[] = [];
  let ids = 0;
  const graph = connectGraph({
    origin: server.url,
    credential: fixedToken(token),
    newId: () => `id-${++ids}`,
    clock: { now: () => 1_000, wall: () => Date.UTC(2026, 10, 24) },
    onNotice: line => notices.push(line),
    timeoutMs: 5_000,
    ...settings,
  });
  return {
    graph,
    server,
    notices,
    [Symbol.asyncDispose]: async () => {
      // The server first: a hanging request would keep the connections open until its deadline.
      await server[Symbol.asyncDispose]();
      await graph.close();
    },
  };
}

/** Graph's error envelope. Source: https://learn.microsoft.com/graph/errors (read 2026-11-23). */
export function graphError(code: string, message: string, inner: Readonly<Record<string, unknown>> = {}) {
  return {
    error: { code, message, innerError: { date: "2026-11-24T08:00:00", "request-id": "r-inner", ...inner } },
  };
}

export const mobileId = "3179e48a-750b-4051-897c-87b9720928f7";
export const alternateId = "b6332ec1-7057-4abe-9331-3d72feddfe41";
export const officeId = "e37fc753-ff3b-4958-9484-eaa9425c82bc";

/** A phone method as Graph gives it. */
export function phone(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    id: mobileId,
    phoneNumber: "+1 2065550100",
    phoneType: "mobile",
    smsSignInState: "notEnabled",
    ...fields,
  };
}

export function user(fields: Readonly<Record<string, unknown>> = {}) {
  return { id: userId, userPrincipalName: "kim@contoso.com", ...fields };
}

/** The fault that a read ends with. */
export async function faultOf(read: Promise<unknown>): Promise<Fault> {
  const error = await read.then(
    () => assert.fail("it was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GraphFault, String(error));
  return error.fault;
}
