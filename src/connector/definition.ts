import { type Operation, operations } from "../model/operations.ts";
import { type PhoneType, phoneMethodIds, phoneTypes } from "../model/phone.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ConnectorOptions } from "./options.ts";
import { signInUrl } from "./properties.ts";
import { type OfferedName, type Words, words } from "./words.ts";

/**
 * The OpenAPI 2.0 document of the connector, built from the table of Graph operations. One document for paconn, pac, the
 * portal's file import and Logic Apps: it depends on no policy and no script.
 */
export function apiDefinition(options: ConnectorOptions): JsonObject {
  return {
    swagger: "2.0",
    info: {
      title: options.title,
      description:
        "Manages the phones of Microsoft Entra users for multifactor authentication and self-service password reset: list, create, update and delete them, and switch SMS sign-in on or off.",
      version: "2.0.0",
      contact: options.contact,
    },
    host: "graph.microsoft.com",
    basePath,
    schemes: ["https"],
    consumes: ["application/json"],
    produces: ["application/json"],
    paths: paths(),
    definitions,
    parameters,
    securityDefinitions: {
      [signIn]: {
        type: "oauth2",
        flow: "accessCode",
        authorizationUrl: `${signInUrl(options)}/oauth2/v2.0/authorize`,
        tokenUrl: `${signInUrl(options)}/oauth2/v2.0/token`,
        scopes,
      },
    },
    security: [{ [signIn]: Object.keys(scopes) }],
    "x-ms-capabilities": { testConnection: { operationId: words.getMe.operationId, parameters: {} } },
    "x-ms-connector-metadata": [
      { propertyName: "Website", propertyValue: options.contact.url },
      { propertyName: "Privacy policy", propertyValue: "https://privacy.microsoft.com/privacystatement" },
      { propertyName: "Categories", propertyValue: "IT Operations;Security" },
    ],
  };
}

const basePath = "/v1.0";
const signIn = "oauth2_auth";

/** The permissions of the operations on offer, and what each is for. */
const scopes: Readonly<Record<string, string>> = {
  [operations.createPhone.permission]: "Read and write the phones of users.",
  [operations.getMe.permission]: "Read the profile of whoever signed in.",
};

/** Phone types as people call them; the service's own names and ids stay out of sight. */
const labels: Readonly<Record<PhoneType, string>> = {
  mobile: "Mobile",
  alternateMobile: "Alternate mobile",
  office: "Office",
};

function choice(values: Readonly<Record<PhoneType, string>>): JsonObject {
  return {
    enum: phoneTypes.map(type => values[type]),
    "x-ms-enum-values": phoneTypes.map(type => ({ value: values[type], displayName: labels[type] })),
  };
}

const typeValues: Readonly<Record<PhoneType, string>> = {
  mobile: "mobile",
  alternateMobile: "alternateMobile",
  office: "office",
};

/** Parameter names are those of 2020: flows bind to them. Guests' names hold `#EXT#`, hence the encoding. */
const parameters: JsonObject = {
  userID: {
    name: "userID",
    in: "path",
    required: true,
    type: "string",
    "x-ms-summary": "User",
    description: "The object id or the user principal name of the user.",
    "x-ms-url-encoding": "single",
  },
  phonemethodID: {
    name: "phonemethodID",
    in: "path",
    required: true,
    type: "string",
    ...choice(phoneMethodIds),
    "x-ms-summary": "Phone",
    description: "Which of the phones of the user.",
    "x-ms-url-encoding": "single",
  },
  mobileMethodID: {
    name: "phonemethodID",
    in: "path",
    required: true,
    type: "string",
    enum: [phoneMethodIds.mobile],
    default: phoneMethodIds.mobile,
    "x-ms-summary": "Phone",
    description: "Only a mobile can be used for SMS sign-in.",
    "x-ms-url-encoding": "single",
    "x-ms-visibility": "internal",
  },
};

const numberText =
  "The number with country code and a space after it, such as +31 612345678 or, with an extension, +1 2065550100x123.";

