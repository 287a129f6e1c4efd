import { type Refusal, refuse } from "../exchange.ts";
import type { Call } from "../operation.ts";
import { type Book, copyOf } from "./book.ts";
import type { Session, SharedFile } from "./drives.ts";

/** The file that a path names: by sharing link, by drive and item, or in the caller's own drive. */
export function fileOf({ drives, params }: Call): SharedFile | Refusal {
  const { share, drive, item } = params;
  if (share !== undefined) {
    const url = sharedUrl(share);
    const found =
      url === undefined
        ? undefined
        : drives.files.find(file => leadsTo(url, file.url) || leadsTo(url, file.link));
    return found ?? refuse("shareNotFound");
  }
  const found = drives.files.find(
    file => file.id === item && (drive === undefined || file.driveId === drive),
  );
  return found ?? refuse("itemNotFound");
}

/** The address in a sharing token: `u!` and unpadded base64url. */
function sharedUrl(token: string): string | undefined {
  if (!token.startsWith("u!") || /[^A-Za-z0-9_-]/.test(token.slice(2))) return undefined;
  const url = Buffer.from(token.slice(2), "base64url").toString();
  return URL.canParse(url) ? url : undefined;
}

/** What browsers and Office add to an address (`?web=1`, `?d=…`, `&e=…`) leads to the same file. */
function leadsTo(asked: string, known: string | undefined): boolean {
  return known !== undefined && place(asked) === place(known);
}

function place(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${decodeURIComponent(pathname)}`.toLowerCase();
}

/** A workbook that is open for one request. */
export type OpenWorkbook = {
  readonly file: SharedFile;
  readonly book: Book;
  /** Whether what is written stays. */
  readonly persists: boolean;
};

/** Opens the workbook of a call, in the session that it names. */
export function workbookOf(call: Call): OpenWorkbook | Refusal {
  const file = fileOf(call);
  if ("kind" in file) return file;
  if (!file.opens || file.book === undefined) return refuse("workbookCannotOpen");
  const id = call.headers["workbook-session-id"];
  if (id === undefined) return { file, book: file.book, persists: true };
  const session = sessionOf(call, id);
  if (session === undefined || session.file !== file) return refuse("workbookSession");
  session.lastUse = call.now;
  return { file, book: session.copy ?? file.book, persists: session.persists };
}

/** A session that has not been idle for too long. */
export function sessionOf({ drives, settings, now }: Call, id: string): Session | undefined {
  const session = drives.sessions.get(id);
  return session !== undefined && now - session.lastUse <= settings.workbook.sessionMs ? session : undefined;
}

export function startSession(call: Call, file: SharedFile, persists: boolean): string {
  const { drives, settings } = call;
  const id = `cluster=SBX1&session=15.SBX1.${settings.seed}.${++drives.made}`;
  const copy = persists || file.book === undefined ? undefined : copyOf(file.book);
  drives.sessions.set(id, { file, persists, copy, lastUse: call.now });
  return id;
}

/** Opens the workbook of a call that changes it. */
export function workbookToWrite(call: Call): OpenWorkbook | Refusal {
  const open = workbookOf(call);
  if ("kind" in open) return open;
  if (open.persists && open.file.locked) return refuse("workbookLocked");
  return open;
}

/** Notes that a workbook was changed. */
export function changed({ file, persists }: OpenWorkbook): void {
  if (!persists) return;
  file.edited = true;
  file.version++;
}
