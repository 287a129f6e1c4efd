import type { PhoneType } from "./phone.ts";
import type { User } from "./user.ts";

/**
 * The properties of a user's profile that hold numbers. They are contact data, shown to colleagues, and no
 * authentication methods. Source: https://learn.microsoft.com/graph/api/resources/user (read 2026-11-23).
 */
export type ProfileProperty = "mobilePhone" | "businessPhones";

export const profileProperties: readonly ProfileProperty[] = ["mobilePhone", "businessPhones"];

/** Which property is taken for which phone; a type without one is left alone. */
export type ProfileColumns = { readonly [Type in PhoneType]?: ProfileProperty };

export const defaultProfileColumns: ProfileColumns = { mobile: "mobilePhone", office: "businessPhones" };

/** A user with the numbers of the profile. A property that this caller is not shown is absent; an empty one is "" or []. */
export type DirectoryProfile = {
  readonly user: User;
  readonly mobilePhone?: string;
  readonly businessPhones?: readonly string[];
};

/** What was read to make a roster of profiles. */
export type ProfileReading = {
  /** Users that were looked at, with a number or without. */
  readonly users: number;
  /** Users without any number in the properties that were asked for: they are no row, and no issue. */
  readonly withoutNumber: number;
  /** Users with more than one business phone, of which the first is taken. */
  readonly furtherPhones: number;
};

/** What a roster of profiles says of itself. */
export type ProfileSource = ProfileReading & { readonly columns: ProfileColumns };
