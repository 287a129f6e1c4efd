import { at, type Json, type JsonObject, listAt, objectAt, textAt } from "../../../src/connector/json.ts";
import { connectorOf, type OperationView } from "../../../src/connector/lint/connector.ts";
import type { UnservedSandbox } from "../../../src/sandbox/sandbox.ts";
import type { VirtualClock } from "../virtualClock.ts";
import type { Value } from "./expression.ts";
import type { Answer, Services } from "./run.ts";

type Fields = { readonly [name: string]: Value };

export type World = {
  readonly sandbox: UnservedSandbox;
  readonly clock: VirtualClock;
  /** The rows of the table, by header. */
  readonly table: readonly Fields[];
  /** The connector's document: what a flow sends is made from it, as the service makes it. */
  readonly swagger: JsonObject;
  /** Calls a minute that one connection of the connector may make. */
  readonly callsPerMinute?: number;
};

export type FlowServices = Services & {
  /** Calls that reached the connector or Graph, refused ones included. */
  readonly calls: () => number;
};

/** Rows that a page of the Excel connector has, and with no pagination all that are read. */
const rowsInPage = 256;

/** The Excel connector, our connector in front of the sandbox, and plain HTTP to it. */
export function services({ sandbox, clock, table, swagger, callsPerMinute }: World): FlowServices {
  const operations = connectorOf({
    definition: JSON.stringify(swagger),
    properties: undefined,
    readme: undefined,
    script: undefined,
    icon: undefined,
  }).operations;
  const window = { began: Number.NEGATIVE_INFINITY, calls: 0 };
  let calls = 0;

  const send = async (method: string, url: string, body: Value | undefined): Promise<Answer> => {
    calls++;
    const answer = sandbox.ask({
      method,
      url,
      headers: { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    await clock.sleep(answer.delivery === "hang" ? 120_000 : Math.max(answer.delayMs, 1));
    if (answer.delivery !== "send") return undefined;
    return { statusCode: answer.status, headers: answer.headers, body: parsed(answer.body) };
  };

  /** The connector's gateway: it counts calls, and where no answer comes it answers itself. */
  const throughConnector = async (method: string, path: string, body: Value | undefined): Promise<Answer> => {
    if (callsPerMinute !== undefined) {
      const now = clock.now();
      if (now - window.began >= 60_000) Object.assign(window, { began: now, calls: 0 });
      if (++window.calls > callsPerMinute) {
        calls++;
        const wait = Math.ceil((window.began + 60_000 - now) / 1000);
        return { statusCode: 429, headers: { "Retry-After": String(wait) }, body: { statusCode: 429 } };
      }
    }
    const answer = await send(method, `${textAt(swagger, "basePath")}${path}`, body);
    return answer ?? { statusCode: 504, headers: {}, body: "<html>no answer</html>" };
  };

  return {
    clock,
    calls: () => calls,
    call(type, inputs, action) {
      if (type === "Http") {
        const origin = sandbox.url;
        const uri = String(inputs.uri);
        if (!uri.startsWith(`${origin}/`)) throw new Error("The Logic App calls another host than Graph.");
        return send(String(inputs.method), uri.slice(origin.length), inputs.body);
      }
      if (type === "ApiConnection") {
        const name = connectionName(inputs);
        const path = String(inputs.path);
        if (name === "excel") return Promise.resolve(rowsOf(path, table, action));
        const operation = operations.find(each => each.method === inputs.method && matches(each.path, path));
        if (operation === undefined)
          throw new Error(`The connector has no ${String(inputs.method)} on this path.`);
        return throughConnector(String(inputs.method).toUpperCase(), path, inputs.body);
      }
      const host = inputs.host as Fields;
      if (host.operationId === "GetItems") return Promise.resolve(rowsOf("", table, action));
      const operation = operations.find(({ value }) => value.operationId === host.operationId);
      if (operation === undefined)
        throw new Error(`The connector has no operation ${String(host.operationId)}.`);
      const { path, body } = requestOf(swagger, operation, inputs.parameters as Fields);
      return throughConnector(operation.method.toUpperCase(), path, body);
    },
  };
}

/** What the service sends for an operation and the values of its parameters, which must be those the document names. */
function requestOf(swagger: JsonObject, { path, parameters }: OperationView, given: Fields) {
  const left = new Map(Object.entries(given));
  const take = (name: string, value: JsonObject, required: boolean): Value | undefined => {
    const own = left.get(name) ?? (value.default as Value | undefined);
    left.delete(name);
    if (own === undefined && required) throw new Error(`${name} is required.`);
    const choices = listAt(value, "enum");
    if (own !== undefined && choices.length > 0 && !choices.includes(own as Json)) {
      throw new Error(`${name} is not one of the choices.`);
    }
    return own;
  };
  let made = path;
  let body: Record<string, Value> | undefined;
  for (const { value } of parameters) {
    if (value.in === "path") {
      if (value["x-ms-url-encoding"] !== "single") throw new Error("The path would not be encoded.");
      const own = take(String(value.name), value, true);
      made = made.replace(`{${String(value.name)}}`, () => encodeURIComponent(String(own)));
      continue;
    }
    const name = (textAt(value, "schema", "$ref") ?? "").split("/").at(-1) ?? "";
    const schema = objectAt(swagger, "definitions", name) ?? {};
    body = {};
    for (const [property, each] of Object.entries(objectAt(schema, "properties") ?? {})) {
      const required = listAt(schema, "required").includes(property);
      const own = take(`body/${property}`, each as JsonObject, required);
      if (own !== undefined) body[property] = own;
    }
  }
  if (left.size > 0) throw new Error(`The operation has no parameter ${[...left.keys()].join(", ")}.`);
  return { path: made, body };
}

/** Rows as the Excel connector gives them: text cells, and the members that it adds. */
function rowsOf(path: string, table: readonly Fields[], action: Fields): Answer {
  if (path !== "" && !/^\/drives\/[^/]+\/files\/[^/]+\/tables\/[^/]+\/items$/.test(path)) {
    throw new Error("The path is not that of the rows of a table.");
  }
  const policy = at(action as JsonObject, "runtimeConfiguration", "paginationPolicy", "minimumItemCount");
  const most = typeof policy === "number" ? Math.ceil(policy / rowsInPage) * rowsInPage : rowsInPage;
  const value = table.slice(0, most).map((row, index) => ({
    "@odata.etag": "",
    ItemInternalId: `row-${index}`,
    ...row,
  }));
  return { statusCode: 200, headers: {}, body: { value } };
}

function connectionName({ host }: Fields): "excel" | "phones" {
  const name = String((((host as Fields).connection as Fields).name ?? "") as string);
  return name.includes("excel") ? "excel" : "phones";
}

function matches(template: string, path: string): boolean {
  const [left, right] = [template.split("/"), path.split("/")];
  return (
    left.length === right.length && left.every((part, index) => part.startsWith("{") || part === right[index])
  );
}

function parsed(text: string): Value {
  if (text === "") return null;
  try {
    return JSON.parse(text) as Value;
  } catch {
    // A body that is not JSON comes to the flow as text.
    return text;
  }
}
