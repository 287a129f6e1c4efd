import type { ClientSeed } from "./authority/clients.ts";
import type { TokenSeed } from "./callers.ts";
import type { SandboxClock } from "./clock.ts";
import type { ErrorOverrides } from "./errors.ts";
import type { FaultRule } from "./faults/rules.ts";
import type { Mask, NumberRules } from "./numbering.ts";
import type { SeedUser } from "./user.ts";

/** Groups of endpoints that the main job can do without; each can be made to fail. */
export const capabilities = [
  "batch",
  "listUsers",
  "inFilter",
  "organization",
  "reports",
  "policies",
  "methods",
  "groups",
  "roles",
  "deletedItems",
  "licences",
  "applications",
  "upsert",
  "files",
  "workbook",
  "beta",
] as const;

export type Capability = (typeof capabilities)[number];

/** How a group that is off answers: with that status, or with a page that is no JSON. */
export type CapabilityAnswer = "on" | 400 | 403 | 404 | 405 | 501 | "unreadable";

/** Whom SMS sign-in is for. */
export type SmsPolicy = {
  readonly state: "enabled" | "disabled";
  readonly usableForSignIn: boolean;
  /** Lower-case UPNs, or everybody. */
  readonly users: "all" | ReadonlySet<string>;
};

export type QuotaSettings = {
  /** undefined: writes are not limited. */
  readonly writes: { readonly burst: number; readonly perSecond: number } | undefined;
  readonly reads: { readonly burst: number; readonly perSecond: number } | undefined;
  /** undefined: reports are not limited. */
  readonly reports: { readonly burst: number; readonly perSecond: number } | undefined;
  readonly accrues: boolean;
};

export type GroupSeed = {
  readonly displayName: string;
  readonly id?: string;
  /** UPNs, or "all". */
  readonly members: "all" | readonly string[];
  /** Names of other groups in the list that are inside this one. */
  readonly groups?: readonly string[];
  readonly isAssignableToRole?: boolean;
};

/** What kind of tenant it is, and what it has bought. */
export type TenantTraits = {
  readonly tenantType: "AAD" | "AAD B2C" | "CIAM";
  /** Service plans of its licences. */
  readonly licences: readonly string[];
  readonly voicePolicy: { readonly state: "enabled" | "disabled"; readonly officePhones: boolean };
  /** Who delivers text messages and calls: Microsoft, or a provider of the tenant's own (or one on trial). */
  readonly telecomProvider: "none" | "own" | "evaluation";
};

/** How Excel Online behaves. */
export type WorkbookSettings = {
  /** Rows of a table that one page holds, without `$top` and at most. */
  readonly pageRows: number;
  /** Cells that one range may have. */
  readonly mostCells: number;
  /** How long a session lives after its last use. */
  readonly sessionMs: number;
};

/** How signing in goes. */
export type SignInSettings = {
  readonly clients: readonly ClientSeed[];
  /** UPN of whoever signs in interactively. */
  readonly as: string;
  readonly browser: "approve" | "decline";
  readonly deviceCode: "approve" | "decline" | "wait";
  /** Seconds that an access token is good for. */
  readonly lifetimeS: number;
  /** Whether a token holds all that was consented to, or what was asked for. */
  readonly scopesInTokens: "consented" | "asked";
  /** For whom that person consents. */
  readonly consent: "person" | "organization";
  /** Application permissions of the managed identity; undefined: all. */
  readonly identityRoles: readonly string[] | undefined;
};

/** The configuration with every default filled in. The core reads nothing else. */
export type Settings = {
  readonly seed: number;
  readonly tenantId: string;
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly users: readonly SeedUser[] | number;
  readonly groups: readonly GroupSeed[];
  readonly tokens: readonly TokenSeed[];
  readonly signIn: SignInSettings;
  readonly traits: TenantTraits;
  /** How long a new application, grant or certificate is unknown elsewhere. */
  readonly replicationMs: number;
  /** Permissions that Graph of this cloud does not offer. */
  readonly missingPermissions: readonly string[];
  readonly workbook: WorkbookSettings;
  readonly quota: QuotaSettings;
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly batchLatency: "max" | "sum" | "perItem";
  readonly batchOrder: "shuffled" | "asSent";
  readonly faults: readonly FaultRule[];
  readonly smsPolicy: SmsPolicy;
  readonly maskedReads: boolean;
  readonly protectedReads: "forbidden" | "masked";
  readonly stalenessMs: number;
  readonly reportLagMs: number;
  readonly reportPageSize: number;
  readonly maxFilterClauses: number;
  readonly firstPhoneIsDefault: boolean;
  readonly createdDateTime: "absent" | "filled" | "null";
  readonly numbers: NumberRules;
  readonly updateAnswer: "empty" | "object";
  readonly mask: Mask;
  readonly capabilities: Readonly<Record<Capability, CapabilityAnswer>>;
  readonly strict: boolean;
  readonly errorCodes: ErrorOverrides;
  readonly logLimit: number;
  readonly clock: SandboxClock;
};
