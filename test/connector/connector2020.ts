import type { ConnectorFiles } from "../../src/connector/lint/lint.ts";

/**
 * A connector with every fault of the one that was published with the blog post of 2020, written anew from a list of
 * its faults: beta paths, PUT, answers of success without a status, ids to be typed, and no word that helps.
 */
export function connector2020(): ConnectorFiles {
  return {
    definition: JSON.stringify(definition, null, 2),
    properties: JSON.stringify(properties, null, 2),
    readme,
    script: undefined,
    icon: undefined,
  };
}

const guids = [
  "3179e48a-750b-4051-897c-87b9720928f7",
  "b6332ec1-7057-4abe-9331-3d72feddfe41",
  "e37fc753-ff3b-4958-9484-eaa9425c82bc",
];
const types = ["mobile", "alternateMobile", "office"];
const phones = "/beta/users/{userID}/authentication/phoneMethods";
const important = { "x-ms-visibility": "important" };

const userID = {
  name: "userID",
  in: "path",
  required: true,
  type: "string",
  description: "The user",
  ...important,
};
const phonemethodID = {
  name: "phonemethodID",
  in: "path",
  required: true,
  type: "string",
  description: "The id of the phone",
  enum: guids,
  ...important,
};

/** Each property described by its own name. */
function plain(...names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map(name => [name, { type: "string", description: name }]));
}

const phone = {
  type: "object",
  properties: plain("@odata.context", "id", "phoneNumber", "phoneType", "smsSignInState"),
};
const titled = {
  phoneNumber: { type: "string", description: "For example +1 5555550100", title: "phone number" },
  phoneType: { type: "string", description: "Select the type", title: "phone type", enum: types },
};
const list = {
  type: "object",
  properties: {
    "@odata.context": { type: "string", description: "@odata.context" },
    value: {
      type: "array",
      description: "value",
      items: {
        type: "object",
        properties: Object.fromEntries(
          ["id", "phoneNumber", "phoneType", "smsSignInState"].map(name => [
            name,
            { type: "string", description: name, title: name },
          ]),
        ),
      },
    },
  },
};
const error = {
  type: "object",
  properties: {
    error: {
      type: "object",
      description: "error",
      properties: {
        ...plain("code", "message"),
        innerError: {
          type: "object",
          description: "innerError",
          properties: plain("message", "target", "date", "request-id"),
        },
      },
    },
  },
};
const body = {
  name: "body",
  in: "body",
  required: false,
  schema: { type: "object", properties: titled, required: ["phoneType", "phoneNumber"] },
};

const definition = {
  swagger: "2.0",
  info: {
    version: "1.0.0",
    title: "Azure AD authentication methods",
    description: "Phones of users for MFA and SSPR, kept in Azure AD",
  },
  host: "graph.microsoft.com",
  basePath: "/",
  schemes: ["https"],
  consumes: [],
  produces: ["application/json"],
  paths: {
    [phones]: {
      get: {
        operationId: "ListPhonemethods",
        summary: "List phoneMethods",
        description: "The phones of a user,  at most three.",
        parameters: [userID],
        responses: { default: { description: "default", schema: list } },
      },
      post: {
        operationId: "CreatePhoneauthenticationmethod",
        summary: "Create phoneAuthenticationMethod",
        description: "Adds a phone.  A user has one of each type.",
        parameters: [{ ...userID, description: undefined }, body],
        responses: { "201": { description: "201", schema: phone } },
      },
    },
    [`${phones}/{phonemethodID}`]: {
      get: {
        operationId: "GetPhonemethod",
        summary: "Get phoneMethod",
        description: "Reads a phone.",
        parameters: [userID, phonemethodID],
        responses: {
          "200": { description: "200", schema: phone },
          default: { description: "default", schema: error },
        },
      },
      put: {
        operationId: "UpdatePhoneauthenticationmethod",
        summary: "Update phoneAuthenticationMethod",
        description: "Changes a phone.",
        parameters: [userID, phonemethodID, { ...body, required: true }],
        responses: { default: { description: "default", schema: phone } },
      },
      delete: {
        operationId: "DeletePhoneauthenticationmethod",
        summary: "Delete phoneAuthenticationMethod",
        description: "Removes a phone.",
        parameters: [userID, { ...phonemethodID, "x-ms-summary": "" }],
        responses: { default: { description: "default", schema: {} } },
      },
    },
    [`${phones}/${guids[0]}/enableSmsSignIn`]: {
      post: {
        operationId: "EnableSmsSignin",
        summary: "Enable SMS signin",
        description: "Switches SMS sign-in on.",
        parameters: [userID],
        responses: { default: { description: "default", schema: error } },
      },
    },
    [`${phones}/${guids[0]}/disableSmsSignIn`]: {
      post: {
        operationId: "DisableSmsSignin",
        summary: "Disable SMS signin",
        description: "Switches SMS sign-in off.",
        parameters: [userID],
        responses: { default: { description: "default", schema: {} } },
      },
    },
  },
  definitions: {},
  parameters: {},
  responses: {},
  securityDefinitions: {
    oauth2_auth: {
      type: "oauth2",
      flow: "accessCode",
      authorizationUrl: "https://login.windows.net/common/oauth2/authorize",
      tokenUrl: "https://login.windows.net/common/oauth2/authorize",
      scopes: {},
    },
  },
  security: [{ oauth2_auth: [] }],
  tags: [],
};

const properties = {
  properties: {
    connectionParameters: {
      token: {
        type: "oauthSetting",
        oAuthSettings: {
          identityProvider: "aad",
          clientId: "<<your client id>>",
          scopes: [],
          redirectMode: "Global",
          redirectUrl: "https://global.consent.azure-apim.net/redirect",
          properties: {
            IsFirstParty: "False",
            AzureActiveDirectoryResourceId: "https://graph.microsoft.com",
          },
          customParameters: {
            loginUri: { value: "https://login.windows.net" },
            tenantId: { value: "common" },
            resourceUri: { value: "https://graph.microsoft.com" },
          },
        },
      },
    },
    iconBrandColor: "#adc7db",
    capabilities: [],
    publisher: "A publisher",
  },
};

const readme = `# Azure AD authentication methods

## Prerequisites

An application registration for Azure Key Vault.

## Deploy

Add the redirect URL of the Azure Key Vault connector.
`;
