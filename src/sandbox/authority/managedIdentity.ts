import type { Core } from "../core.ts";
import type { SandboxRequest } from "../exchange.ts";
import { objectId } from "../ids.ts";
import type { ClientSeed } from "./clients.ts";
import { refuse, type SignInRefusal } from "./refusals.ts";
import { resourceOf } from "./scopes.ts";
import { appToken } from "./tokens.ts";

/**
 * The endpoint that a virtual machine (IMDS) or an App Service has beside it: whoever may ask it, is it. A
 * user-assigned identity is one of the sandbox's clients.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function identityToken(core: Core, request: SandboxRequest, query: URLSearchParams, now: number) {
  const ofService = request.headers["x-identity-header"];
  const allowed =
    ofService === undefined
      ? request.headers.metadata === "true"
      : ofService === core.authority.identityHeader;
  if (!allowed) return refuse("identityUnknown");
  const resource = resourceOf(query.get("resource") ?? "", core.origin);
  if (resource === undefined) return refuse("resourceNotFound", { resource: query.get("resource") ?? "" });
  const identity = identityOf(core, query.get("client_id"));
  if (identity === undefined) return refuse("identityUnknown");
  const { token, lifetimeS } = appToken(core, identity, resource, now);
  const expiresOn = String(Math.floor(now / 1_000) + lifetimeS);
  return {
    access_token: token,
    client_id: identity.clientId,
    expires_in: String(lifetimeS),
    expires_on: expiresOn,
    resource,
    token_type: "Bearer",
    ...(ofService === undefined ? { not_before: String(Math.floor(now / 1_000)) } : {}),
  } satisfies object | SignInRefusal;
}

function identityOf({ authority, settings }: Core, clientId: string | null): ClientSeed | undefined {
  if (clientId !== null) return authority.clients.get(clientId.toLowerCase());
  return {
    clientId: objectId(settings.seed, "managed identity"),
    displayName: "sandbox managed identity",
    ...(settings.signIn.identityRoles === undefined ? {} : { roles: settings.signIn.identityRoles }),
  };
}
