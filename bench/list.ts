import { open } from "node:fs/promises";
import { workbookStream } from "../src/report/xlsx.ts";
import type { ChangeWanted } from "./cases.ts";

/** The domain of the invented tenant, and the names that the sandbox itself gives to its users. */
export function userName(index: number): string {
  return `user${String(index).padStart(6, "0")}@contoso.com`;
}

/** The number that a user shall have: a Dutch mobile as a list holds it, and as Graph stores it. */
export function wantedNumber(index: number): { readonly cell: string; readonly stored: string } {
  const digits = String(index % 10_000_000).padStart(7, "0");
  return { cell: `061${digits}`, stored: `+31 61${digits}` };
}

/** The number that a user has before an update or a delete. */
export function formerNumber(index: number): string {
  return `+31 62${String(index % 10_000_000).padStart(7, "0")}`;
}

/** The number that a user's cell names: what a delete takes away is what is there. */
export function cellOf(change: ChangeWanted, index: number): string {
  return change === "delete" ? `0${formerNumber(index).slice(4)}` : wantedNumber(index).cell;
}

/** One row of a list with the usual flaws: in each 1,000 a blank, a wrong, a nameless and a repeated one, four spellings. */
export function flawedRow(index: number): readonly [user: string, phone: string] {
  const user = userName(index);
  const digits = String(index % 10_000_000).padStart(7, "0");
  switch (index % 1_000) {
    case 7:
      return [user, ""];
    case 13:
      return [user, `06-1${digits.slice(0, 3)}`];
    case 30:
      return [userName(index - 1), `+31 6 1${String((index - 1) % 10_000_000).padStart(7, "0")}`];
    case 31:
      return ["", `061${digits}`];
    default:
      return [user, (["061", "+3161", "06-1", "0031 6 1"][index % 4] ?? "061") + digits];
  }
}

const header = ["userPrincipalName", "telephoneNumber"] as const;

/** Writes a list of one change a user. */
export async function writeChanges(path: string, change: ChangeWanted, users: number): Promise<void> {
  await writeCsv(path, users, index => [userName(index), cellOf(change, index)]);
}

/** Writes a list with the usual flaws. */
export async function writeFlawed(path: string, rows: number, format: "csv" | "xlsx"): Promise<void> {
  if (format === "csv") return await writeCsv(path, rows, flawedRow);
  const sheet = {
    name: "Sheet1",
    columns: header.map(name => ({ name, type: "text" as const, width: 30 })),
    rows: { [Symbol.iterator]: () => flawedRows(rows) },
  };
  const file = await open(path, "w");
  try {
    for await (const chunk of workbookStream(sheet)) await file.write(chunk);
  } finally {
    await file.close();
  }
}

function* flawedRows(rows: number) {
  for (let index = 0; index < rows; index++) yield flawedRow(index);
}

async function writeCsv(
  path: string,
  rows: number,
  rowOf: (index: number) => readonly [user: string, phone: string],
): Promise<void> {
  const file = await open(path, "w");
  try {
    for (let from = 0; from < rows; from += 10_000) {
      const lines = from === 0 ? [`${header.join(",")}\r\n`] : [];
      for (let index = from; index < Math.min(rows, from + 10_000); index++) {
        lines.push(`${rowOf(index).join(",")}\r\n`);
      }
      await file.write(lines.join(""));
    }
  } finally {
    await file.close();
  }
}
