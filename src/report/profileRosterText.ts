import type { ProfileSource } from "../model/directoryProfile.ts";
import { phoneTypes } from "../model/phone.ts";
import { list, plural, thousands } from "./words.ts";

/** What was read to make a roster of profiles, in a clause: how many users, how many have no number, what is which phone. */
export function profileSentence({ users, withoutNumber, furtherPhones, columns }: ProfileSource): string {
  const mapped = phoneTypes.flatMap(type => (columns[type] ? [`${columns[type]} as ${type}`] : []));
  const without = withoutNumber === 0 ? "" : `, ${thousands(withoutNumber)} without a number`;
  const further =
    furtherPhones === 0 ? "" : `, ${thousands(furtherPhones)} with more than one (the first is taken)`;
  return `${plural(users, "user")}${without}${further}; ${list(mapped)}`;
}

/** Said where no user has a number: that can be so, and it looks the same as a permission that does not show them. */
export function noNumbersNote({ users, withoutNumber }: ProfileSource): string | undefined {
  if (users === 0) return "No user fits, so there is nothing to compare.";
  return users === withoutNumber
    ? "None of these users has a number in the profile. If that surprises, the caller may lack User.Read.All."
    : undefined;
}
