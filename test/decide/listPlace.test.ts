import assert from "node:assert/strict";
import { test } from "node:test";
import { listPlaceOf, shareToken, sitePathOf } from "../../src/decide/listPlace.ts";

const places: readonly (readonly [string, ReturnType<typeof listPlaceOf>])[] = [
  ["phones.xlsx", undefined],
  ["-", undefined],
  ["C:\\lists\\phones.xlsx", undefined],
  ["https.xlsx", undefined],
  [
    "https://contoso.sharepoint.com/sites/hr/Shared Documents/phones.xlsx",
    { kind: "share", url: "https://contoso.sharepoint.com/sites/hr/Shared%20Documents/phones.xlsx" },
  ],
  [
    " HTTPS://contoso.sharepoint.com/:x:/s/hr/EaBcD?e=4%3Aab&d=w12#row ",
    { kind: "share", url: "https://contoso.sharepoint.com/:x:/s/hr/EaBcD?e=4%3Aab&d=w12" },
  ],
  ["drive:b!a-B_c/item:01ABC", { kind: "item", driveId: "b!a-B_c", itemId: "01ABC" }],
  [" drive:a/item:b ", { kind: "item", driveId: "a", itemId: "b" }],
  ["x drive:a/item:b", undefined],
  ["drive:a/item:b c", { kind: "unusable", why: "it is not drive:ID/item:ID" }],
  ["phones https://contoso.com.xlsx", undefined],
  [
    "https://kim@contoso.sharepoint.com/phones.xlsx",
    { kind: "unusable", why: "it holds a user name or password" },
  ],
  [
    "https://:secret@contoso.sharepoint.com/phones.xlsx",
    { kind: "unusable", why: "it holds a user name or password" },
  ],
  ["drive:a b/item:01ABC", { kind: "unusable", why: "it is not drive:ID/item:ID" }],
  ["drive:../item:..", { kind: "unusable", why: "it is not drive:ID/item:ID" }],
  [
    "http://contoso.sharepoint.com/phones.xlsx",
    { kind: "unusable", why: "lists in Microsoft 365 have https addresses" },
  ],
  ["https://", { kind: "unusable", why: "it is not a whole address" }],
  [
    "https://kim:secret@contoso.sharepoint.com/phones.xlsx",
    { kind: "unusable", why: "it holds a user name or password" },
  ],
];
for (const [text, place] of places) {
  test(`${text} is ${place === undefined ? "a file" : place.kind}`, () =>
    assert.deepEqual(listPlaceOf(text), place));
}

test("a share token is the documented one: base64url without padding after u!", () => {
  // The example of https://learn.microsoft.com/graph/api/shares-get (read 2026-11-28), worked out by hand.
  const url = "https://onedrive.live.com/redir?resid=1231244193912!12&authKey=1201919!12921!1";
  const token =
    "u!aHR0cHM6Ly9vbmVkcml2ZS5saXZlLmNvbS9yZWRpcj9yZXNpZD0xMjMxMjQ0MTkzOTEyITEyJmF1dGhLZXk9MTIwMTkxOSExMjkyMSEx";
  assert.equal(shareToken(url), token);
});

const paths: readonly (readonly [string, ReturnType<typeof sitePathOf>])[] = [
  [
    "https://contoso.sharepoint.com/sites/hr/Shared%20Documents/a/phones.xlsx?web=1",
    { host: "contoso.sharepoint.com", site: "sites/hr", path: "/sites/hr/Shared Documents/a/phones.xlsx" },
  ],
  [
    "https://contoso.sharepoint.com/:x:/r/teams/it/Docs/phones.xlsx?d=w1&csf=1&web=1",
    { host: "contoso.sharepoint.com", site: "teams/it", path: "/teams/it/Docs/phones.xlsx" },
  ],
  [
    "https://contoso-my.sharepoint.com/personal/kim_contoso_com/Documents/phones.xlsx",
    {
      host: "contoso-my.sharepoint.com",
      site: "personal/kim_contoso_com",
      path: "/personal/kim_contoso_com/Documents/phones.xlsx",
    },
  ],
  [
    "https://contoso.sharepoint.com/Shared%20Documents/phones.xlsx",
    { host: "contoso.sharepoint.com", site: "", path: "/Shared Documents/phones.xlsx" },
  ],
  ["https://contoso.sharepoint.com/:x:/s/hr/EaBcD?e=1", undefined],
  [
    "https://contoso.sharepoint.com/sites/hr/x/:x:/r/phones.aspx.xlsx",
    { host: "contoso.sharepoint.com", site: "sites/hr", path: "/sites/hr/x/:x:/r/phones.aspx.xlsx" },
  ],
  [
    "https://contoso.sharepoint.com/sites/hr/_layouts/15/Doc.aspx?sourcedoc=%7B1%7D&file=phones.xlsx",
    undefined,
  ],
  ["https://contoso.sharepoint.com/sites/hr/%E0%A4%A", undefined],
];
for (const [address, place] of paths) {
  test(`${address} ${place === undefined ? "names no path" : `is in ${place.site || "the root site"}`}`, () => {
    assert.deepEqual(sitePathOf(address), place);
  });
}
