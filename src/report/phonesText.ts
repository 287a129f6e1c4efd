import type { ExistingPhone } from "../model/phone.ts";
import type { User } from "../model/user.ts";
import { readableNumber } from "./numbers.ts";
import { plainText } from "./plainText.ts";
import { headerLine, layout, tableLine } from "./table.ts";
import { pageOf, type TextOptions } from "./textOptions.ts";

const columns = [{ header: "type" }, { header: "number" }, { header: "SMS sign-in", shrink: "end" }] as const;

/** The phones that a user holds, for a person. */
export function* phonesText(
  user: Pick<User, "userPrincipalName" | "id">,
  phones: readonly ExistingPhone[],
  options: TextOptions,
): Iterable<string> {
  const page = pageOf(options);
  yield* page.say(`${user.userPrincipalName} (${user.id})`, "strong");
  if (phones.length === 0) {
    yield "  no phone";
    return;
  }
  const rows = phones.map(phone => [
    phone.phoneType,
    plainText(readableNumber(phone.phoneNumber, page.show)),
    phone.smsSignInState ?? "",
  ]);
  const table = layout(columns, rows, page.width - 2);
  yield page.paint("dim", `  ${headerLine(table)}`);
  for (const row of rows) yield `  ${tableLine(table, row)}`;
}
