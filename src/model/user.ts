/** A user as far as prepop looks at one. Source: https://learn.microsoft.com/graph/api/resources/user (read 2026-11-23). */
export type User = {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly mail?: string;
  readonly employeeId?: string;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly usageLocation?: string;
  /** Absent where the permission does not show it. */
  readonly accountEnabled?: boolean;
};

/** What a roster's key is compared with. */
export type Match = "upn" | "mail" | "employeeId" | "id";

/** What came of looking a key up. */
export type UserLookup =
  | { readonly kind: "one"; readonly user: User }
  | { readonly kind: "none" }
  | { readonly kind: "many"; readonly count: number };

/** The tenant of a run and who said so (rules.md, which tenant). */
export type Tenant = {
  /** "unknown" when neither the sign-in, the organization nor the environment named one. */
  readonly id: string;
  /** The default domain; the commonest one of its users where the organization told none. */
  readonly domain?: string;
  /** Every verified domain, as far as the organization or its users told them. The ledger keeps only the default one. */
  readonly domains?: readonly string[];
  readonly displayName?: string;
  readonly source: "signIn" | "organization" | "environment" | "unknown";
};

/** Who runs: what the ledger keeps of the caller. Never a token. */
export type Actor = {
  readonly name: string;
  readonly kind: "delegated" | "application" | "unknown";
};
