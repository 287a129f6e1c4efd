import { place } from "../definition.ts";
import type { JsonObject } from "../json.ts";
import type { OfferedName } from "../words.ts";
import { words } from "../words.ts";
import { hidden, type RunAfter, retryPolicy } from "./actions.ts";
import type { FlowOptions } from "./options.ts";

/** A call of one Graph operation about the user of the current row; values are expressions without @. */
export type GraphCall = {
  readonly operation: OfferedName;
  readonly user: string;
  /** The id of the phone, where the operation is about one. */
  readonly method?: string;
  readonly body?: Readonly<Record<string, string>>;
  readonly runAfter: RunAfter;
};

/** How a workflow of one kind reads the table and calls Graph. */
export type Dialect = {
  readonly trigger: JsonObject;
  /** Parameters of the workflow definition. */
  readonly parameters: JsonObject;
  readonly listRows: (runAfter: RunAfter) => JsonObject;
  readonly call: (call: GraphCall) => JsonObject;
};

const apis = "/providers/Microsoft.PowerApps/apis/";
export const excelApi = "shared_excelonlinebusiness";

/** Power Automate: both through connectors, in the form that its designer writes. */
export function powerAutomate(options: FlowOptions): Dialect {
  const connection = (api: string, operationId: string, parameters: JsonObject): JsonObject => ({
    host: { connectionName: api, operationId, apiId: `${apis}${api}` },
    parameters,
    authentication: "@parameters('$authentication')",
    retryPolicy,
  });
  const { source, drive, file, table } = options.workbook;
  return {
    trigger: {
      type: "Request",
      kind: "Button",
      inputs: { schema: { type: "object", properties: {}, required: [] } },
    },
    parameters: {
      $connections: { defaultValue: {}, type: "Object" },
      $authentication: { defaultValue: {}, type: "SecureObject" },
    },
    listRows: runAfter => ({
      type: "OpenApiConnection",
      inputs: connection(excelApi, "GetItems", { source, drive, file, table }),
      runAfter,
      runtimeConfiguration: reading(options),
    }),
    call: ({ operation, user, method, body = {}, runAfter }) => ({
      type: "OpenApiConnection",
      inputs: connection(options.connectorId, words[operation].operationId, {
        userID: `@${user}`,
        ...(method === undefined ? {} : { phonemethodID: method }),
        ...Object.fromEntries(Object.entries(body).map(([name, value]) => [`body/${name}`, `@${value}`])),
      }),
      runAfter,
      runtimeConfiguration: hidden("inputs", "outputs"),
    }),
  };
}

export const excelConnection = "excelonlinebusiness";
export const phoneConnection = "entraphonemethods";

/** A Logic App with the connector. */
export function logicApp(options: FlowOptions): Dialect {
  return {
    trigger: manual,
    parameters: { $connections: { defaultValue: {}, type: "Object" }, ...workbookParameters(options) },
    listRows: excelRows(options),
    call: ({ operation, runAfter, ...call }) => ({
      type: "ApiConnection",
      inputs: {
        host: connectionHost(phoneConnection),
        method: place(operation).method,
        path: filledIn(place(operation).path, call),
        ...bodyOf(call),
        retryPolicy,
      },
      runAfter,
      runtimeConfiguration: hidden("inputs", "outputs"),
    }),
  };
}

/** A Logic App that calls Graph as itself, with its managed identity; only the table is read through a connector. */
export function logicAppIdentity(options: FlowOptions): Dialect {
  return {
    trigger: manual,
    parameters: {
      $connections: { defaultValue: {}, type: "Object" },
      ...workbookParameters(options),
      graph: { type: "String", defaultValue: options.graph },
    },
    listRows: excelRows(options),
    call: ({ operation, runAfter, ...call }) => ({
      type: "Http",
      inputs: {
        method: place(operation).method.toUpperCase(),
        uri: `@{parameters('graph')}/v1.0${filledIn(place(operation).path, call)}`,
        ...(call.body === undefined ? {} : { headers: { "Content-Type": "application/json" } }),
        ...bodyOf(call),
        authentication: { type: "ManagedServiceIdentity", audience: "@parameters('graph')" },
        retryPolicy,
      },
      runAfter,
      runtimeConfiguration: hidden("inputs", "outputs"),
    }),
  };
}

const manual: JsonObject = { type: "Request", kind: "Http", inputs: { schema: {} } };

function workbookParameters({ workbook }: FlowOptions): JsonObject {
  return Object.fromEntries(
    Object.entries(workbook).map(([name, defaultValue]) => [name, { type: "String", defaultValue }]),
  );
}

/** The file's id is encoded twice, as the connector's own designer does. */
function excelRows(options: FlowOptions): Dialect["listRows"] {
  return runAfter => ({
    type: "ApiConnection",
    inputs: {
      host: connectionHost(excelConnection),
      method: "get",
      path: "/drives/@{encodeURIComponent(parameters('drive'))}/files/@{encodeURIComponent(encodeURIComponent(parameters('file')))}/tables/@{encodeURIComponent(parameters('table'))}/items",
      queries: { source: "@parameters('source')" },
      retryPolicy,
    },
    runAfter,
    runtimeConfiguration: reading(options),
  });
}

function connectionHost(name: string): JsonObject {
  return { connection: { name: `@parameters('$connections')['${name}']['connectionId']` } };
}

function reading({ mostRows }: FlowOptions): JsonObject {
  return { paginationPolicy: { minimumItemCount: mostRows }, ...hidden("outputs") };
}

function filledIn(path: string, { user, method = "" }: Pick<GraphCall, "user" | "method">): string {
  return path
    .replace("{userID}", () => `@{encodeURIComponent(${user})}`)
    .replace("{phonemethodID}", () => method);
}

function bodyOf({ body }: Pick<GraphCall, "body">): JsonObject {
  if (body === undefined) return {};
  return { body: Object.fromEntries(Object.entries(body).map(([name, value]) => [name, `@${value}`])) };
}
