import { unreadable } from "./answer.ts";
import { isRecord } from "./json.ts";
import { pages } from "./pages.ts";
import { canBeId, paths } from "./paths.ts";
import { type Call, get } from "./wire.ts";

/** A soft-deleted user, who keeps his number for SMS sign-in until he is gone for good. */
export type DeletedUser = {
  readonly userPrincipalName: string;
  /** The profile's numbers: a deleted user's methods cannot be read. */
  readonly profileNumbers: readonly string[];
};

/**
 * The soft-deleted users, page by page.
 * Source: https://learn.microsoft.com/graph/api/directory-deleteditems-list (read 2026-11-23)
 * @throws GraphFault
 */
export async function* deletedUsers(call: Call, origin: string): AsyncGenerator<readonly DeletedUser[]> {
  const path = `${paths.deletedUsers}?$select=id,userPrincipalName,mobilePhone,businessPhones`;
  for await (const page of pages(call, origin, get(path))) {
    yield page.values.map(value => {
      const { id, userPrincipalName, mobilePhone, businessPhones } = isRecord(value) ? value : {};
      if (!canBeId(id)) throw unreadable(page.answer, "A deleted user has no id.");
      const numbers = [mobilePhone, ...(Array.isArray(businessPhones) ? businessPhones : [])];
      return {
        userPrincipalName: typeof userPrincipalName === "string" ? userPrincipalName : id,
        profileNumbers: numbers.filter(number => typeof number === "string"),
      };
    });
  }
}
