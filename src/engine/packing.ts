import type { Graph, GraphAnswer, WriteAnswer } from "../graph/connect.ts";
import { GraphFault } from "../model/fault.ts";
import { createFinder } from "./finder.ts";
import { createPacker, type PackingSettings } from "./packer.ts";

export type { PackingSettings } from "./packer.ts";

/**
 * Connections that this many packed requests want: what is never packed (the report, a policy) travels beside them and
 * must not make one of them wait for a whole answer.
 */
export function connectionsFor(concurrency: number): number {
  return concurrency + 8;
}

/**
 * The same Graph, but reads and writes that are asked for at about the same time travel together, up to 20 in one
 * request. Each answer is judged by itself, so nobody notices. Where the tenant has no `$batch`, or refuses writes in
 * one, they go one by one for the rest of the run. The sign-in preferences have only a beta path, and a batch holds one
 * version, so they travel apart.
 */
export function packRequests(graph: Graph, settings: PackingSettings): Graph {
  const slots = { free: settings.concurrency };
  const packers = {
    writes: createPacker(graph, settings, slots, "writes"),
    defaults: createPacker(graph, settings, slots, "writes"),
    reads: createPacker(graph, settings, slots, "reads"),
    preferences: createPacker(graph, settings, slots, "reads"),
  };
  const wake = (): void => {
    for (const packer of Object.values(packers)) packer.go();
  };
  for (const packer of Object.values(packers)) packer.onFree(wake);
  return {
    ...graph,
    findUser: createFinder({
      async one(key, match) {
        const answer = await packers.reads.send({ kind: "findUser", key, match });
        if (answer.kind !== "user") throw faultOf(answer);
        return answer.lookup;
      },
      async many(keys, match) {
        const answer = await packers.reads.send({ kind: "findUsers", keys, match });
        if (answer.kind !== "users") throw faultOf(answer);
        return answer.users;
      },
    }),
    async listPhones(userId) {
      const answer = await packers.reads.send({ kind: "listPhones", userId });
      if (answer.kind !== "phones") throw faultOf(answer);
      return answer.read;
    },
    async listMethods(userId) {
      const answer = await packers.reads.send({ kind: "listMethods", userId });
      if (answer.kind !== "methods") throw faultOf(answer);
      return answer.methods;
    },
    async signInPreferences(userId) {
      const answer = await packers.preferences.send({ kind: "signInPreferences", userId });
      if (answer.kind !== "preferences") throw faultOf(answer);
      return answer.preferences;
    },
    async write(write, sendBy) {
      const packer = write.kind === "setDefault" ? packers.defaults : packers.writes;
      return (await packer.send({ kind: "write", write }, sendBy)) as WriteAnswer;
    },
  };
}

function faultOf(answer: GraphAnswer): Error {
  return answer.kind === "fault"
    ? new GraphFault(answer.fault)
    : new TypeError(`Unexpected answer: ${answer.kind}.`);
}
