import type { ProfileColumns } from "../model/directoryProfile.ts";
import { issueLevel, type RowIssue } from "../model/issue.ts";
import { maskDigits, type PhoneNumber, type PhoneType } from "../model/phone.ts";
import { numberRef, type RowRef } from "../model/row.ts";
import type { PhoneProblem } from "./phoneNumber.ts";
import type { Wanted } from "./reconcile.ts";

/** What an issue speaks of. `raw` is the cell as the roster has it; it is masked here. */
export type IssueFacts =
  | {
      readonly code: PhoneProblem;
      readonly phoneType: PhoneType;
      readonly raw: string;
      readonly why: string;
      /** Offline, and only the country is missing: the user's usageLocation may settle it. */
      readonly mayBeSettled: boolean;
    }
  | {
      readonly code: "repaired";
      readonly phoneType: PhoneType;
      readonly raw: string;
      readonly number: PhoneNumber;
    }
  | {
      readonly code: "possible-only" | "landline";
      readonly phoneType: PhoneType;
      readonly number: PhoneNumber;
    }
  | { readonly code: "same-number"; readonly phoneType: PhoneType; readonly other: PhoneType }
  | {
      readonly code: "conflict";
      readonly phoneType: PhoneType;
      readonly others: readonly number[];
      readonly because: "otherNumber" | "unreadable";
    }
  | { readonly code: "invalid-user"; readonly raw: string; readonly why: string }
  | { readonly code: "user-mismatch"; readonly columns: readonly string[] }
  | { readonly code: "duplicate"; readonly first: number }
  | {
      readonly code: "shared-number";
      readonly others: readonly number[];
      /** Where the rows are users of the directory, they are named. */
      readonly users?: readonly string[];
    }
  | { readonly code: "alternate-without-mobile"; readonly phoneType: "alternateMobile" }
  | {
      readonly code:
        | "missing-phone"
        | "missing-user"
        | "unknown-user"
        | "ambiguous-user"
        | "disabled-user"
        | "admin-user";
    };

/** An issue of one row, with its text. */
export function rowIssue(
  at: { readonly ref: RowRef; readonly user: string | null; readonly properties?: ProfileColumns },
  facts: IssueFacts,
): RowIssue {
  const { code } = facts;
  const phone = "phoneType" in facts ? { phoneType: facts.phoneType } : {};
  const ref = numberRef(at, phone.phoneType);
  return {
    code,
    level: issueLevel(code),
    ref,
    user: at.user,
    ...phone,
    message: issueMessage(facts, ref),
  };
}

/** The issue of an alternateMobile for a user who has no mobile and gets none. */
export function alternateWithoutMobileIssue(wanted: Pick<Wanted, "ref">, user: string): RowIssue {
  return rowIssue(
    { ref: wanted.ref, user },
    { code: "alternate-without-mobile", phoneType: "alternateMobile" },
  );
}

/**
 * What happened, why, and what to do, with every digit of a number but the last two masked. A number of a profile is
 * called by its property, one of a list by its cell.
 */
