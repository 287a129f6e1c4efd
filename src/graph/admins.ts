import { GraphFault } from "../model/fault.ts";
import { unreadable } from "./answer.ts";
import { isRecord } from "./json.ts";
import { pages } from "./pages.ts";
import { canBeId, paths } from "./paths.ts";
import { type Call, get } from "./wire.ts";

/**
 * The ids of all administrators, from the registration report.
 * The filter saves pages (the report is limited to 5 requests in 10 s); a service that does not know it is asked for
 * the whole report, and one that ignores it does no harm, because each line says it again.
 * Source: https://learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails (2026-11-23)
 * @throws GraphFault
 */
export async function adminIds(call: Call, origin: string): Promise<ReadonlySet<string>> {
  try {
    return await adminsIn(
      call,
      origin,
      `${paths.registrations}?$filter=${encodeURIComponent("isAdmin eq true")}`,
    );
  } catch (error) {
    const status = error instanceof GraphFault ? error.fault.status : undefined;
    if (status !== 400 && status !== 501) throw error;
    return adminsIn(call, origin, paths.registrations);
  }
}

async function adminsIn(call: Call, origin: string, path: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const page of pages(call, origin, get(path))) {
    for (const value of page.values) {
      const { id, isAdmin } = isRecord(value) ? value : {};
      if (!canBeId(id) || typeof isAdmin !== "boolean") {
        throw unreadable(page.answer, "A line of the report has no id or does not say isAdmin.");
      }
      if (isAdmin) ids.add(id);
    }
  }
  return ids;
}
