import type { NewSecret } from "../model/application.ts";
import type { ChosenPermission, ClientConsent, Revocation, SetupStep, SetupWish } from "../model/setup.ts";
import type { Tenant } from "../model/user.ts";
import { pageOf, type TextOptions, tenantHead } from "./textOptions.ts";
import { list } from "./words.ts";

/** What a setup is about to do, or has nothing to do about. */
export type SetupView = {
  readonly tenant: Tenant;
  readonly wish: SetupWish;
  readonly permissions: readonly ChosenPermission[];
  /** What this cloud has no permission for. */
  readonly without: readonly string[];
  readonly steps: readonly SetupStep[];
  /** Where the key of the certificate lies. */
  readonly certificatePath: string;
};

/** The steps, those that are done already too, with every permission and what it is for. */
export function* setupText(view: SetupView, options: TextOptions): Iterable<string> {
  const { tenant, wish, permissions, without, steps } = view;
  const page = pageOf(options);
  yield* tenantHead("Setup", tenant, page);
  yield "";
  for (const step of steps) {
    if (step.done) yield* page.mark("=", `${doneWords(step)} already`, "dim");
    else yield* page.mark("+", stepWords(step, view), "good");
    if (step.kind !== "roles" && step.kind !== "grant") continue;
    const width = Math.max(...permissions.map(({ name }) => name.length));
    for (const { name, purpose } of permissions) {
      yield `    ${name.padEnd(width)}  ${purpose}`;
    }
  }
  yield* page.mark("+", "Sign in to it, to see that it works", "good");
  for (const purpose of without)
    yield* page.mark("!", `This cloud offers no permission for: ${purpose}.`, "warn");
  if (wish.mode === "delegated") {
    yield* page.say(
      "Whoever signs in to it also needs the role Authentication Administrator, or Privileged Authentication Administrator for full numbers.",
      "dim",
    );
  }
}

/** One step as it is told when it is done. */
export function stepText(step: SetupStep, options: TextOptions): string[] {
  return pageOf(options).mark("✓", doneWords(step), "good");
}

/** A secret, at the one moment when it can be told. */
export function* secretText({ secret, validUntil }: NewSecret, options: TextOptions): Iterable<string> {
  const page = pageOf(options);
  yield* page.mark(
    "!",
    `The secret, valid until ${validUntil.slice(0, 10)}. It is shown this once and kept nowhere; put it into your secret store and give it as AZURE_CLIENT_SECRET:`,
    "warn",
  );
  yield `  ${secret}`;
}

/** What the setup came to, and what to do next. */
export function* setupDone(
  done: {
    readonly profile: string;
    readonly isDefault: boolean;
    readonly appId: string;
    readonly consent: ClientConsent | undefined;
  },
  options: TextOptions,
): Iterable<string> {
  const { profile, isDefault, appId, consent } = done;
  const page = pageOf(options);
  const named = isDefault ? "" : ` --profile ${profile}`;
  yield "";
  yield* page.say(`It works. Application ${appId}, profile ${profile}.`, "strong");
  yield* consentText(consent, profile, options);
  yield* page.say(`Next: prepop doctor${named}, then prepop plan phones.xlsx --limit 5${named}`);
}

/** What a removal takes back. */
export type RemovalView = {
  readonly tenant: Tenant;
  readonly application: { readonly appId: string; readonly displayName: string } | undefined;
  /** One of this name that others have a hold on: it is not touched. */
  readonly stays: { readonly appId: string; readonly displayName: string } | undefined;
  /** Certificates and secrets of others that go with it. */
  readonly otherCredentials: number;
  readonly revocations: readonly Revocation[];
  readonly profile: string | undefined;
  /** Other profiles here that use the same application. */
  readonly alsoUsedBy: readonly string[];
};

export function* removalText(view: RemovalView, options: TextOptions): Iterable<string> {
  const { tenant, application, stays, otherCredentials, revocations, profile, alsoUsedBy } = view;
  const page = pageOf(options);
  yield* tenantHead("Removal", tenant, page);
  yield "";
  if (stays !== undefined) {
    yield* page.mark(
      "=",
      `The application “${stays.displayName}” (${stays.appId}) was not made by this profile, and stays.`,
      "dim",
    );
  } else if (application === undefined)
    yield* page.mark("=", "The application is not in the tenant any more.", "dim");
  else {
    yield* page.mark(
      "-",
      `Delete the application “${application.displayName}” (${application.appId}) with its service principal and all its grants`,
      "bad",
    );
  }
  for (const { scopes, kind } of revocations) {
    const left = kind === "narrow" ? "; what was there before stays" : "";
    yield* page.mark("-", `Take ${list(scopes)} back from Microsoft Graph Command Line Tools${left}`, "bad");
  }
  if (profile !== undefined)
    yield* page.mark("-", `Delete the profile ${profile} here, with its certificate and tokens`, "bad");
  if (otherCredentials > 0) {
    yield* page.mark(
      "!",
      `It has ${otherCredentials} more certificates or secrets than this profile's: whoever uses them cannot sign in any more.`,
      "warn",
    );
  }
  if (alsoUsedBy.length > 0)
    yield* page.mark("!", `${list(alsoUsedBy)} here also uses this application and stops working.`, "warn");
}

/** @param left what stays on Microsoft's client */
export function* removalDone(
  something: boolean,
  left: ClientConsent | undefined,
  options: TextOptions,
): Iterable<string> {
  const page = pageOf(options);
  yield* page.say(
    something
      ? "Taken back. A deleted application can be restored in the Entra admin center for 30 days."
      : "There is nothing of it any more.",
    "strong",
  );
  yield* consentText(left, undefined, options);
}

/** What the sign-in left behind; nothing is said where it left nothing. */
export function* consentText(
  consent: ClientConsent | undefined,
  /** Undefined where no profile remembers it. */
  profile: string | undefined,
  options: TextOptions,
): Iterable<string> {
  const { added = [], unproven = [] } = consent ?? {};
  const page = pageOf(options);
  if (added.length > 0) {
    const back =
      profile === undefined ? byHand : `\`prepop setup --remove --profile ${profile}\` takes that back too.`;
    yield* page.say(
      `Left on Microsoft Graph Command Line Tools by this sign-in: ${list(added)}. ${back}`,
      "dim",
    );
  }
  if (unproven.length > 0) {
    yield* page.say(
      `On Microsoft Graph Command Line Tools there is also ${list(unproven)}, and it cannot be told whether that was there before, so it is left. ${byHand}`,
      "dim",
    );
  }
}

const byHand =
  "Entra admin center > Enterprise apps > Microsoft Graph Command Line Tools > Permissions takes it back.";

function stepWords(step: SetupStep, { wish, certificatePath }: SetupView): string {
  switch (step.kind) {
    case "application":
      return `Register the application “${wish.displayName}”, for this tenant only`;
    case "principal":
      return "Create its service principal";
    case "roles":
      return "Grant it, with consent for the tenant, these application permissions of Microsoft Graph:";
    case "grant":
      return "Grant it, with consent for everybody, these delegated permissions of Microsoft Graph:";
    case "certificate":
      return `Add a certificate; its private key is made here and stays in ${certificatePath}`;
    case "secret":
      return "Add a secret, shown once";
  }
}

function doneWords(step: SetupStep): string {
  switch (step.kind) {
    case "application":
      return "The application is registered";
    case "principal":
      return "Its service principal is there";
    case "roles":
    case "grant":
      return "The permissions are granted";
    case "certificate":
      return "The certificate is registered";
    case "secret":
      return "The secret is made";
  }
}
