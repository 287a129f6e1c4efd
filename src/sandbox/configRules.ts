import { PrepopError } from "../model/errors.ts";
import { errors } from "./errors.ts";
import { type FaultKind, type FaultOption, faultKinds } from "./faults/kinds.ts";
import { capabilities } from "./settings.ts";
import { isObject } from "./validate.ts";

/** Says what is wrong with a value, or nothing. */
type Rule = (value: unknown, at: string) => void;

/** Checks a config as it may come from a file; throws PREPOP_USAGE with the place and what would be right. */
export function checkConfig(config: unknown): void {
  record(configRules)(config, "");
}

/** Checks fault rules alone. */
export function checkFaults(rules: unknown): void {
  list(faultRule)(rules, "faults");
}

const string: Rule = (value, at) => must(typeof value === "string" && value !== "", at, "a text");
const boolean: Rule = (value, at) => must(typeof value === "boolean", at, "true or false");
const fn: Rule = (value, at) => must(typeof value === "function", at, "a function");
const anything: Rule = () => undefined;
const number =
  (least: number, most = Number.MAX_SAFE_INTEGER): Rule =>
  (value, at) =>
    must(
      typeof value === "number" && value >= least && value <= most,
      at,
      most === Number.MAX_SAFE_INTEGER ? `a number from ${least}` : `a number from ${least} to ${most}`,
    );
const oneOf =
  (...allowed: readonly unknown[]): Rule =>
  (value, at) =>
    must(allowed.includes(value), at, `one of ${allowed.map(one => JSON.stringify(one)).join(", ")}`);
const list =
  (item: Rule): Rule =>
  (value, at) => {
    if (!Array.isArray(value)) return must(false, at, "a list");
    for (const [index, one] of value.entries()) item(one, `${at}[${index}]`);
  };
const either =
  (...rules: readonly { readonly when: (value: unknown) => boolean; readonly rule: Rule }[]): Rule =>
  (value, at) => {
    const fitting = rules.find(({ when }) => when(value)) ?? rules.at(-1);
    fitting?.rule(value, at);
  };
const oneOrMany = (rule: Rule): Rule =>
  either({ when: Array.isArray, rule: list(rule) }, { when: () => true, rule });

/** An object with known keys; those of `required` must be there. */
function record(rules: Readonly<Record<string, Rule>>, required: readonly string[] = []): Rule {
  return (value, at) => {
    if (!isObject(value)) return must(false, at, "an object");
    for (const [key, inner] of Object.entries(value)) {
      const path = at === "" ? key : `${at}.${key}`;
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      if (rule === undefined) return unknownKey(path, Object.keys(rules));
      if (inner !== undefined) rule(inner, path);
    }
    for (const key of required) must(value[key] !== undefined, at === "" ? key : `${at}.${key}`, "given");
  };
}

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";

const seedUser = record(
  {
    userPrincipalName: string,
    id: string,
    mail: (value, at) => must(value === null || typeof value === "string", at, "a text or null"),
    employeeId: string,
    displayName: string,
    mobilePhone: string,
    businessPhones: list(string),
    usageLocation: string,
    accountEnabled: boolean,
    userType: oneOf("Member", "Guest"),
    otherMails: list(string),
    proxyAddresses: list(string),
    onPremisesSyncEnabled: boolean,
    roles: list(string),
    otherMethods: list(
      oneOf(
        "password",
        "email",
        "fido2",
        "microsoftAuthenticator",
        "softwareOath",
        "windowsHelloForBusiness",
      ),
    ),
    defaultMethod: oneOf("push", "oath", "voiceMobile", "voiceAlternateMobile", "voiceOffice", "sms"),
    phones: record({ mobile: string, alternateMobile: string, office: string }),
  },
  ["userPrincipalName"],
);

const kindNames = Object.keys(faultKinds) as FaultKind[];

const optionRules: Readonly<Record<FaultOption, Rule>> = {
  retryAfter: either(
    { when: isNumber, rule: number(0) },
    { when: () => true, rule: oneOf("date", "missing", "zero", "negative", "garbage", "long") },
  ),
  status: number(400, 599),
  body: oneOf("html", "truncated", "empty", "reset"),
  ms: number(0),
  origin: string,
  items: number(0, 20),
  code: oneOf("accessDenied", "Authorization_RequestDenied", "insufficient_claims"),
};

const commonFaultRules: Readonly<Record<string, Rule>> = {
  kind: (value, at) => {
    if (!kindNames.includes(value as FaultKind)) unknownKey(`${at} "${String(value)}"`, kindNames);
  },
  probability: number(0, 1),
  times: number(0),
  count: number(0),
  from: number(1),
  to: number(1),
  afterMs: number(0),
  untilMs: number(0),
  match: record({
    operation: oneOrMany(string),
    effect: oneOf("read", "write"),
    user: oneOrMany(string),
    phoneType: oneOrMany(oneOf("mobile", "alternateMobile", "office")),
    packed: boolean,
    nth: oneOrMany(number(1)),
  }),
};

/** A fault knows only the options of its kind, so a misplaced one is noticed. */
const faultRule: Rule = (value, at) => {
  record({ ...commonFaultRules, ...optionRules }, ["kind"])(value, at);
  const { kind } = value as { readonly kind: FaultKind };
  const options: readonly FaultOption[] = faultKinds[kind].options;
  const own = Object.fromEntries(options.map(name => [name, optionRules[name]]));
  record({ ...commonFaultRules, ...own }, ["kind"])(value, at);
};

