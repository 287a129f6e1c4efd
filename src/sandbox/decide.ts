import { type Caller, callerOf, isPermitted } from "./callers.ts";
import { switchedOff } from "./capability.ts";
import type { Core } from "./core.ts";
import { isProtected } from "./directoryRoles.ts";
import { draw } from "./drawQuota.ts";
import { type Refusal, type Result, refuse, type SandboxRequest } from "./exchange.ts";
import { parseQuery } from "./odata/query.ts";
import type { Call, Definition } from "./operation.ts";
import { isSelf } from "./phones.ts";
import type { Route } from "./route.ts";
import type { SandboxUser } from "./user.ts";
import { checkedBody, undeclaredOption } from "./validate.ts";

/** One operation on its way: what was asked, where it leads, whom it is about. */
export type Exchange = {
  readonly request: SandboxRequest;
  readonly route: Route;
  /** The user named, deleted ones included. */
  readonly user: SandboxUser | undefined;
  readonly search: string;
  readonly now: number;
  readonly readTime: number;
};

/** The result, and headers that the quota adds to it. */
export type Decision = { readonly result: Result; readonly headers: Readonly<Record<string, string>> };

/**
 * Decides one operation, in the service's order: sign-in, path, quota, permission, target, declared rules of query
 * and body, and the operation itself last. Only the last may change the tenant.
 */
export function decide(core: Core, exchange: Exchange): Decision {
  const caller = callerOf(core.tokens, exchange.request.headers.authorization, exchange.now);
  if (caller.kind === "refusal") return { result: caller, headers: {} };
  const { route } = exchange;
  if (route.kind === "unknown") return plain(refuse("segmentNotFound", { segment: route.segment }));
  if (route.kind === "wrongMethod") return plain(refuse("methodNotAllowed"));
  const { definition, version } = route;
  const off =
    (version === "beta" ? switchedOff(core.settings, "beta") : undefined) ??
    (definition.capability === undefined ? undefined : switchedOff(core.settings, definition.capability));
  if (off !== undefined) return plain(off);
  const drawn = draw(core, definition, caller, exchange);
  if (drawn.refusal !== undefined) return { result: drawn.refusal, headers: drawn.headers };
  return { result: run(core, exchange, { definition, caller }), headers: drawn.headers };
}

function run(
  core: Core,
  exchange: Exchange,
  { definition, caller }: { definition: Definition; caller: Caller },
): Result {
  const { request, route, user } = exchange;
  if (route.kind !== "operation") return refuse("methodNotAllowed");
  if (route.me && caller.kind === "app") return refuse("delegatedOnly");
  if (definition.delegatedOnly && caller.kind === "app") {
    return refuse(definition.capability === "workbook" ? "workbookDenied" : "requestDenied");
  }
  const mine = user !== undefined && isSelf({ caller, user });
  if (!isPermitted(caller, definition.permission)) {
    if (definition.capability === "policies") return refuse("policyScopeMissing");
    if (definition.lane === "files") return refuse("filesDenied");
    return refuse(definition.subject === "authentication" ? "accessDenied" : "requestDenied");
  }
  const query = parseQuery(exchange.search);
  const undeclared =
    definition.query !== undefined && core.settings.strict
      ? undeclaredOption(query, definition.query)
      : undefined;
  if (undeclared !== undefined) return undeclared;
  const body = definition.body === undefined ? noBody : checkedBody(request, definition.body);
  if (body.kind === "refusal") return body;
  const call: Call = {
    state: core.state,
    drives: core.drives,
    settings: core.settings,
    caller,
    now: exchange.now,
    readTime: exchange.readTime,
    version: route.version,
    origin: core.origin,
    url: request.url,
    params: route.me ? { ...route.params, user: caller.upn ?? "" } : route.params,
    query,
    headers: request.headers,
    body: body.value,
    bytes: request.bytes,
  };
  if (definition.subject === "none") return definition.run(call);
  const refused = refusedTarget(core, definition, {
    user,
    caller,
    mine,
    me: route.me,
    id: call.params.user ?? "",
  });
  if (refused !== undefined) return refused;
  // refusedTarget has answered for the absent user already.
  return user === undefined ? refuse("userNotFound") : definition.run({ ...call, user });
}

const noBody = { kind: "body", value: {} } as const;

function plain(result: Result): Decision {
  return { result, headers: {} };
}

/** Whether this caller may do this to this user, and whether there is one. */
function refusedTarget(
  core: Core,
  definition: Exclude<Definition, { subject: "none" }>,
  target: { user: SandboxUser | undefined; caller: Caller; mine: boolean; me: boolean; id: string },
): Refusal | undefined {
  const { user, caller, mine, me, id } = target;
  if (user === undefined) return refuse("userNotFound", { id });
  if (definition.subject === "user")
    return user.deleted === undefined ? undefined : refuse("userNotFound", { id });
  // A deleted user answers like a forbidden one: the service looks at rights before it looks at the user.
  if (user.deleted !== undefined) return refuse("accessDenied");
  if (mine && definition.self === "refused" && (me || caller.reach === "nobody")) {
    return refuse("selfServiceUnsupported");
  }
  if (mine && definition.self === "allowed") return undefined;
  if (caller.reach === "nobody") return refuse("accessDenied");
  if (caller.reach === "everybody" || !isProtected(core.state, user)) return undefined;
  const mayLook = definition.effect === "read" && core.settings.protectedReads === "masked";
  return mayLook ? undefined : refuse("accessDenied");
}