const definitions: JsonObject = {
  PhoneMethod: {
    type: "object",
    properties: {
      id: text("Phone Method Id", "The id of the phone method, the same for every user.", "advanced"),
      phoneNumber: text("Phone Number", "The number as Graph stores it.", "important"),
      phoneType: text("Phone Type", "One of mobile, alternateMobile and office.", "important"),
      smsSignInState: text(
        "SMS Sign In State",
        "Whether the number can be used to sign in, such as notSupported, notEnabled or ready.",
        "important",
      ),
    },
  },
  PhoneMethodList: {
    type: "object",
    properties: {
      value: {
        type: "array",
        items: { $ref: "#/definitions/PhoneMethod" },
        "x-ms-summary": "Phone Methods",
        description: "The phones that the user has.",
      },
    },
  },
  NewPhone: {
    type: "object",
    required: ["phoneNumber", "phoneType"],
    properties: {
      phoneNumber: text("Phone Number", numberText, "important"),
      phoneType: {
        ...text("Phone Type", "Which phone of the user it is.", "important"),
        ...choice(typeValues),
      },
    },
  },
  // phoneType cannot be changed. It stays, out of sight, because flows of 2020 send it.
  ChangedPhone: {
    type: "object",
    required: ["phoneNumber"],
    properties: {
      phoneNumber: text("Phone Number", numberText, "important"),
      phoneType: {
        ...text("Phone Type", "Not needed, because the type of a phone cannot be changed.", "internal"),
        ...choice(typeValues),
      },
    },
  },
  Profile: {
    type: "object",
    properties: {
      id: text("Id", "The object id of whoever signed in."),
      userPrincipalName: text("User Principal Name", "The name that whoever signed in signs in with."),
    },
  },
};

function text(
  summary: string,
  description: string,
  visibility?: "important" | "advanced" | "internal",
): JsonObject {
  return {
    type: "string",
    "x-ms-summary": summary,
    description,
    ...(visibility ? { "x-ms-visibility": visibility } : {}),
  };
}

/** What the operations take and give, by name of a definition. */
const bodies: Readonly<Partial<Record<OfferedName, string>>> = {
  createPhone: "NewPhone",
  updatePhone: "ChangedPhone",
};
const answers: Readonly<Partial<Record<OfferedName, string>>> = {
  listPhones: "PhoneMethodList",
  createPhone: "PhoneMethod",
  getPhone: "PhoneMethod",
  getMe: "Profile",
};

const offered: readonly OfferedName[] = [
  "listPhones",
  "createPhone",
  "getPhone",
  "updatePhone",
  "deletePhone",
  "enableSms",
  "disableSms",
  "getMe",
];

/** Where an operation stands in the document. */
export function place(name: OfferedName): { readonly path: string; readonly method: string } {
  const { path, method } = operations[name];
  const own = path
    .slice(basePath.length)
    .replace("{user}", "{userID}")
    .replace("{method}", "{phonemethodID}");
  return { path: own, method: method.toLowerCase() };
}

function paths(): JsonObject {
  const made: Record<string, Record<string, Json>> = {};
  for (const name of offered) {
    const { path, method } = place(name);
    made[path] = { ...made[path], [method]: operation(name, words[name]) };
  }
  return made;
}

function operation(name: OfferedName, own: Words): JsonObject {
  return {
    operationId: own.operationId,
    summary: own.summary,
    description: own.description,
    "x-ms-visibility": own.visibility,
    parameters: parametersOf(name),
    responses: responsesOf(name, own),
    externalDocs: { description: "Microsoft Graph reference", url: operations[name].page },
  };
}

function parametersOf(name: OfferedName): readonly JsonObject[] {
  const { path } = operations[name];
  const names: string[] = [];
  if (path.includes("{user}")) names.push("userID");
  if (path.includes("{method}")) names.push(path.endsWith("SmsSignIn") ? "mobileMethodID" : "phonemethodID");
  const body = bodies[name];
  return [
    ...names.map(each => ({ $ref: `#/parameters/${each}` })),
    ...(body === undefined
      ? []
      : [{ name: "body", in: "body", required: true, schema: { $ref: `#/definitions/${body}` } }]),
  ];
}

function responsesOf(name: OfferedName, own: Words): JsonObject {
  const { success = 200 }: Operation = operations[name];
  const answer = answers[name];
  const ofUser = operations[name].path.includes("{user}");
  return {
    [success]: {
      description: own.success,
      ...(answer === undefined ? {} : { schema: { $ref: `#/definitions/${answer}` } }),
    },
    400: { description: own.badRequest },
    401: { description: "The sign-in of the connection has expired." },
    403: {
      description:
        "Graph does not let whoever signed in do this: the permission or the role is missing, or the user is an administrator.",
    },
    ...(ofUser
      ? { 404: { description: "There is no such user, or the user has no phone of this type." } }
      : {}),
    ...(own.conflict === undefined ? {} : { 409: { description: own.conflict } }),
    429: { description: "Too many requests. The header Retry-After says when to go on." },
    503: { description: "Graph cannot answer now. Read back before repeating a write." },
  };
}