const errorOverride: Rule = record({
  status: number(400, 599),
  code: (value, at) => must(isText(value), at, "a text"),
  message: string,
});

const guessed = Object.entries(errors).flatMap(([name, error]) => ("guess" in error ? [name] : []));

const capabilityRule = oneOf(true, false, 400, 403, 404, 405, 501, "unreadable");

const bucketRule = record({ burst: number(1), perSecond: number(0.001) }, ["burst", "perSecond"]);

const fileRules = { url: string, link: string, locked: boolean, opens: boolean };
const hasBytes = (value: unknown): boolean => isObject(value) && value.bytes !== undefined;

const configRules: Readonly<Record<string, Rule>> = {
  users: either(
    { when: isNumber, rule: number(0, 10_000_000) },
    {
      when: () => true,
      rule: list(either({ when: isText, rule: string }, { when: () => true, rule: seedUser })),
    },
  ),
  groups: list(
    record(
      {
        displayName: string,
        id: string,
        members: either(
          { when: Array.isArray, rule: list(string) },
          { when: () => true, rule: oneOf("all") },
        ),
        groups: list(string),
        isAssignableToRole: boolean,
      },
      ["displayName", "members"],
    ),
  ),
  files: list(
    either(
      { when: hasBytes, rule: record({ ...fileRules, bytes: anything }, ["url"]) },
      { when: () => true, rule: record({ ...fileRules, from: string }, ["url", "from"]) },
    ),
  ),
  workbook: record({ pageRows: number(1), mostCells: number(1), sessionMs: number(1) }),
  quota: record({
    writeBurst: number(1),
    writePerSecond: number(0.001),
    readBurst: number(1),
    readPerSecond: number(0.001),
    reports: either(
      { when: value => value === false, rule: anything },
      { when: () => true, rule: bucketRule },
    ),
    accrues: boolean,
  }),
  latencyMs: number(0),
  jitterMs: number(0),
  batchLatency: oneOf("max", "sum", "perItem"),
  batchOrder: oneOf("shuffled", "asSent"),
  faults: list(faultRule),
  seed: number(0),
  tenantId: string,
  domain: string,
  smsPolicy: record({
    state: oneOf("enabled", "disabled"),
    usableForSignIn: boolean,
    users: either({ when: Array.isArray, rule: list(string) }, { when: () => true, rule: oneOf("all") }),
  }),
  voicePolicy: record({ state: oneOf("enabled", "disabled"), officePhones: boolean }),
  telecomProvider: oneOf("none", "own", "evaluation"),
  tenantType: oneOf("AAD", "AAD B2C", "CIAM"),
  licences: list(string),
  replicationMs: number(0),
  missingPermissions: list(string),
  maskedReads: boolean,
  protectedReads: oneOf("forbidden", "masked"),
  stalenessMs: number(0),
  reportLagMs: number(0),
  reportPageSize: number(1),
  maxFilterClauses: number(1),
  firstPhoneIsDefault: boolean,
  numbers: record({ spaces: boolean, trunkZero: oneOf("kept", "dropped", "refused") }),
  updateAnswer: oneOf("empty", "object"),
  mask: record({ sign: oneOf("X", "*", "•"), shows: number(0, 9) }),
  createdDateTime: oneOf("absent", "filled", "null"),
  capabilities: either(
    { when: isText, rule: oneOf("mainJob") },
    { when: () => true, rule: record(Object.fromEntries(capabilities.map(name => [name, capabilityRule]))) },
  ),
  strict: boolean,
  errorCodes: record(Object.fromEntries(guessed.map(name => [name, errorOverride]))),
  tokens: list(
    record(
      {
        token: string,
        kind: oneOf("app", "delegated"),
        roles: list(string),
        scopes: list(string),
        user: string,
        expiresAt: either({ when: isNumber, rule: number(0) }, { when: () => true, rule: string }),
      },
      ["token", "kind"],
    ),
  ),
  signIn: record({
    clients: list(
      record(
        {
          clientId: string,
          displayName: string,
          secrets: list(string),
          certificates: list(string),
          federated: list(record({ issuer: string, subject: string }, ["issuer", "subject"])),
          roles: list(string),
          scopes: list(string),
          isPublic: boolean,
        },
        ["clientId"],
      ),
    ),
    as: string,
    browser: oneOf("approve", "decline"),
    deviceCode: oneOf("approve", "decline", "wait"),
    scopesInTokens: oneOf("consented", "asked"),
    consent: oneOf("person", "organization"),
    lifetimeS: number(1),
    identityRoles: list(string),
  }),
  tls: boolean,
  signedInAs: string,
  port: number(0, 65535),
  host: oneOf("127.0.0.1", "localhost", "::1"),
  logLimit: number(0),
  storageHost: string,
  judgeSwagger: fn,
  clock: anything,
  onRequest: fn,
};

function must(holds: boolean, at: string, wanted: string): void {
  if (holds) return;
  const what = at === "" ? "The sandbox config" : `${at} of the sandbox config`;
  throw new PrepopError("PREPOP_USAGE", {
    why: `${what} must be ${wanted}`,
    fix: "Correct it and start again.",
  });
}

function unknownKey(path: string, known: readonly string[]): never {
  throw new PrepopError("PREPOP_USAGE", {
    why: `The sandbox config does not know ${path}`,
    fix: `Known here: ${known.join(", ")}.`,
  });
}
