import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewRun } from "../../src/ledger/ledger.ts";
import type { Change } from "../../src/model/change.ts";

/** PREPOP_LEDGER_KEY of tests. */
export const testKey = Buffer.alloc(32, 7).toString("base64");

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when this process is: by then whatever a test opened in it is closed. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "prepop-ledger-"));
  folders.push(folder);
  return folder;
}

/** Every file below a folder with its bytes, by its path in it. */
export function filesOf(folder: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return new Map(files.sort().map(file => [file.slice(folder.length + 1), readFileSync(file)]));
}

export function aRun(given: Partial<NewRun> = {}): NewRun {
  return {
    planId: "plan-1",
    digest: "d1",
    tenant: { id: "tenant-1", source: "signIn" },
    actor: { name: "ann@contoso.example", kind: "delegated" },
    command: "apply",
    source: "phones.xlsx",
    policy: "add",
    smsSignIn: "leave",
    issues: 0,
    ...given,
  };
}

/** A create of the mobile phone of user `n`, in row `n` + 1. */
export function aChange(n: number, given: Partial<Change> = {}): Change {
  return {
    kind: "create",
    user: `User${n}@contoso.example`,
    userPrincipalName: `user${n}@contoso.example`,
    userId: `user-${n}`,
    phoneType: "mobile",
    from: null,
    to: `+44 7700900${String(n).padStart(3, "0")}`,
    reason: "emptySlot",
    ref: { row: n + 1 },
    rows: [n + 1],
    ...given,
  };
}

export function changes(count: number): Change[] {
  return Array.from({ length: count }, (_, at) => aChange(at + 1));
}
