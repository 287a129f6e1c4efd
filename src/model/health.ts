/** What a door or the service said to a question that is only there to be looked at. */
export type Probe<Value> =
  | { readonly kind: "read"; readonly value: Value }
  /** `status` is absent where nobody answered. */
  | { readonly kind: "refused"; readonly status?: number; readonly why: string };

/** What stands in a token. Nobody has checked it: it explains, and decides nothing. */
export type TokenFacts = {
  readonly kind: "application" | "delegated" | "unknown";
  /** Delegated or application permissions. */
  readonly permissions: readonly string[];
  /** Template ids of a person's directory roles; undefined where the token does not say. */
  readonly roleIds?: readonly string[];
  /** Whose it is: the object id of the person or of the service principal. */
  readonly objectId?: string;
};

/** How text messages or calls may be used for signing in. */
export type MethodPolicy = {
  readonly enabled: boolean;
  /** `all_users`, or ids of groups. */
  readonly targets: readonly { readonly id: string; readonly usableForSignIn: boolean }[];
  /** Ids of groups. */
  readonly excluded: readonly string[];
  /** Of calls only. */
  readonly officePhones?: boolean;
  /** Who delivers; undefined: Microsoft itself. */
  readonly provider?: { readonly evaluation: boolean; readonly percent?: number };
};

/** What was found out about a tenant and a caller, before anything is made of it. */
export type Health = {
  readonly token: TokenFacts | undefined;
  readonly tenantType: Probe<string | undefined>;
  readonly users: Probe<{ readonly count: number; readonly withDetails: boolean }>;
  /** Of a few users: how many phones were seen, and whether their numbers were masked. */
  readonly phones: Probe<{ readonly seen: number; readonly masked: boolean }>;
  readonly methods: Probe<true>;
  readonly preferences: Probe<true>;
  readonly sms: Probe<MethodPolicy>;
  readonly voice: Probe<MethodPolicy>;
  readonly report: Probe<true>;
  readonly groups: Probe<true>;
  /** Names of service plans. */
  readonly licences: Probe<readonly string[]>;
  /** How far the clock here is ahead of the service's, ms; undefined where it gives no date. */
  readonly clockAheadMs: number | undefined;
};

/** One line of `doctor`. */
export type Check = {
  readonly name: string;
  readonly status: "ok" | "warn" | "block";
  readonly message: string;
  /** What to do; empty where there is nothing to do. */
  readonly fix: string;
};
