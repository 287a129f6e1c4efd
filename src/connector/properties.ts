import { operations } from "../model/operations.ts";
import type { JsonObject } from "./json.ts";
import { brandColor, type ConnectorOptions, clientIdToFillIn } from "./options.ts";

const authority = "https://login.microsoftonline.com";
const graph = "https://graph.microsoft.com";

/**
 * apiProperties.json: sign-in, colour, publisher. It never holds a secret. stackOwner is left out on purpose, because
 * paconn cannot update a connector that has one.
 */
export function apiProperties(options: ConnectorOptions): JsonObject {
  return {
    properties: {
      connectionParameters: {
        token: {
          type: "oauthSetting",
          oAuthSettings: {
            identityProvider: "aad",
            clientId: options.clientId ?? clientIdToFillIn,
            scopes: [operations.createPhone.permission, operations.getMe.permission],
            // The service makes the redirect URL of the connector itself; `connector redirect-url` reads it back.
            redirectMode: "GlobalPerConnector",
            properties: {
              IsFirstParty: "False",
              AzureActiveDirectoryResourceId: graph,
              IsOnbehalfofLoginSupported: true,
            },
            customParameters: {
              loginUri: { value: authority },
              tenantId: { value: options.tenantId ?? "common" },
              resourceUri: { value: graph },
              enableOnbehalfOfLogin: { value: "false" },
            },
          },
        },
        "token:TenantId": {
          type: "string",
          metadata: { sourceType: "AzureActiveDirectoryTenant" },
          uiDefinition: { constraints: { required: "false", hidden: "true" } },
        },
      },
      iconBrandColor: brandColor,
      capabilities: [],
      publisher: options.publisher,
    },
  };
}

/** The authority of the tenant, or of work and school accounts of every tenant. */
export function signInUrl({ tenantId }: ConnectorOptions): string {
  return `${authority}/${tenantId ?? "organizations"}`;
}
