import type { GraphPermission } from "./graphPermissions.ts";

/** Whether the application acts by itself, or in the name of whoever signs in to it. */
export type SetupMode = "application" | "delegated";

/** What prepop can do beyond the main job, each at the price of a permission. */
export const setupFeatures = [
  "policy",
  "groups",
  "report",
  "roles",
  "methods",
  "default-method",
  "lists",
] as const;
export type SetupFeature = (typeof setupFeatures)[number];

/** What is set up when nothing is said: all that planning reads beside users and phones. */
export const usualFeatures: readonly SetupFeature[] = ["policy", "groups", "report"];

/** How the application proves itself; people who sign in to it need nothing. */
export type SetupCredential = "certificate" | "secret" | "none";

/** One permission of Microsoft Graph, with the id under which this tenant offers it. */
export type ChosenPermission = {
  readonly name: GraphPermission;
  readonly id: string;
  /** What it is for, in words. */
  readonly purpose: string;
};

/** What is set up. */
export type SetupWish = {
  readonly displayName: string;
  readonly mode: SetupMode;
  readonly features: readonly SetupFeature[];
  readonly credential: SetupCredential;
};

/** What somebody else than whoever sets up has in a registration that was found, in words. */
export type Foreign = readonly string[];

/** What a sign-in left on a client that is not ours (Microsoft Graph Command Line Tools). */
export type ClientConsent = {
  readonly clientId: string;
  /** Who consented, by object id. */
  readonly personId?: string;
  /** Permissions that were there before the first setup. */
  readonly before: readonly string[];
  /** What was consented to for the setup and is known not to have been there before. */
  readonly added: readonly string[];
  /** What may have been there before: it is left where it is. */
  readonly unproven?: readonly string[];
};

/** What a profile remembers of the setup that made it. It holds no secret. */
export type SetupRecord = {
  /** begun: the application may be there, wholly or in part; running again completes it. */
  readonly state: "begun" | "complete";
  readonly displayName: string;
  readonly mode: SetupMode;
  /** Object id of the registration, as soon as it is known. */
  readonly applicationId?: string;
  readonly consent?: ClientConsent;
};

/** One step of a setup, and whether it is done already. */
export type SetupStep = { readonly done: boolean } & (
  | { readonly kind: "application" }
  | { readonly kind: "principal" }
  | { readonly kind: "roles"; readonly missing: readonly ChosenPermission[] }
  | { readonly kind: "grant"; readonly missing: readonly ChosenPermission[] }
  | { readonly kind: "certificate" }
  | { readonly kind: "secret" }
);

/** What to do about one grant of that client, so that nothing is left of what was added. */
export type Revocation =
  | { readonly kind: "remove"; readonly grantId: string; readonly scopes: readonly string[] }
  | {
      readonly kind: "narrow";
      readonly grantId: string;
      readonly scopes: readonly string[];
      readonly left: readonly string[];
    };
