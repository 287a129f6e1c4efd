import type { ListFile, SharedSheet, SharedTable, SharedWorkbook } from "../../model/sharedList.ts";
import { objectOf, unreadable } from "../answer.ts";
import { textOf } from "../json.ts";
import { meansWithout } from "../optional.ts";
import { wholeList } from "../pages.ts";
import type { Call } from "../wire.ts";
import { listPaths, part } from "./paths.ts";
import { sheetsOf } from "./sheets.ts";

/** A workbook in Excel Online, with what can be done to it. One request at a time: Excel does not like more. */
export type OnlineWorkbook = SharedWorkbook & {
  /** Adds a column at the right end of a table; `cells` are its header and, where given, what stands in every row. */
  addColumn(table: SharedTable, cells: readonly string[]): Promise<void>;
  /** Writes texts into an area of a sheet; undefined leaves a cell as it is. */
  write(sheet: SharedSheet, ref: string, cells: readonly (readonly (string | undefined)[])[]): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a workbook. Without `persist` it is a copy that Excel Online keeps for this session, so that what others type
 * meanwhile does not tear the list; a service that knows no sessions is asked without one.
 * @throws GraphFault
 */
export async function openOnline(
  send: Call,
  origin: string,
  file: ListFile,
  persist: boolean,
): Promise<OnlineWorkbook> {
  const base = listPaths.workbook(file);
  const session = await startSession(send, base, persist);
  const call: Call = wire => send(session === undefined ? wire : { ...wire, session });
  const close = async (): Promise<void> => {
    if (session !== undefined) await call({ method: "POST", path: `${base}/closeSession`, body: "{}" });
  };
  try {
    const sheets = await sheetsOf(call, base, async path => (await wholeList(call, origin, path)).values);
    return {
      sheets,
      addColumn: async (table, cells) => {
        const values = cells.length === 1 ? undefined : cells.map(cell => [typed(cell)]);
        const body = JSON.stringify({ index: null, name: cells[0], values });
        objectOf(await call({ method: "POST", path: `${base}/tables/${part(table.id)}/columns`, body }));
      },
      write: async (sheet, ref, cells) => {
        const values = cells.map(row => row.map(cell => (cell === undefined ? null : typed(cell))));
        const path = `${base}/worksheets/${part(sheet.id)}/range(address='${ref}')`;
        objectOf(await call({ method: "PATCH", path, body: JSON.stringify({ values }) }));
      },
      close,
    };
  } catch (error) {
    // Excel Online ends an idle session by itself, so whether it is closed now is of no matter.
    await close().catch(() => undefined);
    throw error;
  }
}

/** The id of a new session; undefined where the service has none. */
async function startSession(send: Call, base: string, persist: boolean): Promise<string | undefined> {
  try {
    const body = JSON.stringify({ persistChanges: persist });
    const answer = await send({ method: "POST", path: `${base}/createSession`, body });
    const id = textOf(objectOf(answer).id);
    if (id === undefined || !/^[\x21-\x7e]{1,4000}$/.test(id)) {
      throw unreadable(answer, "The session has no id.");
    }
    return id;
  } catch (error) {
    // 403 is the answer to a caller without the right to workbooks, which every further request would get too.
    if (meansWithout(error) && error.fault.status !== 403) return undefined;
    throw error;
  }
}

/** As a person would type it so that it stays a text: Excel takes an apostrophe in front for that. */
function typed(text: string): string {
  return /^[=+\-@'\t\r]/.test(text) ? `'${text}` : text;
}
