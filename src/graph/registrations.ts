import { unreadable } from "./answer.ts";
import { isRecord } from "./json.ts";
import { pages } from "./pages.ts";
import { canBeId, paths } from "./paths.ts";
import { type Call, get } from "./wire.ts";

/** One user in the registration report. It lags behind the methods, so it only says where a read can be spared. */
export type Registration = {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly isAdmin: boolean;
  /** A mobile phone is registered. */
  readonly hasMobile: boolean;
  /** No method of any kind is registered. */
  readonly nothingRegistered: boolean;
};

/**
 * The registration report page by page.
 * Source: https://learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails (2026-11-23)
 * @throws GraphFault
 */
export async function* registrations(call: Call, origin: string): AsyncGenerator<readonly Registration[]> {
  for await (const page of pages(call, origin, get(paths.registrations))) {
    yield page.values.map(value => {
      const { id, userPrincipalName, isAdmin, methodsRegistered } = isRecord(value) ? value : {};
      if (!canBeId(id) || !Array.isArray(methodsRegistered)) {
        throw unreadable(page.answer, "A line of the report has no id or does not list methods.");
      }
      return {
        id,
        userPrincipalName: typeof userPrincipalName === "string" ? userPrincipalName : id,
        isAdmin: isAdmin === true,
        hasMobile: methodsRegistered.includes("mobilePhone"),
        nothingRegistered: methodsRegistered.length === 0,
      };
    });
  }
}
