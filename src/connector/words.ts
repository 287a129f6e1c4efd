import type { operations } from "../model/operations.ts";

/** Operations of the table that the connector offers. */
export type OfferedName =
  | "listPhones"
  | "createPhone"
  | "getPhone"
  | "updatePhone"
  | "deletePhone"
  | "enableSms"
  | "disableSms"
  | "getMe";

/** What the designer shows of an operation, and the name by which flows bind to it. */
export type Words = {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** What the answer of success says. */
  readonly success: string;
  /** What a 400 means here; the other refusals mean the same everywhere. */
  readonly badRequest: string;
  /** What a 409 means, where there is one. */
  readonly conflict?: string;
  readonly visibility: "important" | "advanced" | "internal";
};

const badNumber = "Graph refuses the number: it is not written as +CC NUMBER";
const taken =
  "The number is taken for SMS sign-in by somebody else. Graph has usually stored the phone all the same, so read it back.";

/**
 * The operationIds are those of the connector of 2020 (but for the connection test), so that a flow that was made with
 * it goes on working after `connector update`.
 */
export const words: Readonly<Record<OfferedName & keyof typeof operations, Words>> = {
  listPhones: {
    operationId: "ListPhonemethods",
    summary: "List phone methods",
    description:
      "Lists the phones that a user can be authenticated with, at most one each of mobile, alternate mobile and office.",
    success: "The phones of the user.",
    badRequest: "Graph cannot read the request.",
    visibility: "important",
  },
  createPhone: {
    operationId: "CreatePhoneauthenticationmethod",
    summary: "Create a phone method",
    description:
      "Adds a phone of a type that the user does not have yet. An alternate mobile needs a mobile first. Where policy allows SMS sign-in, Graph registers a mobile for it by itself.",
    success: "The phone as it was stored.",
    badRequest: `${badNumber}, or the user already has a phone of this type, or has no mobile yet.`,
    conflict: taken,
    visibility: "important",
  },
  getPhone: {
    operationId: "GetPhonemethod",
    summary: "Get a phone method",
    description: "Reads one phone of a user.",
    success: "The phone.",
    badRequest: "Graph cannot read the request.",
    visibility: "important",
  },
  updatePhone: {
    operationId: "UpdatePhoneauthenticationmethod",
    summary: "Update a phone method",
    description: "Replaces the number of a phone that the user has. The type of a phone cannot be changed.",
    success: "The number was replaced. There is no body.",
    badRequest: `${badNumber}.`,
    conflict: taken,
    visibility: "important",
  },
  deletePhone: {
    operationId: "DeletePhoneauthenticationmethod",
    summary: "Delete a phone method",
    description: "Removes one phone of a user. A mobile is removed after the alternate mobile.",
    success: "The phone was removed. There is no body.",
    badRequest:
      "The phone is the default method of a user who has others, or a mobile that an alternate mobile needs.",
    visibility: "important",
  },
  enableSms: {
    operationId: "EnableSmsSignin",
    summary: "Enable SMS sign in",
    description: "Lets a user sign in with the number of the mobile. Policy must allow it.",
    success: "SMS sign-in is enabled. There is no body.",
    badRequest: "Policy does not allow SMS sign-in to this user, or the number cannot be used for it.",
    conflict: "The number is taken for SMS sign-in by somebody else.",
    visibility: "advanced",
  },
  disableSms: {
    operationId: "DisableSmsSignin",
    summary: "Disable SMS sign in",
    description: "Ends sign-in with the number of the mobile. The phone itself stays.",
    success: "SMS sign-in is disabled. There is no body.",
    badRequest: "Graph cannot read the request.",
    visibility: "advanced",
  },
  getMe: {
    operationId: "TestConnection",
    summary: "Test the connection",
    description: "Reads the profile of whoever signed in, to show that the connection works.",
    success: "The profile of whoever signed in.",
    badRequest: "Graph cannot read the request.",
    visibility: "internal",
  },
};
