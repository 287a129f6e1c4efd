import { type Reach, reachOf } from "./directoryRoles.ts";
import { type Refusal, refuse } from "./exchange.ts";
import { objectId } from "./ids.ts";
import { type PermissionName, permissions } from "./permissions.ts";

/** A token the sandbox accepts beside its own. */
export type TokenSeed = {
  readonly token: string;
  readonly kind: "app" | "delegated";
  /** Of an app: its application permissions. Of a person: directory roles, by name or template id. Default: all. */
  readonly roles?: readonly string[];
  /** Of a person: delegated permissions. Default: all. */
  readonly scopes?: readonly string[];
  /** Of a person: who it is, as UPN; `/me` is this user. */
  readonly user?: string;
  /** Milliseconds since 1970, or ISO 8601. Default: never. */
  readonly expiresAt?: number | string;
  /** The only service that takes it. Default: all. */
  readonly service?: Service;
};

/** The services that the sandbox is. */
export type Service = "graph" | "powerPlatform";

/** Who sends a request. */
export type Caller = {
  readonly kind: "app" | "delegated";
  readonly appId: string;
  readonly permissions: readonly string[] | "all";
  readonly reach: Reach;
  /** A person's directory roles, by name or template id; an app needs none. */
  readonly roles: readonly string[] | "all";
  readonly upn: string | undefined;
};

export type TokenTable = {
  /** The caller of a token, until it expires or is revoked. */
  readonly tokens: Map<
    string,
    { readonly caller: Caller; readonly expiresAt: number; readonly service: Service | undefined }
  >;
  readonly revoked: Set<string>;
};

/** The app that a token is for, when it does not say. */
const sandboxAppId = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

export function tokenTable(own: TokenSeed, seeds: readonly TokenSeed[]): TokenTable {
  const table: TokenTable = { tokens: new Map(), revoked: new Set() };
  for (const seed of [own, ...seeds]) addToken(table, seed);
  return table;
}

export function addToken(table: TokenTable, seed: TokenSeed): void {
  const app = seed.kind === "app";
  const caller: Caller = {
    kind: seed.kind,
    appId: sandboxAppId,
    permissions: (app ? seed.roles : seed.scopes) ?? "all",
    reach: app || seed.roles === undefined ? "everybody" : reachOf(seed.roles),
    roles: app || seed.roles === undefined ? "all" : seed.roles,
    upn: seed.user,
  };
  const until = typeof seed.expiresAt === "string" ? Date.parse(seed.expiresAt) : seed.expiresAt;
  table.tokens.set(seed.token, {
    caller,
    expiresAt: until ?? Number.POSITIVE_INFINITY,
    service: seed.service,
  });
}

/** The caller behind an Authorization header, or why it is not accepted. */
export function callerOf(
  table: TokenTable,
  header: string | undefined,
  now: number,
  service: Service = "graph",
): Caller | Refusal {
  const token = /^bearer\s+(.*)$/i.exec(header ?? "")?.[1]?.trim() ?? "";
  if (token === "") return refuse("tokenEmpty");
  const known = table.tokens.get(token);
  if (table.revoked.has(token)) return refuse("tokenRevoked");
  if (known === undefined) return refuse(token.split(".").length === 3 ? "tokenUnknown" : "tokenMalformed");
  if (known.service !== undefined && known.service !== service) return refuse("tokenUnknown");
  return known.expiresAt <= now ? refuse("tokenExpired") : known.caller;
}

/** Whether a caller holds one of the permissions that an operation asks for. */
export function isPermitted(caller: Caller, name: PermissionName): boolean {
  if (caller.permissions === "all") return true;
  const held = caller.permissions;
  return permissions[name].some(permission => held.includes(permission));
}

/**
 * The sandbox's own token: shaped like a JWT, so that a client can read its claims, and signed with nothing.
 * `upn` makes it a person's.
 */
export function sandboxToken(claims: { seed: number; tenantId: string; upn?: string | undefined }): string {
  const person = claims.upn;
  const held = [...permissions.writeMethods, ...permissions.readAllUsers];
  const payload = {
    aud: "https://graph.microsoft.com",
    iss: `https://sts.windows.net/${claims.tenantId}/`,
    app_displayname: "prepop sandbox",
    appid: sandboxAppId,
    ...(person === undefined
      ? { idtyp: "app", roles: held }
      : { idtyp: "user", upn: person, scp: held.join(" ") }),
    oid: objectId(claims.seed, "caller", person ?? "app"),
    tid: claims.tenantId,
    ver: "1.0",
  };
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(payload)}.sandbox`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
