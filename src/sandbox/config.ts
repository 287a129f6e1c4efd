import { PrepopError } from "../model/errors.ts";
import type { ClientSeed } from "./authority/clients.ts";
import type { TokenSeed } from "./callers.ts";
import { type SandboxClock, systemClock } from "./clock.ts";
import { checkConfig, checkFaults } from "./configRules.ts";
import type { Interference } from "./core.ts";
import type { ErrorOverrides } from "./errors.ts";
import type { FaultRule } from "./faults/rules.ts";
import type { FileSeed } from "./files/drives.ts";
import { objectId } from "./ids.ts";
import type { TrunkZero } from "./numbering.ts";
import type { SwaggerJudge } from "./powerPlatform/state.ts";
import {
  type Capability,
  type CapabilityAnswer,
  capabilities,
  type GroupSeed,
  type Settings,
  type WorkbookSettings,
} from "./settings.ts";
import type { SeedUser } from "./user.ts";

/** What a sandbox can be told. Every key is optional; a file holds the same keys but for the functions and the clock. */
export type SandboxConfig = {
  /** A number makes user000000@DOMAIN …; else UPNs, or users with more said of them. */
  readonly users?: number | readonly (string | SeedUser)[];
  readonly groups?: readonly GroupSeed[];
  /** What SharePoint and OneDrive hold: each with its web address and the file on this machine that it is. */
  readonly files?: readonly FileSeed[];
  /** How Excel Online behaves: rows of a page (default 256), cells of a range (100,000), idle life of a session (5 min). */
  readonly workbook?: Partial<WorkbookSettings>;
  readonly quota?: {
    /** Writes at once, and writes a second after that. Without both, writes are not limited. */
    readonly writeBurst?: number;
    readonly writePerSecond?: number;
    readonly readBurst?: number;
    readonly readPerSecond?: number;
    /** Default 5 and 0.5, as documented; false: no limit. */
    readonly reports?: false | { readonly burst: number; readonly perSecond: number };
    /** Requests refused with 429 count as well. Default false. */
    readonly accrues?: boolean;
  };
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  /** A batch takes as long as its slowest item, as all together, or one latency and 20 ms an item. Default max. */
  readonly batchLatency?: "max" | "sum" | "perItem";
  /** Default shuffled. */
  readonly batchOrder?: "shuffled" | "asSent";
  readonly faults?: readonly FaultRule[];
  readonly seed?: number;
  readonly tenantId?: string;
  /** Default contoso.com. */
  readonly domain?: string;
  /** Default: enabled, not usable for sign-in, everybody. */
  readonly smsPolicy?: {
    readonly state?: "enabled" | "disabled";
    readonly usableForSignIn?: boolean;
    readonly users?: "all" | readonly string[];
  };
  /** Default: enabled, office phones too. */
  readonly voicePolicy?: { readonly state?: "enabled" | "disabled"; readonly officePhones?: boolean };
  /** Who delivers text messages and calls. Default none: Microsoft. */
  readonly telecomProvider?: "none" | "own" | "evaluation";
  /** As Graph names it: a workforce tenant, B2C, or External ID. Default AAD. */
  readonly tenantType?: "AAD" | "AAD B2C" | "CIAM";
  /** Service plans of the licences that it has. Default AAD_PREMIUM (Entra ID P1). */
  readonly licences?: readonly string[];
  /**
   * How long a new application, service principal, grant or certificate is unknown to reads, to calls that speak of it
   * and to the sign-in. Default 0.
   */
  readonly replicationMs?: number;
  /** Permissions that Graph of this cloud does not offer. */
  readonly missingPermissions?: readonly string[];
  /** Every reader sees masked numbers. */
  readonly maskedReads?: boolean;
  /** What an Authentication Administrator gets on reading a protected user. Default forbidden. */
  readonly protectedReads?: "forbidden" | "masked";
  /** Reads show phones as they were so long ago. Phones set directly are seen at once. */
  readonly stalenessMs?: number;
  readonly reportLagMs?: number;
  readonly reportPageSize?: number;
  /** Alternatives that a directory filter may list. Default 15. */
  readonly maxFilterClauses?: number;
  /** The first phone of a user becomes his default method. Default false. */
  readonly firstPhoneIsDefault?: boolean;
  readonly createdDateTime?: "absent" | "filled" | "null";
  /** Which forms of a number are taken. Default: without blanks inside, trunk zeros kept. */
  readonly numbers?: { readonly spaces?: boolean; readonly trunkZero?: TrunkZero };
  /** What an update answers: 204, or 200 with the phone. Default empty. */
  readonly updateAnswer?: "empty" | "object";
  /** How masked numbers look. Default X, the last two digits shown. */
  readonly mask?: { readonly sign?: "X" | "*" | "•"; readonly shows?: number };
  /** Groups of endpoints to switch off; "mainJob" switches all of them off with 404. */
  readonly capabilities?:
    | "mainJob"
    | { readonly [Name in Capability]?: boolean | Exclude<CapabilityAnswer, "on"> };
  /** Query options on phoneMethods are refused. Default true. */
  readonly strict?: boolean;
  /** Another status, code or text for errors whose own is a guess. */
  readonly errorCodes?: ErrorOverrides;
  readonly tokens?: readonly TokenSeed[];
  /** How signing in goes, for libraries that get their tokens by themselves. */
  readonly signIn?: {
    /** Applications beside the sandbox's own and Microsoft Graph Command Line Tools. */
    readonly clients?: readonly ClientSeed[];
    /** UPN of whoever signs in with a browser or a device code. Default: `signedInAs`, else admin@DOMAIN. */
    readonly as?: string;
    readonly browser?: "approve" | "decline";
    /** approve says yes after the first poll. */
    readonly deviceCode?: "approve" | "decline" | "wait";
    /** Whether a person's token holds all that she consented to (default), or only what was asked for. */
    readonly scopesInTokens?: "consented" | "asked";
    /** For whom that person consents to what an application asks: herself (default), or everybody. */
    readonly consent?: "person" | "organization";
    /** Seconds that an access token is good for. Default 3,599. */
    readonly lifetimeS?: number;
    /** Application permissions of the managed identity. Default: all. */
    readonly identityRoles?: readonly string[];
  };
  /** Serves https with a certificate of its own making, which the libraries of Microsoft ask for. */
  readonly tls?: boolean;
  /** The sandbox's own token is this person's instead of an app's. */
  readonly signedInAs?: string;
  readonly port?: number;
  readonly host?: string;
  /** Entries that `log` keeps at least. Default 100,000. */
  readonly logLimit?: number;
  /** Host of uploaded files, where it is another than the sandbox's. */
  readonly storageHost?: string;
  /** What Power Platform says of a connector's document; default: nothing. */
  readonly judgeSwagger?: SwaggerJudge;
  readonly clock?: SandboxClock;
  /** Called before each operation: a second writer can change a user between two requests. */
  readonly onRequest?: Interference;
};

