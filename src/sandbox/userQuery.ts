import { type Refusal, refuse } from "./exchange.ts";
import type { Filter } from "./odata/filter.ts";
import { alternativesOf, isAdvanced, matches, pathsOf } from "./odata/matches.ts";
import { readFilter } from "./odata/readFilter.ts";
import type { Call } from "./operation.ts";
import { findUser, type State } from "./state.ts";
import { mailOf, type SandboxUser } from "./user.ts";
import { userProperty, userPropertyNames } from "./userProperties.ts";

/** What a request on the collection of users selects. */
export type UserQuery = {
  readonly filter: Filter | undefined;
  /** Users to look through: few where an index knows them, else all. */
  readonly candidates: readonly SandboxUser[];
  readonly wanted: (user: SandboxUser) => boolean;
};

/** Reads `$filter`, `$search`, `$orderby` and `$count` of a request for users, or refuses as the directory does. */
export function userQuery(call: Call): UserQuery | Refusal {
  const filter = readFilter(call.query);
  if (filter?.kind === "refusal") return filter;
  const refused = unsupported(call, filter);
  if (refused !== undefined) return refused;
  const search = /^"?(\w+):(.*?)"?$/.exec(call.query.get("$search") ?? "");
  const found = candidates(call.state, filter);
  return {
    filter,
    candidates: sorted(found, call.query.get("$orderby")),
    wanted: user =>
      user.deleted === undefined &&
      (filter === undefined || matches(filter, name => userProperty(user, name))) &&
      (search === null || holds(user, search[1] ?? "", search[2] ?? "")),
  };
}

function unsupported(call: Call, filter: Filter | undefined): Refusal | undefined {
  const { query, headers, settings } = call;
  if (query.has("$skip")) return refuse("queryOption", { option: "$skip" });
  const unknown =
    filter === undefined
      ? undefined
      : pathsOf(filter).find(path => !userPropertyNames.has(path.toLowerCase()));
  if (unknown !== undefined)
    return refuse("selectUnknown", { property: unknown, type: "microsoft.graph.user" });
  const clauses = filter === undefined ? 0 : alternativesOf(filter);
  if (clauses > settings.maxFilterClauses) {
    return refuse("queryUnsupported", {
      why: `Too many child clauses specified in search filter expression containing 'OR' operators: ${clauses}. Max allowed: ${settings.maxFilterClauses}.`,
    });
  }
  const eventual = headers.consistencylevel?.toLowerCase() === "eventual";
  const counted = query.get("$count") === "true";
  const advanced = filter !== undefined && (isAdvanced(filter) || query.has("$orderby"));
  if ((advanced && !(eventual && counted)) || (query.has("$search") && !eventual)) {
    return refuse("queryUnsupported", {
      why: "Unsupported Query. It needs ConsistencyLevel: eventual and $count=true.",
    });
  }
  return undefined;
}

/** The few users that an index finds for `eq`, `in` and `or` of these; otherwise everybody. */
function candidates(state: State, filter: Filter | undefined): readonly SandboxUser[] {
  const few = filter === undefined ? undefined : indexed(state, filter);
  return few === undefined ? state.users : [...new Set(few)];
}

function indexed(state: State, filter: Filter): SandboxUser[] | undefined {
  switch (filter.kind) {
    case "compare":
      return filter.operator === "eq" ? lookUp(state, filter.path, filter.value) : undefined;
    case "in": {
      const found = filter.values.map(value => lookUp(state, filter.path, value));
      return found.some(users => users === undefined) ? undefined : found.flatMap(users => users ?? []);
    }
    case "or": {
      const left = indexed(state, filter.left);
      const right = indexed(state, filter.right);
      return left === undefined || right === undefined ? undefined : [...left, ...right];
    }
    case "and":
      return indexed(state, filter.left) ?? indexed(state, filter.right);
    default:
      return undefined;
  }
}

function lookUp(state: State, path: string, value: unknown): SandboxUser[] | undefined {
  if (typeof value !== "string") return undefined;
  const key = value.toLowerCase();
  switch (path.toLowerCase()) {
    case "id":
    case "userprincipalname": {
      const user = findUser(state, key);
      return user === undefined ? [] : [user];
    }
    case "mail": {
      const user = state.byUpn.get(key);
      const named = user !== undefined && mailOf(user.seed)?.toLowerCase() === key ? [user] : [];
      return [...named, ...(state.byMail.get(key) ?? [])];
    }
    case "employeeid":
      return state.byEmployeeId.get(key) ?? [];
    default:
      return undefined;
  }
}

function sorted(users: readonly SandboxUser[], order: string | undefined): readonly SandboxUser[] {
  if (order === undefined) return users;
  const [name = "", direction = "asc"] = order.trim().split(/\s+/);
  const sign = direction.toLowerCase() === "desc" ? -1 : 1;
  const key = (user: SandboxUser) => String(userProperty(user, name) ?? "").toLowerCase();
  return [...users].sort(
    (left, right) => sign * (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0),
  );
}

function holds(user: SandboxUser, name: string, text: string): boolean {
  return String(userProperty(user, name) ?? "")
    .toLowerCase()
    .includes(text.toLowerCase());
}
