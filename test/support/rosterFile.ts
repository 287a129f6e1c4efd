import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import type { RosterRow } from "../../src/model/row.ts";
import { type OpenOptions, openRoster, type Roster } from "../../src/roster/open.ts";

/** A folder of its own for each test file. */
const folder = mkdtempSync(join(tmpdir(), "prepop-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file into a folder that is gone after the tests, and returns its path. */
export function rosterFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What a roster file came to. */
export type Reading = {
  readonly roster: Roster;
  readonly rows: readonly RosterRow[];
  readonly hidden: number;
};

/** Opens a roster with this content, reads all of it and closes it. */
export async function readRoster(
  name: string,
  content: string | Buffer,
  options: OpenOptions = {},
): Promise<Reading> {
  const roster = await openRoster({ kind: "file", path: rosterFile(name, content) }, options);
  try {
    const rows = (await Array.fromAsync(roster.batches())).flat();
    return { roster, rows, hidden: roster.hiddenRows() };
  } finally {
    await roster.close();
  }
}

/** Rows in short: number, then the texts of user and phones as far as they are mapped. */
export function inShort(rows: readonly RosterRow[]): (string | number)[][] {
  return rows.map(({ ref, cells }) => [
    ref.row,
    ...[cells.user, cells.mobile, cells.alternateMobile, cells.office].flatMap(cell =>
      cell ? [cell.text] : [],
    ),
  ]);
}

/** The code of the refusal without its prefix, and its text; or "read" when there was none. */
export async function refusal(
  name: string,
  content: string | Buffer,
  options: OpenOptions = {},
): Promise<string> {
  try {
    await readRoster(name, content, options);
  } catch (cause) {
    if (cause instanceof PrepopError) return `${cause.code.replace("PREPOP_ROSTER_", "")}: ${cause.message}`;
    throw cause;
  }
  return "read";
}
