import { Readable } from "node:stream";
import { type ErrorCode, PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import type { ListFile, ListPlace, SharedOrigin } from "../model/sharedList.ts";
import type { OpenOptions, Roster } from "../roster/open.ts";
import { openShared } from "../roster/shared.ts";
import type { Edges, Watch } from "./edges.ts";
import type { Patience } from "./patience.ts";

export type SharedRosterRequest = {
  readonly place: ListPlace;
  readonly options: OpenOptions;
  /** False: this cloud has no Excel Online for programs. */
  readonly hasExcel: boolean;
  readonly onNotice: (line: string) => void;
  /** Told how many rows were read. */
  readonly watch?: Watch;
};

/** A list in Microsoft 365, opened, with the file that it is. */
export type SharedRoster = Roster & { readonly shared: SharedOrigin };

/** The first contact and Excel Online get few tries: a wrong address is told at once, and a file can be downloaded. */
const fewTries = 3;
/** How often a list is read again that somebody changes meanwhile. */
const mostReadings = 4;
/** A list of a million rows is below 50 MB as .xlsx. */
const largestFile = 512 * 1024 ** 2;

/**
 * Opens a list in Microsoft 365: in Excel Online where the caller may (which needs a signed-in person), and else by its
 * bytes, read like a local file with the same defences. Both give the same rows.
 * @throws PrepopError PREPOP_ROSTER_*, PREPOP_LIST_FORBIDDEN, PREPOP_AUTH_REJECTED, PREPOP_GRAPH_*
 */
export async function openSharedRoster(
  request: SharedRosterRequest,
  edges: Edges,
  patience: Patience,
): Promise<SharedRoster> {
  const { place, onNotice } = request;
  const file = await findList(place, edges, patience);
  if (file.size > largestFile) throw tooLarge(file);
  let why = await whyNotExcel(file, request, edges);
  if (why === undefined) {
    try {
      return { ...(await openInExcel(file, request, edges, patience)), shared: { file, route: "workbook" } };
    } catch (error) {
      if (!isExcelTrouble(error)) throw error;
      why = `Excel Online does not give ${file.name} (${excelTrouble(error)})`;
      onNotice(`${why}, so the file is downloaded.`);
    }
  }
  const opened = await openDownloaded(file, request, edges, patience);
  return { ...opened, shared: { file, route: "download", why } };
}

/** Finds the file of a list. @throws PrepopError */
export async function findList(place: ListPlace, { graph }: Edges, patience: Patience): Promise<ListFile> {
  try {
    return await patience.read(() => graph.lists.find(place), fewTries);
  } catch (error) {
    throw listError(error, nameIn(place));
  }
}

/** The bytes of a list as a stream that ends where it is too long for one. */
export async function downloadList(file: ListFile, { graph }: Edges, patience: Patience): Promise<Readable> {
  try {
    const bytes = await patience.read(() => graph.lists.download(file), fewTries);
    return Readable.from(limited(bytes, file));
  } catch (error) {
    throw listError(error, file.name);
  }
}

/** Why Excel Online need not be asked; undefined where it is to be tried. */
async function whyNotExcel(
  file: ListFile,
  { hasExcel }: SharedRosterRequest,
  { graph }: Edges,
): Promise<string | undefined> {
  if (!hasExcel) return "this cloud has no Excel Online for programs";
  if (!/\.(xlsx|xlsm|xltx)$/i.test(file.name)) return `${file.name} is no Excel workbook`;
  const isApplication = (await graph.inspect.token())?.kind === "application";
  return isApplication ? "an application cannot use Excel Online" : undefined;
}

/**
 * Reads the list in Excel Online until nobody has changed it meanwhile, or two readings in a row are equal: what the service
 * calls a copy for this session may not be one.
 */
async function openInExcel(
  file: ListFile,
  request: SharedRosterRequest,
  edges: Edges,
  patience: Patience,
): Promise<Roster> {
  let before: { readonly tag: string | undefined; readonly hash?: string } = { tag: file.tag };
  for (let reading = 1; reading <= mostReadings; reading++) {
    const opened = await readInExcel(file, request, edges, patience);
    const tag = await tagNow(request.place, edges, patience);
    if (opened.hash === before.hash || (tag !== undefined && tag === before.tag)) return opened;
    before = { tag, hash: opened.hash };
  }
  throw new PrepopError("PREPOP_ROSTER_CORRUPT", {
    file: file.name,
    why: "somebody changes it while it is read; try again when it rests",
  });
}

/** What the file's content is called now; undefined where that cannot be asked again. */
async function tagNow(place: ListPlace, { graph }: Edges, patience: Patience): Promise<string | undefined> {
  try {
    return (await patience.read(() => graph.lists.find(place), fewTries)).tag;
  } catch (error) {
    if (error instanceof GraphFault) return undefined;
    throw error;
  }
}

async function readInExcel(
  file: ListFile,
  { options, watch = () => undefined }: SharedRosterRequest,
  { graph }: Edges,
  patience: Patience,
): Promise<Roster> {
  let done = 0;
  const workbook = await patience.read(() => graph.lists.open(file, false), fewTries);
  try {
    const sheets = workbook.sheets.map(sheet => ({
      ...sheet,
      read: async (ref: string) => {
        const rows = await patience.read(() => sheet.read(ref), fewTries);
        done += rows.cells.length;
        watch({ phase: "reading", done });
        return rows;
      },
    }));
    return await openShared(
      { kind: "workbook", name: file.name, identity: identityOf(file), workbook: { sheets } },
      options,
    );
  } finally {
    // Excel Online ends an idle session by itself.
    await workbook.close().catch(() => undefined);
  }
}

async function openDownloaded(
  file: ListFile,
  { options }: SharedRosterRequest,
  edges: Edges,
  patience: Patience,
): Promise<Roster> {
  const bytes = await downloadList(file, edges, patience);
  return await openShared({ kind: "bytes", name: file.name, identity: identityOf(file), bytes }, options);
}

/** A file stays the same one under another name and at another place of its drive. */
function identityOf({ driveId = "", id }: ListFile): string {
  return `${driveId}/${id}`;
}

async function* limited(bytes: AsyncIterable<Uint8Array>, file: ListFile): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > largestFile) throw tooLarge(file);
    yield chunk;
  }
}

