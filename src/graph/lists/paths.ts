import { type SitePath, shareToken } from "../../decide/listPlace.ts";
import type { ListFile } from "../../model/sharedList.ts";

/**
 * The addresses of files and of the workbooks in them, below the origin. Pages, all read 2026-11-28:
 * https://learn.microsoft.com/graph/api/ shares-get, driveitem-get, driveitem-get-content, driveitem-put-content,
 * site-getbypath, drive-list; and for Excel resources/excel with the pages of worksheet, table and range.
 */
export const listPaths = {
  share: (url: string) => `/v1.0/shares/${shareToken(url)}/driveItem`,
  item: (driveId: string, itemId: string) => `/v1.0/drives/${part(driveId)}/items/${part(itemId)}`,
  file: ({ driveId, id, sharedAs = "" }: ListFile) =>
    driveId === undefined ? listPaths.share(sharedAs) : listPaths.item(driveId, id),
  beside: (driveId: string, parentId: string, name: string) =>
    `/v1.0/drives/${part(driveId)}/items/${part(parentId)}:/${part(name)}:/content`,
  site: ({ host, site }: SitePath) =>
    site === "" ? `/v1.0/sites/${host}` : `/v1.0/sites/${host}:/${path(site)}`,
  drives: (siteId: string) => `/v1.0/sites/${part(siteId)}/drives?$select=id,webUrl`,
  below: (driveId: string, below: string) => `/v1.0/drives/${part(driveId)}/root:/${path(below)}`,
  workbook: (file: ListFile) => `${listPaths.file(file)}/workbook`,
};

/** One segment. A comma, which site ids have, and a colon stay readable; a colon in a name would end it. */
export function part(text: string): string {
  if (text === "" || text === "." || text === "..") throw new RangeError("Not the segment of a path.");
  return encodeURIComponent(text).replaceAll("%2C", ",");
}

function path(text: string): string {
  return text.split("/").filter(Boolean).map(part).join("/");
}
