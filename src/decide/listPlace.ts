import type { ListPlace } from "../model/sharedList.ts";

/**
 * What a roster argument says of a list in Microsoft 365; undefined for one that is a file. Every https address is taken
 * for one: it is handed to Microsoft Graph as it is, and nothing is ever asked of its own host.
 */
export function listPlaceOf(
  text: string,
): ListPlace | { readonly kind: "unusable"; readonly why: string } | undefined {
  const item = /^drive:(\w[\w!.-]*)\/item:(\w[\w!.-]*)$/i.exec(text.trim());
  if (item !== null) return { kind: "item", driveId: item[1] ?? "", itemId: item[2] ?? "" };
  if (/^drive:.*\/item:/i.test(text)) return { kind: "unusable", why: "it is not drive:ID/item:ID" };
  if (!/^https?:\/\//i.test(text.trim())) return undefined;
  const url = URL.parse(text.trim());
  if (url === null) return { kind: "unusable", why: "it is not a whole address" };
  if (url.protocol !== "https:")
    return { kind: "unusable", why: "lists in Microsoft 365 have https addresses" };
  if (url.username !== "" || url.password !== "")
    return { kind: "unusable", why: "it holds a user name or password" };
  url.hash = "";
  return { kind: "share", url: url.href };
}

/** The token that stands for an address in Graph. https://learn.microsoft.com/graph/api/shares-get (read 2026-11-28) */
export function shareToken(url: string): string {
  return `u!${Buffer.from(url, "utf8").toString("base64url")}`;
}

/** A file's place in a site, as its address spells it. */
export type SitePath = {
  readonly host: string;
  /** `sites/hr`; "" for the root site. */
  readonly site: string;
  /** Decoded path of the file on its host, `/sites/hr/Shared Documents/phones.xlsx`. */
  readonly path: string;
};

/**
 * The site and path in a web address: undefined for a sharing link, which says neither, and for the page of an editor.
 * `:x:/r/` before the path is what Office puts into the addresses that it copies.
 */
export function sitePathOf(address: string): SitePath | undefined {
  const { host, pathname } = new URL(address);
  let path: string;
  try {
    path = decodeURIComponent(pathname.replace(/^\/:\w:\/r(?=\/)/, ""));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  if (path.startsWith("/:") || /\.aspx$/i.test(path) || path.endsWith("/")) return undefined;
  const [first = "", second = ""] = path.split("/").filter(Boolean);
  const site = ["sites", "teams", "personal"].includes(first.toLowerCase()) ? `${first}/${second}` : "";
  return { host, site, path };
}
