import type { Caller } from "./callers.ts";
import type { Result } from "./exchange.ts";
import type { Drives } from "./files/drives.ts";
import type { Query } from "./odata/query.ts";
import type { PermissionName } from "./permissions.ts";
import type { Capability, Settings } from "./settings.ts";
import type { State } from "./state.ts";
import type { SandboxUser } from "./user.ts";

export type Version = "v1.0" | "beta";

/** Everything an operation decides from. It is handed over only after sign-in, quota and declared rules have passed. */
export type Call = {
  readonly state: State;
  /** What SharePoint and OneDrive hold. */
  readonly drives: Drives;
  readonly settings: Settings;
  readonly caller: Caller;
  readonly now: number;
  /** The moment that reads show: earlier than now where reads lag. */
  readonly readTime: number;
  readonly version: Version;
  /** Origin for links to the next page. */
  readonly origin: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came, where it is no JSON. */
  readonly bytes: Buffer | undefined;
};

/** A call about one user, found and allowed. */
export type UserCall = Call & { readonly user: SandboxUser };

/** A JSON body's declared rules: unknown properties are refused, annotations (`@odata.type`) are not. */
export type BodyRules = {
  readonly type: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, BodyValue | readonly string[]>>;
};

export type BodyValue = "any" | "string" | "boolean" | "object" | "list" | "stringOrNull" | "booleanOrNull";

type Declared = {
  /** As in model/operations where it is there. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below the version: `/users/{user}/authentication/phoneMethods`. */
  readonly path: string;
  readonly versions: readonly Version[];
  /** The group that can be switched off; absent for the main job. */
  readonly capability?: Capability;
  readonly effect: "read" | "write";
  /** Which 429 the service's part behind it speaks, and which bucket it draws from. */
  readonly lane: "phones" | "directory" | "reports" | "files";
  /** What an app, and a signed-in person, must hold. */
  readonly permission: PermissionName;
  /** Not for apps. */
  readonly delegatedOnly?: true;
  /** Query options it knows; others are refused under `strict`. undefined: all. */
  readonly query?: readonly string[];
  readonly body?: BodyRules;
};

export type Definition =
  | (Declared & { readonly subject: "none"; readonly run: (call: Call) => Result })
  | (Declared & {
      /** authentication: a user's methods, with their own rules of access. */
      readonly subject: "user" | "authentication";
      /**
       * Whether `/me` may stand for `/users/{user}`: yes, not known there, or refused because users cannot do it
       * for themselves.
       */
      readonly self: "allowed" | "unknown" | "refused";
      readonly run: (call: UserCall) => Result;
    });

/** A declaration as it stands, with its types checked. */
export function operation(definition: Definition): Definition {
  return definition;
}

/** The root of `@odata.context`: the service always names itself, whatever host a gateway has. */
export function contextRoot(call: Call): string {
  return `https://graph.microsoft.com/${call.version}/$metadata#`;
}
