import type { TestContext } from "node:test";
import { systemClock } from "../../src/engine/clock.ts";
import { connectGraph, type Graph, type OpenRoster, readRoster } from "../../src/index.ts";
import type { RosterRow } from "../../src/model/row.ts";
import type { OpenOptions } from "../../src/roster/open.ts";
import { type Sandbox, type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type Cell, type WorkbookSpec, workbook } from "./workbook.ts";

export const listUrl = "https://contoso.sharepoint.com/sites/hr/Shared%20Documents/phones.xlsx";
/** Of a person who may use Excel Online, and of an application, which may not. */
export const person = {
  token: unsigned({ idtyp: "user", scp: "Files.ReadWrite.All" }),
  kind: "delegated",
  user: "admin@contoso.com",
} as const;
export const application = { token: unsigned({ idtyp: "app" }), kind: "app" } as const;

/** A workbook with one sheet `Staff` that holds one table `Phones` from A1 on. */
export function staffList(rows: readonly (readonly Cell[])[], more: Partial<WorkbookSpec> = {}): Buffer {
  const columns = ["userPrincipalName", "mobile"];
  const tables = [{ name: "Phones", ref: `A1:B${rows.length + 1}`, columns }];
  return workbook({ sheets: [{ name: "Staff", rows: [columns, ...rows], tables }], ...more });
}

/** A token whose claims can be read. */
function unsigned(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "none" })}.${encode(claims)}.sandbox`;
}

/** What the service asks to wait takes no time. */
const impatient = { ...systemClock, sleep: async () => undefined };

export type ListTenant = {
  readonly sandbox: Sandbox;
  readonly graphs: Readonly<Record<"person" | "application", Graph>>;
  /** Reads the list as one of the two, to its end. */
  read(as: "person" | "application", options?: OpenOptions): Promise<ReadList>;
};

export type ReadList = Pick<OpenRoster, "hash" | "sheet" | "table" | "columns" | "shared"> & {
  readonly rows: readonly RosterRow[];
  readonly hiddenRows: number;
};

/** A tenant with one list in it. */
export async function aListTenant(
  t: Pick<TestContext, "after">,
  bytes: Uint8Array,
  config: SandboxConfig = {},
): Promise<ListTenant> {
  const sandbox = await startSandbox({
    tokens: [person, application],
    files: [{ url: listUrl, bytes }],
    users: ["admin@contoso.com"],
    ...config,
  });
  const graphs = {
    person: connectGraph({ origin: sandbox.url, token: person.token }),
    application: connectGraph({ origin: sandbox.url, token: application.token }),
  };
  t.after(async () => {
    await Promise.all(Object.values(graphs).map(graph => graph.close()));
    await sandbox.close();
  });
  return {
    sandbox,
    graphs,
    read: async (as, options) => {
      const roster = await readRoster(listUrl, options, { graph: graphs[as], clock: impatient });
      const rows = (await Array.fromAsync(roster.batches())).flat();
      await roster.close();
      const { hash, sheet, table, columns, shared } = roster;
      return {
        hash,
        columns,
        ...(sheet === undefined ? {} : { sheet }),
        ...(table === undefined ? {} : { table }),
        ...(shared === undefined ? {} : { shared }),
        rows,
        hiddenRows: roster.hiddenRows(),
      };
    },
  };
}
