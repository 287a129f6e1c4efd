import { contentsIn, statusByContent, statusColumns, statusWrites } from "../decide/writeBack.ts";
import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import type { RowStatus, WriteBackEnd } from "../model/rowStatus.ts";
import type { SharedOrigin } from "../model/sharedList.ts";
import type { Roster } from "../roster/open.ts";
import type { Edges, Watch } from "./edges.ts";
import type { Patience } from "./patience.ts";
import { addColumn, fewTries, placeOf, readRows, Whynot, writeRows } from "./statusTable.ts";

export type WriteBackRequest = {
  /** As it was planned from. */
  readonly roster: Roster;
  readonly shared: SharedOrigin;
  /** By row of the roster. */
  readonly statuses: ReadonlyMap<number, RowStatus>;
  /** When, as people read it; also how what this run wrote is known again. */
  readonly when: string;
  /** The report of the run as a workbook, with its numbers masked. */
  report(): AsyncIterable<Uint8Array | string>;
  /** Told how many rows were looked at or written; they are looked at again after the writing. */
  readonly watch?: Watch;
};

/**
 * Gets the outcomes of a run back to the list that it came from: into status columns of its table, or, where that is not
 * possible, as a report beside the file. It never throws for what the service does: the run is what it is.
 */
export async function writeBack(
  request: WriteBackRequest,
  edges: Edges,
  patience: Patience,
): Promise<WriteBackEnd> {
  const tabled = await orWhy(edges, () => writeTable(request, edges, patience));
  if (typeof tabled !== "string") return tabled;
  const { name } = request.shared.file;
  const reportName = `${name.replace(/\.\w{1,5}$/, "")}.prepop-report.xlsx`;
  const saved = await orWhy(edges, async () => {
    const bytes = await gathered(request.report());
    await patience.read(
      () => edges.graph.lists.uploadBeside(request.shared.file, reportName, bytes),
      fewTries,
    );
    return { kind: "report", name: reportName, why: tabled } as const;
  });
  return typeof saved === "string"
    ? { kind: "none", why: `${tabled}, and no report could be saved beside ${name}: ${saved}` }
    : saved;
}

/** How often the table is looked at: to add its columns, to write, to see that all is right, and to put right what is not. */
const mostLooks = 8;

/** Writes the statuses into the table of the list; what cannot be finished is taken away again. */
async function writeTable(
  request: WriteBackRequest,
  edges: Edges,
  patience: Patience,
): Promise<WriteBackEnd> {
  const { roster, shared } = request;
  if (shared.route === "download") throw new Whynot(shared.why);
  const { table: name } = roster;
  if (name === undefined) throw new Whynot("the list is no Excel table");
  let touched = false;
  const touch = (): void => {
    touched = true;
  };
  const written = await orWhy(edges, () => writeStatuses(request, name, { ...edges, touch }, patience));
  if (typeof written !== "string") return written;
  if (!touched) throw new Whynot(written);
  const emptied = await orWhy(edges, () => emptyStatuses(request, name, edges, patience));
  const rest =
    emptied === undefined
      ? "its status columns were emptied again"
      : "its status columns may hold some of the outcomes";
  throw new Whynot(`${written}; ${rest}`);
}

/** Writes until a look at the table finds every row with its own status. */
async function writeStatuses(
  { roster, shared, statuses, when, watch = () => undefined }: WriteBackRequest,
  name: string,
  { graph, touch }: Edges & { readonly touch: () => void },
  patience: Patience,
): Promise<WriteBackEnd> {
  let done = 0;
  const tell = (rows: number): void => {
    done += rows;
    watch({ phase: "writing back", done });
  };
  const wanted = statusByContent((await Array.fromAsync(roster.batches())).flat(), statuses);
  for (let look = 1; look <= mostLooks; look++) {
    const workbook = await patience.read(() => graph.lists.open(shared.file, true), fewTries);
    try {
      const place = placeOf(workbook, name, roster);
      const rows = await readRows(place, patience, tell);
      const writes = statusWrites(rows, wanted, when);
      const missing = statusColumns.findIndex(column => !place.columns.has(column));
      if (missing >= 0) {
        touch();
        await addColumn(workbook, place, missing, writes);
        continue;
      }
      if (writes.length === 0) {
        const there = contentsIn(rows);
        const missed = [...wanted.keys()].filter(content => !there.has(content)).length;
        const written = rows.filter(({ status }) => status[2] === when).length;
        return { kind: "table", table: name, written, missed };
      }
      touch();
      await writeRows({ workbook, place, writes }, patience, tell);
    } catch (error) {
      // A session may end, and a table be replaced, between two requests: the next look begins anew.
      if (!(error instanceof GraphFault) || error.fault.status !== 404 || look === mostLooks) throw error;
    } finally {
      // Excel Online ends an idle session by itself, so whether it is closed now is of no matter.
      await workbook.close().catch(() => undefined);
    }
  }
  throw new Whynot(`somebody changes the table ${name} while it is written`);
}

/** No status is better than one beside another person: blanks are right wherever a row moves to. */
async function emptyStatuses(
  { roster, shared, when }: WriteBackRequest,
  name: string,
  { graph }: Edges,
  patience: Patience,
): Promise<undefined> {
  for (let look = 1; look <= fewTries; look++) {
    const workbook = await patience.read(() => graph.lists.open(shared.file, true), fewTries);
    try {
      const place = placeOf(workbook, name, roster);
      const rows = await readRows(place, patience, () => undefined);
      if (rows.every(({ status }) => status[2] !== when)) return undefined;
      const blanks = rows.map(({ row }) => ({ row, cells: ["", "", ""] as const }));
      await writeRows({ workbook, place, writes: blanks }, patience, () => undefined);
    } finally {
      await workbook.close().catch(() => undefined);
    }
  }
  return undefined;
}

/** What comes of it, or why nothing does. */
async function orWhy<Value>({ signal }: Edges, attempt: () => Promise<Value>): Promise<Value | string> {
  try {
    return await attempt();
  } catch (error) {
    if (signal?.aborted === true) return "it was interrupted";
    if (error instanceof Whynot) return error.message;
    if (error instanceof GraphFault) return faultText(error);
    if (error instanceof PrepopError) {
      return error.cause instanceof GraphFault ? faultText(error.cause) : error.message.replace(/\.$/, "");
    }
    throw error;
  }
}

function faultText({ fault: { status, kind, message } }: GraphFault): string {
  if (status === 423) return "the file is locked";
  if (status === 403) return "this sign-in may not write to it (it needs Files.ReadWrite.All)";
  const why = message.replace(/\.$/, "");
  return kind === "http" ? `Microsoft 365 answered HTTP ${status} (${why})` : why;
}

async function gathered(chunks: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks)
    parts.push(typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk));
  return Buffer.concat(parts);
}