export function issueMessage(facts: IssueFacts, { property }: Pick<RowRef, "property"> = {}): string {
  const of = property === undefined ? ofList : ofProfile;
  const cell = (phoneType: PhoneType): string =>
    property === undefined ? `${phoneType} cell` : `${property} of the profile`;
  switch (facts.code) {
    case "invalid-phone":
      return `The ${cell(facts.phoneType)} ${quote(facts.raw)} is not a usable number: ${facts.why}. Write it in full, with + and country code.`;
    case "ambiguous":
      return `The ${cell(facts.phoneType)} ${quote(facts.raw)} is not clear: ${facts.why}. Write one number, with + and country code.`;
    case "region-needed":
      return `The country of the ${cell(facts.phoneType)} ${quote(facts.raw)} is not known: ${facts.why}. Write the number with + and country code, ${of.region}, or give --region.${facts.mayBeSettled ? " A plan may still succeed, because it knows the user's usageLocation." : ""}`;
    case "ambiguous-region":
      return `The country of the ${cell(facts.phoneType)} ${quote(facts.raw)} is not clear: ${facts.why}. Write the number with + and country code, or ${of.region}.`;
    case "premium-number":
      return `The ${cell(facts.phoneType)} ${quote(facts.raw)} holds a premium or shared-cost number: ${facts.why}. Give a number of the user's own.`;
    case "repaired":
      return `The ${cell(facts.phoneType)} ${quote(facts.raw)} is read as ${maskDigits(facts.number)}: it had lost a leading 0 or +, or was written as a plain number. ${of.keepWhole}`;
    case "possible-only":
      return `The ${facts.phoneType} number ${maskDigits(facts.number)} has the right length but lies in no range that is known to be in use. Check it before it is written.`;
    case "landline":
      return `The ${facts.phoneType} number ${maskDigits(facts.number)} is a fixed line or a company number, so it gets calls but no text messages. Check that it is in the right column.`;
    case "same-number":
      return `The ${cell(facts.phoneType)} holds the same number as the ${facts.other}${property === undefined ? " cell" : ""}, so the user has no second phone. Leave one of them blank or give another number.`;
    case "conflict":
      return facts.because === "otherNumber"
        ? `This user has another ${facts.phoneType} number in ${rows(facts.others)}, so none is written. Keep the row that is right.`
        : `The ${facts.phoneType} of this user in ${rows(facts.others)} cannot be used, so it is not known whether this number is the right one, and none is written. Correct that row or take it out.`;
    case "invalid-user":
      return `The user cell ${quote(facts.raw)} cannot name a user: ${facts.why}. Write it as Entra has it, for example name@contoso.com.`;
    case "user-mismatch":
      return `The row names more than one user: ${facts.columns.join(" and ")} ${facts.columns.length > 1 ? "do" : "does"} not belong to the user of its key. Correct the row; nothing is written for it.`;
    case "duplicate":
      return `The row repeats row ${facts.first} for the same user and adds nothing. It can be taken out.`;
    case "shared-number":
      return `Another user has the same number ${facts.users === undefined ? `in ${rows(facts.others)}` : `(${facts.users.join(", ")})`}. That is allowed for sign-in codes but not for SMS sign-in; check that it is meant.`;
    case "alternate-without-mobile":
      return "The user has no mobile phone and gets none, and Entra takes an alternateMobile only beside one. Give a mobile number too.";
    case "missing-phone":
      return "The row names a user but no phone. Fill in a number, or take the row out.";
    case "missing-user":
      return "The row holds a phone but names no user. Fill in the user, or take the row out.";
    case "unknown-user":
      return "No user of this tenant has the key of this row. Check the spelling, or take the row out if the account is gone.";
    case "ambiguous-user":
      return "More than one user of this tenant has the key of this row, so none is touched. Match by something unique, for example --match id.";
    case "disabled-user":
      return "The account is disabled. Its phones are written all the same; --exclude-disabled leaves such users out.";
    case "admin-user":
      return "The user holds an administrator role, so another role may be needed to write the user's phones; --exclude-admins leaves such users out.";
  }
}

/** What helps in a list, and what in the directory. */
const ofList = {
  region: "add a region column",
  keepWhole: "Format the column as text to keep numbers whole.",
};
const ofProfile = {
  region: "give the user a usageLocation",
  keepWhole: "Correct it in the profile.",
};

const longestQuote = 40;

function quote(raw: string): string {
  const line = maskDigits(raw.trim().replace(/[\p{C}\s]+/gu, " "));
  return `"${line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line}"`;
}

const shownRows = 5;

function rows(numbers: readonly number[]): string {
  const shown = numbers.slice(0, shownRows).join(", ");
  const more = numbers.length > shownRows ? ` and ${numbers.length - shownRows} more` : "";
  return `${numbers.length > 1 ? "rows" : "row"} ${shown}${more}`;
}
