import { sitePathOf } from "../../decide/listPlace.ts";
import { PrepopError } from "../../model/errors.ts";
import type { ListFile, ListPlace } from "../../model/sharedList.ts";
import { type Answer, httpFault, isSuccess, objectOf, readOf, unreadable } from "../answer.ts";
import { printable } from "../clean.ts";
import { isRecord, textOf } from "../json.ts";
import { meansWithout } from "../optional.ts";
import { wholeList } from "../pages.ts";
import { type Call, get } from "../wire.ts";
import type { Download } from "./download.ts";
import { listPaths } from "./paths.ts";

/** A sharing link is not accepted for good. https://learn.microsoft.com/graph/api/shares-get (read 2026-11-28) */
const onlyToLook = "redeemSharingLinkIfNecessary";

const select = "?$select=id,name,size,eTag,cTag,file,folder,parentReference";

/**
 * Finds a file. An address is resolved by Graph, as a share; where this caller may not do that (the page on shares asks for
 * Files.ReadWrite even to look), the site and the library that a web address names lead to it as well.
 * @throws GraphFault
 * @throws PrepopError PREPOP_ROSTER_NOT_FOUND where the address leads to a folder
 */
export async function findFile(call: Call, origin: string, place: ListPlace): Promise<ListFile> {
  if (place.kind === "item") {
    return fileIn(await call(get(listPaths.item(place.driveId, place.itemId) + select)));
  }
  try {
    const wire = { ...get(listPaths.share(place.url) + select), prefer: onlyToLook };
    return { ...fileIn(await call(wire)), sharedAs: place.url };
  } catch (error) {
    if (!meansWithout(error)) throw error;
    const found = await findInSite(call, origin, place.url);
    if (found === undefined) throw error;
    return found;
  }
}

/** By site, library and path; undefined where that does not lead anywhere. */
async function findInSite(call: Call, origin: string, url: string): Promise<ListFile | undefined> {
  const place = sitePathOf(url);
  if (place === undefined) return undefined;
  try {
    const siteId = textOf(readOf(await call(get(listPaths.site(place)))).id);
    if (siteId === undefined) return undefined;
    const { values } = await wholeList(call, origin, listPaths.drives(siteId));
    const drive = values
      .flatMap(value => {
        const { id, webUrl } = isRecord(value) ? value : {};
        const root = typeof webUrl === "string" ? sitePathOf(webUrl)?.path : undefined;
        return typeof id === "string" && root !== undefined ? [{ id, root: `${root}/` }] : [];
      })
      .filter(({ root }) => place.path.toLowerCase().startsWith(root.toLowerCase()))
      .sort((left, right) => right.root.length - left.root.length)[0];
    if (drive === undefined) return undefined;
    return fileIn(await call(get(listPaths.below(drive.id, place.path.slice(drive.root.length)) + select)));
  } catch (error) {
    if (meansWithout(error)) return undefined;
    throw error;
  }
}

/**
 * The bytes of a file, streamed. Graph points to an address that wants no token, and gets none. A file that the caller may
 * see only through its sharing link is asked for by that.
 * @throws GraphFault
 */
export async function downloadFile(
  call: Call,
  file: ListFile,
  download: Download,
): Promise<AsyncIterable<Uint8Array>> {
  try {
    return await bytesAt(call, listPaths.file(file), download);
  } catch (error) {
    if (file.sharedAs === undefined || file.driveId === undefined || !meansWithout(error)) throw error;
    return await bytesAt(call, listPaths.share(file.sharedAs), download);
  }
}

async function bytesAt(call: Call, path: string, download: Download): Promise<AsyncIterable<Uint8Array>> {
  const answer = await call({ ...get(`${path}/content`), file: true, prefer: onlyToLook });
  const { body, location, status } = answer;
  if (status === 200 && body.kind === "bytes") return oneChunk(body.bytes);
  if (status === 200 && body.kind === "text" && body.text === "") return oneChunk(Buffer.alloc(0));
  if (status >= 300 && status < 400 && location !== undefined) return await download(location);
  if (!isSuccess(status)) throw httpFault(answer);
  throw unreadable(answer, "The answer holds no file.");
}

/**
 * Puts a file beside another one, over one of that name.
 * @throws GraphFault
 * @throws PrepopError PREPOP_ROSTER_NOT_FOUND where it is not known which folder that is
 */
export async function uploadBeside(
  call: Call,
  file: ListFile,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const { driveId, parentId } = file;
  if (driveId === undefined || parentId === undefined) {
    throw new PrepopError("PREPOP_ROSTER_NOT_FOUND", { file: file.name, why: "its folder is not known" });
  }
  objectOf(await call({ method: "PUT", path: listPaths.beside(driveId, parentId, name), body: bytes }));
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function fileIn(answer: Answer): ListFile {
  const { id, name, size, eTag, cTag, folder, parentReference } = readOf(answer);
  const parent = isRecord(parentReference) ? parentReference : {};
  const driveId = textOf(parent.driveId);
  if (typeof id !== "string" || id === "") throw unreadable(answer, "The file has no id.");
  if (folder !== undefined && folder !== null) {
    throw new PrepopError("PREPOP_ROSTER_NOT_FOUND", { file: nameIn(name), why: "it is a folder" });
  }
  const parentId = textOf(parent.id);
  const tag = textOf(cTag) ?? textOf(eTag);
  return {
    name: nameIn(name),
    id,
    size: typeof size === "number" ? size : 0,
    ...(driveId === undefined ? {} : { driveId }),
    ...(parentId === undefined ? {} : { parentId }),
    ...(tag === undefined ? {} : { tag }),
  };
}

/** A name as it may stand in a line of a terminal. */
function nameIn(name: unknown): string {
  return (textOf(name) === undefined ? "" : printable(String(name))) || "list";
}
