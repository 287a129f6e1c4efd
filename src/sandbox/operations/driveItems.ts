import { refuse } from "../exchange.ts";
import { downloadUrl } from "../files/download.ts";
import { bookIn, placed, type SharedFile } from "../files/drives.ts";
import { fileOperation } from "../files/fileOperation.ts";
import { fileOf } from "../files/find.ts";
import { picked, selectOf } from "../odata/query.ts";
import { type Call, contextRoot, type Definition, operation } from "../operation.ts";

/** Get a driveItem, by its ids. @see https://learn.microsoft.com/graph/api/driveitem-get */
const getItem = fileOperation({
  name: "getDriveItem",
  method: "GET",
  path: "",
  capability: "files",
  permission: "readFiles",
  run: call => {
    const file = fileOf(call);
    return "kind" in file ? file : { kind: "json", status: 200, value: itemView(call, file) };
  },
}).map(definition =>
  definition.path.startsWith("/shares/") ? { ...definition, permission: "readShares" as const } : definition,
);

/** The bytes: a 302 to an address that needs no token. @see https://learn.microsoft.com/graph/api/driveitem-get-content */
const getContent = fileOperation({
  name: "getDriveItemContent",
  method: "GET",
  path: "/content",
  capability: "files",
  permission: "readFiles",
  run: call => {
    const file = fileOf(call);
    return "kind" in file ? file : { kind: "elsewhere", status: 302, location: downloadUrl(call, file) };
  },
});

const common = {
  versions: ["v1.0", "beta"],
  capability: "files",
  lane: "files",
} as const;

/** What a sharing link is. @see https://learn.microsoft.com/graph/api/shares-get */
const getShare = operation({
  ...common,
  name: "getShare",
  method: "GET",
  path: "/shares/{share}",
  effect: "read",
  permission: "readShares",
  subject: "none",
  run: call => {
    const file = fileOf(call);
    if ("kind" in file) return file;
    const owner = { user: { id: call.state.users[0]?.id ?? file.siteId, displayName: "Sandbox" } };
    const value = {
      "@odata.context": `${contextRoot(call)}shares/$entity`,
      id: file.id,
      name: file.name,
      owner,
    };
    return { kind: "json", status: 200, value };
  },
});

/** An item by its path below a drive's root. */
const getByPath = operation({
  ...common,
  name: "getDriveItemByPath",
  method: "GET",
  path: "/drives/{drive}/root/path:/{path}",
  effect: "read",
  permission: "readFiles",
  subject: "none",
  run: call => {
    const { drive, path = "" } = call.params;
    const file = call.drives.files.find(
      each => each.driveId === drive && each.path.toLowerCase() === path.toLowerCase(),
    );
    if (file === undefined) return refuse("itemNotFound");
    return { kind: "json", status: 200, value: itemView(call, file) };
  },
});

/** Upload a file into a folder, over one of that name. @see https://learn.microsoft.com/graph/api/driveitem-put-content */
const upload = operation({
  ...common,
  name: "uploadFile",
  method: "PUT",
  path: "/drives/{drive}/items/{item}/path:/{path}/content",
  effect: "write",
  permission: "writeFiles",
  subject: "none",
  run: call => {
    const { drive, item: folder, path = "" } = call.params;
    const sibling = call.drives.files.find(each => each.driveId === drive && each.parentId === folder);
    if (sibling === undefined) return refuse("itemNotFound");
    const url = sibling.url.slice(0, sibling.url.lastIndexOf("/") + 1) + encodeURIComponent(path);
    const bytes = call.bytes ?? Buffer.alloc(0);
    const there = call.drives.files.find(
      each => each.driveId === drive && each.parentId === folder && each.name === path,
    );
    if (there?.locked === true) return refuse("fileLocked");
    const file = there ?? placed(url, bytes, call.settings.seed);
    Object.assign(file, { bytes, book: undefined, edited: false, version: file.version + (there ? 1 : 0) });
    if (there === undefined) call.drives.files.push(file);
    // Excel Online can open it as soon as it is read.
    void bookIn(bytes).then(book => {
      if (file.bytes === bytes) file.book = book;
    });
    const change = { setting: `uploaded ${file.name}` };
    return { kind: "json", status: there ? 200 : 201, value: itemView(call, file), change };
  },
});

/** A site by host and path. @see https://learn.microsoft.com/graph/api/site-getbypath */
const getSite = operation({
  ...common,
  name: "getSite",
  method: "GET",
  path: "/sites/{site}/path:/{path}",
  effect: "read",
  permission: "readSites",
  subject: "none",
  run: call => {
    const { site: host, path = "" } = call.params;
    const same = (file: SharedFile) =>
      file.host === host?.toLowerCase() && file.site.toLowerCase() === path.toLowerCase();
    const file = call.drives.files.find(same);
    if (file === undefined) return refuse("itemNotFound");
    const value = {
      id: file.siteId,
      name: file.site.split("/").at(-1),
      webUrl: `https://${file.host}/${file.site}`,
    };
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": `${contextRoot(call)}sites/$entity`, ...value },
    };
  },
});

/** The document libraries of a site. @see https://learn.microsoft.com/graph/api/drive-list */
const listDrives = operation({
  ...common,
  name: "listDrives",
  method: "GET",
  path: "/sites/{site}/drives",
  effect: "read",
  permission: "readSites",
  subject: "none",
  run: call => {
    const own = call.drives.files.filter(file => file.siteId === call.params.site);
    if (own.length === 0) return refuse("itemNotFound");
    const drives = new Map(own.map(file => [file.driveId, file.driveUrl]));
    const value = [...drives].map(([id, webUrl]) => ({ id, name: webUrl.split("/").at(-1), webUrl }));
    return { kind: "json", status: 200, value: { "@odata.context": `${contextRoot(call)}drives`, value } };
  },
});

export const driveItems: readonly Definition[] = [
  ...getItem,
  ...getContent,
  getShare,
  getByPath,
  upload,
  getSite,
  listDrives,
];

function itemView(call: Call, file: SharedFile): object {
  const { id, name, bytes, version, driveId, parentId, url, path } = file;
  const folder = path.split("/").slice(0, -1).join("/");
  const view = {
    id,
    name,
    eTag: `"{${id}},${version}"`,
    cTag: `"c:{${id}},${version}"`,
    webUrl: url,
    size: bytes.length,
    lastModifiedDateTime: new Date(call.now).toISOString(),
    file: { mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    parentReference: {
      driveType: file.site.startsWith("personal") ? "business" : "documentLibrary",
      driveId,
      id: parentId,
      path: `/drives/${driveId}/root:${folder === "" ? "" : `/${folder}`}`,
      siteId: file.siteId,
    },
  };
  return { "@odata.context": `${contextRoot(call)}driveItem/$entity`, ...picked(view, selectOf(call.query)) };
}
