import { graphAppId } from "../../model/graphPermissions.ts";
import { operations } from "../../model/operations.ts";
import type { ChosenPermission, SetupWish } from "../../model/setup.ts";
import { registrationFields, uniqueNameOf } from "./registration.ts";

/** One call of Graph, as it would be sent; what only an answer tells stands in braces. */
type PrintedCall = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly why: string;
};

/** The calls of a setup in a tenant that holds nothing of it yet, in their order. */
export function printedCalls(
  wish: SetupWish,
  permissions: readonly ChosenPermission[],
): readonly PrintedCall[] {
  const app = (path: string) => path.replace("{application}", "{id of the application}");
  const principal = (path: string) => path.replace("{principal}", "{id of its service principal}");
  return [
    {
      method: "GET",
      path: `${operations.listPrincipals.path}?$filter=appId eq '${graphAppId}'&$select=id,appId,appRoles,oauth2PermissionScopes`,
      why: "Microsoft Graph in this tenant, and the ids of the permissions that it offers",
    },
    {
      method: "PATCH",
      path: operations.upsertApplication.path.replace("{uniqueName}", uniqueNameOf(wish.displayName)),
      headers: { Prefer: "create-if-missing" },
      body: registrationFields(wish, permissions, undefined),
      why: "Registers the application, and never a second one",
    },
    {
      method: "POST",
      path: operations.createPrincipal.path,
      body: { appId: "{appId of the application}" },
      why: "Makes it usable in the tenant; 400 until the application is known everywhere",
    },
    ...(wish.mode === "application"
      ? permissions.map(({ id, name }) => ({
          method: "POST",
          path: principal(operations.assignRole.path),
          body: {
            principalId: "{id of its service principal}",
            resourceId: "{id of Microsoft Graph}",
            appRoleId: id,
          },
          why: `Grants ${name}`,
        }))
      : [
          {
            method: "POST",
            path: operations.createGrant.path,
            body: {
              clientId: "{id of its service principal}",
              consentType: "AllPrincipals",
              principalId: null,
              resourceId: "{id of Microsoft Graph}",
              scope: permissions.map(({ name }) => name).join(" "),
            },
            why: "Consents for everybody",
          },
        ]),
    ...(wish.credential === "certificate"
      ? [
          {
            method: "PATCH",
            path: app(operations.updateApplication.path),
            body: {
              keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: "{certificate, base64}" }],
            },
            why: "Adds the certificate beside those that are there; the private key is sent nowhere",
          },
        ]
      : []),
    ...(wish.credential === "secret"
      ? [
          {
            method: "POST",
            path: app(operations.addSecret.path),
            body: { passwordCredential: { displayName: "prepop", endDateTime: "{in 180 days}" } },
            why: "Makes a secret; its text is in the answer, and nowhere else",
          },
        ]
      : []),
  ];
}

/** The calls that take it back. */
export function printedRemoval(): readonly PrintedCall[] {
  return [
    {
      method: "DELETE",
      path: operations.deleteApplication.path.replace("{application}", "{id of the application}"),
      why: "Deletes the application, with its service principal and all its grants",
    },
    {
      method: "DELETE",
      path: operations.deleteGrant.path.replace(
        "{grant}",
        "{grant on Microsoft Graph Command Line Tools that was not there before}",
      ),
      why: "Takes back what the sign-in left; PATCH with the other scopes where others are in it",
    },
  ];
}