function tooLarge({ name }: ListFile): PrepopError {
  return new PrepopError("PREPOP_ROSTER_TOO_LARGE", { file: name, why: "it is over 512 MB" });
}

/** Excel Online refuses, is not there, or is out of order; what it says of the list itself is not its trouble. */
function isExcelTrouble(error: unknown): error is GraphFault | PrepopError {
  if (error instanceof GraphFault) return true;
  return error instanceof PrepopError && excelTroubles.has(error.code);
}

/** A token that only Excel does not take is refused by the download too, and then told. */
const excelTroubles: ReadonlySet<ErrorCode> = new Set([
  "PREPOP_GRAPH_BUSY",
  "PREPOP_AUTH_REJECTED",
  "PREPOP_ROSTER_TOO_LARGE",
]);

function excelTrouble(error: GraphFault | PrepopError): string {
  const fault =
    error instanceof GraphFault ? error : error.cause instanceof GraphFault ? error.cause : undefined;
  if (fault === undefined) return "it is too large";
  return fault.fault.status === undefined ? "unreadable answer" : `HTTP ${fault.fault.status}`;
}

/** What went wrong on the way to a file, as what a person can do about it. */
function listError(error: unknown, name: string): unknown {
  if (!(error instanceof GraphFault)) return error;
  const { status, message, requestId } = error.fault;
  const request = requestId === undefined ? "" : ` (request-id ${requestId})`;
  if (status === 403)
    return new PrepopError("PREPOP_LIST_FORBIDDEN", { file: name, why: message, request }, error);
  if (status === 404) {
    const why = "Microsoft 365 has no file there that this sign-in may see";
    return new PrepopError("PREPOP_ROSTER_NOT_FOUND", { file: name, why }, error);
  }
  return new PrepopError("PREPOP_GRAPH_REFUSED", { what: `to give ${name}`, why: message, request }, error);
}

/** What a person would call the list before its name is known. */
function nameIn(place: ListPlace): string {
  if (place.kind === "item") return `drive:${place.driveId}/item:${place.itemId}`;
  const { host, pathname } = new URL(place.url);
  const last = pathname.split("/").at(-1) ?? "";
  return /\.\w{3,4}$/.test(last) ? decoded(last) : `at ${host}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