const documentedReports = { burst: 5, perSecond: 0.5 };

/**
 * Fills in the defaults. An unknown key, a value of the wrong kind or an unknown fault is PREPOP_USAGE and names the
 * place.
 */
export function settingsOf(config: SandboxConfig): Settings {
  checkConfig(config);
  const { quota = {}, smsPolicy = {}, users = 0, seed = 1, domain = "contoso.com" } = config;
  const covered = smsPolicy.users ?? "all";
  return {
    seed,
    domain,
    tenantId: config.tenantId ?? objectId(seed, "tenant", domain),
    host: config.host ?? "127.0.0.1",
    port: config.port ?? 0,
    users: typeof users === "number" ? users : users.map(toSeed),
    groups: config.groups ?? [],
    tokens: config.tokens ?? [],
    signIn: {
      clients: config.signIn?.clients ?? [],
      as: config.signIn?.as ?? config.signedInAs ?? `admin@${domain}`,
      browser: config.signIn?.browser ?? "approve",
      deviceCode: config.signIn?.deviceCode ?? "approve",
      scopesInTokens: config.signIn?.scopesInTokens ?? "consented",
      consent: config.signIn?.consent ?? "person",
      lifetimeS: config.signIn?.lifetimeS ?? 3_599,
      identityRoles: config.signIn?.identityRoles,
    },
    quota: {
      writes: bucketOf(quota.writeBurst, quota.writePerSecond, "write"),
      reads: bucketOf(quota.readBurst, quota.readPerSecond, "read"),
      reports: quota.reports === false ? undefined : (quota.reports ?? documentedReports),
      accrues: quota.accrues ?? false,
    },
    latencyMs: config.latencyMs ?? 0,
    jitterMs: config.jitterMs ?? 0,
    batchLatency: config.batchLatency ?? "max",
    batchOrder: config.batchOrder ?? "shuffled",
    faults: config.faults ?? [],
    smsPolicy: {
      state: smsPolicy.state ?? "enabled",
      usableForSignIn: smsPolicy.usableForSignIn ?? false,
      users: covered === "all" ? "all" : new Set(covered.map(upn => upn.toLowerCase())),
    },
    traits: {
      tenantType: config.tenantType ?? "AAD",
      licences: config.licences ?? ["AAD_PREMIUM"],
      voicePolicy: {
        state: config.voicePolicy?.state ?? "enabled",
        officePhones: config.voicePolicy?.officePhones ?? true,
      },
      telecomProvider: config.telecomProvider ?? "none",
    },
    replicationMs: config.replicationMs ?? 0,
    missingPermissions: config.missingPermissions ?? [],
    workbook: { pageRows: 256, mostCells: 100_000, sessionMs: 300_000, ...config.workbook },
    maskedReads: config.maskedReads ?? false,
    protectedReads: config.protectedReads ?? "forbidden",
    stalenessMs: config.stalenessMs ?? 0,
    reportLagMs: config.reportLagMs ?? 0,
    reportPageSize: config.reportPageSize ?? 1000,
    maxFilterClauses: config.maxFilterClauses ?? 15,
    firstPhoneIsDefault: config.firstPhoneIsDefault ?? false,
    createdDateTime: config.createdDateTime ?? "absent",
    numbers: {
      spaces: config.numbers?.spaces ?? false,
      trunkZero: config.numbers?.trunkZero ?? "kept",
    },
    updateAnswer: config.updateAnswer ?? "empty",
    mask: { sign: config.mask?.sign ?? "X", shows: config.mask?.shows ?? 2 },
    capabilities: capabilityAnswers(config.capabilities ?? {}),
    strict: config.strict ?? true,
    errorCodes: config.errorCodes ?? {},
    logLimit: config.logLimit ?? 100_000,
    clock: config.clock ?? systemClock,
  };
}

/** Rules for setFaults, checked like those of a config file. */
export function faultRules(rules: readonly FaultRule[]): readonly FaultRule[] {
  checkFaults(rules);
  return rules;
}

export function toSeed(user: string | SeedUser): SeedUser {
  return typeof user === "string" ? { userPrincipalName: user } : user;
}

function bucketOf(burst: number | undefined, perSecond: number | undefined, what: string) {
  if (burst === undefined && perSecond === undefined) return undefined;
  if (perSecond === undefined) {
    throw new PrepopError("PREPOP_USAGE", {
      why: `The sandbox config sets quota.${what}Burst without quota.${what}PerSecond`,
      fix: "Give both, or the rate alone.",
    });
  }
  return { burst: burst ?? Math.max(1, Math.ceil(perSecond)), perSecond };
}

function capabilityAnswers(given: NonNullable<SandboxConfig["capabilities"]>): Settings["capabilities"] {
  const answerOf = (name: Capability): CapabilityAnswer => {
    const value = given === "mainJob" ? false : (given[name] ?? true);
    if (value === true) return "on";
    return value === false ? 404 : value;
  };
  return Object.fromEntries(capabilities.map(name => [name, answerOf(name)])) as Settings["capabilities"];
}
