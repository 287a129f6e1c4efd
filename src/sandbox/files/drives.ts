import { readFile } from "node:fs/promises";
import { PrepopError } from "../../model/errors.ts";
import { objectId } from "../ids.ts";
import { type Book, copyOf, openBook, bytesOf as saved } from "./book.ts";

/** A file to serve, as the config has it. */
export type FileSeed = {
  /** Its web address, `https://HOST/sites/SITE/LIBRARY/…/NAME`. */
  readonly url: string;
  /** Where its bytes come from: a path on this machine. */
  readonly from?: string;
  /** Its bytes, in place of `from`. */
  readonly bytes?: Uint8Array;
  /** A sharing link that leads to it as well. */
  readonly link?: string;
  /** Somebody holds it checked out: what would write is 423. */
  readonly locked?: boolean;
  /** Excel Online cannot open it. */
  readonly opens?: boolean;
};

/** A file in a drive. Its bytes are those it was uploaded with until the workbook is edited. */
export type SharedFile = {
  readonly url: string;
  readonly link: string | undefined;
  readonly host: string;
  /** Path of the site on its host, `sites/hr`. */
  readonly site: string;
  readonly siteId: string;
  readonly driveId: string;
  /** Web address of the drive's root. */
  readonly driveUrl: string;
  readonly id: string;
  readonly parentId: string;
  /** Path below the drive's root. */
  readonly path: string;
  readonly name: string;
  bytes: Buffer;
  /** Counted up with every change. */
  version: number;
  /** undefined for what is no workbook. */
  book: Book | undefined;
  edited: boolean;
  locked: boolean;
  readonly opens: boolean;
};

/** A session of Excel Online on one file. */
export type Session = {
  readonly file: SharedFile;
  readonly persists: boolean;
  /** Of a session that does not persist: its own copy. */
  readonly copy: Book | undefined;
  lastUse: number;
};

/** What SharePoint and OneDrive of the tenant hold. */
export type Drives = {
  readonly files: SharedFile[];
  readonly original: readonly SharedFile[];
  readonly sessions: Map<string, Session>;
  /** Long-running operations by id: the session that each is making. */
  readonly operations: Map<string, { readonly session: string; polls: number }>;
  /** Signatures of download addresses that were handed out. */
  readonly downloads: Map<string, SharedFile>;
  made: number;
};

/** Reads the files of a config. @throws PrepopError PREPOP_USAGE */
export async function openDrives(seeds: readonly FileSeed[], seed: number): Promise<Drives> {
  const files: SharedFile[] = [];
  for (const each of seeds) {
    const { url, ...more } = each;
    needAddress(url);
    const file = placed(url, await bytesOf(each), seed, more);
    file.book = await bookIn(file.bytes);
    files.push(file);
  }
  return drivesOf(files);
}

export function drivesOf(files: SharedFile[]): Drives {
  return {
    files,
    original: files.map(copied),
    sessions: new Map(),
    operations: new Map(),
    downloads: new Map(),
    made: 0,
  };
}

/** As they were at the start. */
export function resetDrives(drives: Drives): void {
  drives.files.splice(0, drives.files.length, ...drives.original.map(copied));
  for (const each of [drives.sessions, drives.operations, drives.downloads]) each.clear();
}

function copied(file: SharedFile): SharedFile {
  return { ...file, book: file.book === undefined ? undefined : copyOf(file.book) };
}

/** The bytes of a file as it is now. */
export async function contentOf({ edited, book, bytes }: SharedFile): Promise<Buffer> {
  return edited && book !== undefined ? await saved(book) : bytes;
}

/** The workbook in some bytes, if it is one. */
export async function bookIn(bytes: Buffer): Promise<Book | undefined> {
  if (bytes.subarray(0, 2).toString("latin1") !== "PK") return undefined;
  try {
    return await openBook(bytes);
  } catch {
    // What Excel could not open either is a file like any other.
    return undefined;
  }
}

/** A file at its place: site, drive and ids follow from its address. */
export function placed(
  url: string,
  bytes: Buffer,
  seed: number,
  { link, locked = false, opens = true }: Omit<FileSeed, "url"> = {},
): SharedFile {
  const { host, pathname } = new URL(url);
  const parts = decodeURIComponent(pathname).split("/").filter(Boolean);
  const depth = ["sites", "teams", "personal"].includes(parts[0] ?? "") ? 2 : 0;
  const site = parts.slice(0, depth).join("/");
  // A file right in the site has no library of its own; then the site's root is its drive.
  const library = parts.length > depth + 1 ? (parts[depth] ?? "") : "";
  const below = parts.slice(depth + (library === "" ? 0 : 1));
  const siteId = `${host},${objectId(seed, "site collection", host, site)},${objectId(seed, "site", host, site)}`;
  const driveUrl = ["https://", [host, site, library].filter(Boolean).map(encodeURI).join("/")].join("");
  const driveId = `b!${Buffer.from(objectId(seed, "drive", driveUrl)).toString("base64url")}`;
  const folder = below.slice(0, -1).join("/");
  return {
    url,
    link,
    host,
    site,
    siteId,
    driveId,
    driveUrl,
    id: itemId(seed, "file", url),
    parentId: itemId(seed, "folder", `${driveUrl}/${folder}`),
    path: below.join("/"),
    name: below.at(-1) ?? "",
    bytes,
    version: 1,
    book: undefined,
    edited: false,
    locked,
    opens,
  };
}

/** Ids of SharePoint are one word of capitals and digits. */
function itemId(seed: number, ...parts: readonly string[]): string {
  return `01${objectId(seed, ...parts)
    .replaceAll("-", "")
    .toUpperCase()}`;
}

function needAddress(url: string): void {
  const parsed = URL.parse(url);
  if (parsed?.protocol === "https:" && parsed.pathname.length > 1) return;
  throw new PrepopError("PREPOP_USAGE", {
    why: "A file of the sandbox config has no https address",
    fix: "Write its url like https://contoso.sharepoint.com/sites/hr/phones.xlsx.",
  });
}

async function bytesOf({ from, bytes }: FileSeed): Promise<Buffer> {
  if (bytes !== undefined) return Buffer.from(bytes);
  try {
    return await readFile(from ?? "");
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
    throw new PrepopError(
      "PREPOP_USAGE",
      {
        why: `The sandbox config names the file ${from}, which cannot be read (${why})`,
        fix: "Correct its path.",
      },
      cause,
    );
  }
}
