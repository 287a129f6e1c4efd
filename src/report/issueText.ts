import type { IssueCode } from "../model/issue.ts";

/** What an issue means, and what the person with the list can do about it. */
export type IssueText = { readonly title: string; readonly fix: string };

/** One text for each code. */
export const issueTexts: Readonly<Record<IssueCode, IssueText>> = {
  "invalid-phone": {
    title: "not a phone number that exists",
    fix: "Correct the cell; best with + and the country code.",
  },
  ambiguous: {
    title: "more than one number is possible",
    fix: "Write the number with + and the country code.",
  },
  "region-needed": {
    title: "the country is not known",
    fix: "Write + and the country code, add a region column, or say --region.",
  },
  "ambiguous-region": {
    title: "valid in --region and in the user's own country",
    fix: "Write + and the country code, or add a region column.",
  },
  "premium-number": {
    title: "a premium-rate or shared-cost number",
    fix: "Give a number that the user can be called or texted on.",
  },
  "missing-phone": { title: "no phone in the row", fix: "Fill in the phone, or take the row out." },
  "missing-user": { title: "no user in the row", fix: "Fill in the userPrincipalName." },
  "invalid-user": {
    title: "not the name of a user",
    fix: "Give the userPrincipalName, or say with --match what the column holds.",
  },
  "unknown-user": {
    title: "no such user in this tenant",
    fix: "Check the spelling and the tenant; the user may be deleted or not synchronised yet.",
  },
  "ambiguous-user": {
    title: "more than one user has this key",
    fix: "Give the userPrincipalName or the object id.",
  },
  "user-mismatch": {
    title: "the row's identity columns name different users",
    fix: "Correct the row so that all its identity columns name one user.",
  },
  "alternate-without-mobile": {
    title: "an alternateMobile needs a mobile",
    fix: "Give the user a mobile as well.",
  },
  conflict: {
    title: "rows of one user ask for different numbers",
    fix: "Keep the row that is right and take the others out.",
  },
  duplicate: { title: "the same row more than once", fix: "They are merged; nothing needs to be done." },
  "shared-number": {
    title: "one number for several users",
    fix: "Check that they really share a phone; only one of them can use SMS sign-in with it.",
  },
  "same-number": {
    title: "one number for two phone types of a user",
    fix: "Give a second phone, or leave the cell out.",
  },
  landline: {
    title: "a fixed line as a mobile",
    fix: "A text message does not reach it; it belongs in the office column.",
  },
  "possible-only": {
    title: "the length is right, the number range is not known",
    fix: "Check the number with the user.",
  },
  repaired: {
    title: "the spreadsheet had damaged the number; it was repaired",
    fix: "Format the column as text, so that + and 0 stay.",
  },
  "disabled-user": { title: "the account is disabled", fix: "Leave it out with --exclude-disabled." },
  "admin-user": {
    title: "an administrator",
    fix: "Writing needs the role Privileged Authentication Administrator; --exclude-admins leaves them out.",
  },
};
