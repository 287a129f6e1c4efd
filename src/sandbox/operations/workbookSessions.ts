import { refuse } from "../exchange.ts";
import { argumentOf, fileOperation } from "../files/fileOperation.ts";
import { fileOf, sessionOf, startSession, workbookOf } from "../files/find.ts";
import { type Call, contextRoot, type Definition } from "../operation.ts";

const common = { capability: "workbook", permission: "useWorkbook" } as const;

/** Create session: 201, or 202 with an operation to ask for `Prefer: respond-async`. @see https://learn.microsoft.com/graph/api/workbook-createsession */
const createSession = fileOperation({
  ...common,
  name: "createSession",
  method: "POST",
  path: "/workbook/createSession",
  body: ["persistChanges"],
  run: call => {
    const file = fileOf(call);
    if ("kind" in file) return file;
    if (!file.opens || file.book === undefined) return refuse("workbookCannotOpen");
    const persists = call.body.persistChanges === true;
    if (persists && file.locked) return refuse("workbookLocked");
    const session = startSession(call, file, persists);
    if (!/\brespond-async\b/.test(call.headers.prefer ?? "")) return sessionInfo(call, session, 201);
    const operation = `op-${++call.drives.made}`;
    call.drives.operations.set(operation, { session, polls: 0 });
    return { kind: "elsewhere", status: 202, location: `${workbookUrl(call)}/operations/${operation}` };
  },
});

/** A long-running operation: running at first. @see https://learn.microsoft.com/graph/api/workbookoperation-get */
const getOperation = fileOperation({
  ...common,
  name: "getWorkbookOperation",
  method: "GET",
  path: "/workbook/operations/{operation}",
  run: call => {
    const id = call.params.operation ?? "";
    const operation = call.drives.operations.get(id);
    if (operation === undefined) return refuse("workbookNotFound");
    const done = operation.polls++ > 0;
    const key = encodeURIComponent(operation.session);
    const value = done
      ? {
          id,
          status: "succeeded",
          resourceLocation: `${workbookUrl(call)}/sessionInfoResource(key='${key}')`,
        }
      : { id, status: "running" };
    return {
      kind: "json",
      status: 200,
      value: { "@odata.context": `${contextRoot(call)}workbookOperation`, ...value },
    };
  },
});

const getSessionInfo = fileOperation({
  ...common,
  name: "getSessionInfo",
  method: "GET",
  path: "/workbook/sessionInfoResource/{key}",
  run: call => {
    const key = argumentOf(call.params.key);
    return sessionOf(call, key) === undefined ? refuse("workbookSession") : sessionInfo(call, key, 200);
  },
});

const refreshSession = fileOperation({
  ...common,
  name: "refreshSession",
  method: "POST",
  path: "/workbook/refreshSession",
  run: call => {
    const open = workbookOf(call);
    return "kind" in open ? open : { kind: "empty" };
  },
});

const closeSession = fileOperation({
  ...common,
  name: "closeSession",
  method: "POST",
  path: "/workbook/closeSession",
  run: call => {
    const open = workbookOf(call);
    if ("kind" in open) return open;
    call.drives.sessions.delete(call.headers["workbook-session-id"] ?? "");
    return { kind: "empty" };
  },
});

export const workbookSessions: readonly Definition[] = [
  ...createSession,
  ...getOperation,
  ...getSessionInfo,
  ...refreshSession,
  ...closeSession,
];

function sessionInfo(call: Call, id: string, status: 200 | 201) {
  const persistChanges = call.drives.sessions.get(id)?.persists ?? false;
  const value = {
    "@odata.context": `${contextRoot(call)}microsoft.graph.workbookSessionInfo`,
    id,
    persistChanges,
  };
  return { kind: "json", status, value } as const;
}

/** Address of the workbook that the call is about. */
function workbookUrl({ origin, url }: Call): string {
  const at = url.indexOf("/workbook/");
  return `${origin}${url.slice(0, at)}/workbook`;
}
