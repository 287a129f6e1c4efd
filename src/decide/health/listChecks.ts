import { type Cloud, lacks } from "../../model/clouds.ts";
import type { Check, TokenFacts } from "../../model/health.ts";
import { ok, warn } from "./check.ts";

/** Rights to files, each to read and to write. Source: the pages of shares, driveItem and workbook (read 2026-11-28). */
const everything = ["Files.ReadWrite.All", "Sites.ReadWrite.All", "Sites.FullControl.All"];
const ofSites = ["Sites.Selected", "Sites.Read.All"];
const some = ["Files.Read", "Files.ReadWrite", "Files.Read.All", ...ofSites];

/** Whether a list may live in Microsoft 365. A token without any right to files is well: most lists are files. */
export function checkLists(token: TokenFacts | undefined, cloud: Cloud): Check {
  const name = "lists in Microsoft 365";
  const holds = (permissions: readonly string[]): boolean =>
    token !== undefined && permissions.some(each => token.permissions.includes(each));
  if (token === undefined || token.kind === "unknown") {
    return ok(name, "The token does not say which files it may read; prepop check ADDRESS shows it.");
  }
  if (holds(everything)) {
    return token.kind === "delegated" && !lacks(cloud, "workbook")
      ? ok(name, "Lists in SharePoint and OneDrive can be read, and written back to, in Excel Online.")
      : ok(
          name,
          "Lists in SharePoint and OneDrive can be read by download; --write-back saves a report beside them.",
        );
  }
  if (!holds(some)) {
    return ok(
      name,
      "No right to files; only a list in SharePoint or OneDrive would need one (Files.ReadWrite.All).",
    );
  }
  const found = holds(ofSites)
    ? "Lists can be read by download, by their web address and not by a sharing link"
    : "The rights to files are too few for an address";
  return warn(
    name,
    `${found}, and --write-back may be refused.`,
    "Grant Files.ReadWrite.All where lists live in Microsoft 365.",
  );
}
