import type { TokenFacts } from "../model/health.ts";
import type { Actor } from "../model/user.ts";
import { printable } from "./clean.ts";
import { isRecord, parseJson, textOf } from "./json.ts";

/**
 * What can be read in a token without its key. Nobody has checked it: the tenant in it may only veto (rules.md, which
 * tenant), and the actor is a name for the ledger, not a right.
 * Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference (read 2026-11-23).
 */
export function tenantInToken(token: string): string | undefined {
  return textOf(claimsOf(token)?.tid);
}

/** Who the token is for. A token that cannot be read gives `unknown`. */
export function actorInToken(token: string): Actor {
  const claims = claimsOf(token);
  const person = nameIn(claims, ["upn", "preferred_username", "unique_name", "email"]);
  const application = nameIn(claims, ["app_displayname", "appid", "azp"]);
  // `scp` stands in delegated tokens only, `idtyp` says it outright where the application asked for it.
  const delegated =
    claims?.idtyp === "user" || (claims?.idtyp !== "app" && textOf(claims?.scp) !== undefined);
  if (person !== undefined && (delegated || claims?.idtyp === undefined))
    return { name: person, kind: "delegated" };
  if (application === undefined) return { name: "unknown", kind: "unknown" };
  return { name: application, kind: delegated ? "delegated" : "application" };
}

/** What the token says that it is good for; undefined for one that cannot be read. */
export function factsInToken(token: string): TokenFacts | undefined {
  const claims = claimsOf(token);
  if (claims === undefined) return undefined;
  const scopes = textOf(claims.scp)?.split(" ");
  const roles = textsIn(claims.roles);
  const kind =
    claims.idtyp === "app"
      ? "application"
      : scopes !== undefined || claims.idtyp === "user"
        ? "delegated"
        : roles === undefined
          ? "unknown"
          : "application";
  const roleIds = textsIn(claims.wids);
  const objectId = textOf(claims.oid);
  return {
    kind,
    permissions: (kind === "delegated" ? scopes : roles) ?? [],
    ...(roleIds === undefined ? {} : { roleIds }),
    ...(objectId === undefined ? {} : { objectId }),
  };
}

function textsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((each: unknown): each is string => typeof each === "string");
}

function nameIn(claims: Readonly<Record<string, unknown>> | undefined, names: readonly string[]) {
  for (const name of names) {
    const value = textOf(claims?.[name]);
    if (value !== undefined) return printable(value.slice(0, 200)) || undefined;
  }
  return undefined;
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  const claims = parseJson(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
  return isRecord(claims) ? claims : undefined;
}
