/** The records of a plan file: each field is looked at, and only the fields that are known are taken over. */
import {
  type Change,
  type ChangeKind,
  changeKinds,
  type DefaultMethod,
  policies,
  type Reason,
  smsSignIns,
} from "../model/change.ts";
import { type ProfileSource, profileProperties } from "../model/directoryProfile.ts";
import { errorIssues, type IssueCode, issueLevel, type RowIssue, warningIssues } from "../model/issue.ts";
import { isCanonical, phoneTypes } from "../model/phone.ts";
import {
  type Delivery,
  type PlanCounts,
  type PlanFindings,
  type PlanHeader,
  planFormatVersion,
} from "../model/plan.ts";
import type { RowRef } from "../model/row.ts";
import type { Tenant } from "../model/user.ts";
import {
  booleanField,
  countField,
  type Fields,
  field,
  fieldsOf,
  Misfit,
  momentField,
  nullableText,
  numbersField,
  optionalText,
  optionalTexts,
  textField,
  wordField,
} from "./planFields.ts";

/** An object id stands in the path of a request: no slash, dot, percent or question mark may come in with it. */
const objectId = /^[0-9A-Za-z][0-9A-Za-z-]{0,127}$/;
const identifier = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/;
/** A number as Graph gave it, maybe masked: it is shown and compared, never sent. */
const storedNumber = /^[^\p{C}]{1,64}$/u;
const hash = /^[0-9a-f]{64}$/;
const notEmpty = /^[^\p{Cc}]{1,1024}$/u;

const reasons: Readonly<Record<Reason, true>> = {
  emptySlot: true,
  otherNumber: true,
  sameNumber: true,
  maskedFits: true,
  masked: true,
  blankCell: true,
  listed: true,
  notThere: true,
  defaultMethod: true,
  lastMethod: true,
  alternateNeedsMobile: true,
  unreadable: true,
  forbidden: true,
  smsSignIn: true,
  requested: true,
  undo: true,
  inDoubt: true,
  notByRun: true,
  changedSince: true,
  laterRun: true,
  maskedBefore: true,
  maskedNow: true,
  unwritable: true,
  noMobile: true,
  defaultLeft: true,
  defaultNotBack: true,
};

const defaultMethods: Readonly<Record<DefaultMethod, true>> = {
  push: true,
  oath: true,
  voiceMobile: true,
  voiceAlternateMobile: true,
  voiceOffice: true,
  sms: true,
};

const wordsOf = <Word extends string>(table: Readonly<Record<Word, true>>): readonly Word[] =>
  Object.keys(table) as Word[];

const issueCodes: readonly IssueCode[] = [...errorIssues, ...warningIssues];
const sources: readonly Tenant["source"][] = ["signIn", "organization", "environment", "unknown"];

/** @throws Misfit */
export function readHeader(fields: Fields): PlanHeader {
  const tenantId = textField(fields, "tenantId", objectId);
  const tenant = readTenant(fieldsOf(field(fields, "tenant"), "tenant"));
  if (tenant.id !== tenantId) throw new Misfit("tenantId and tenant name two tenants");
  const rosterHash = optionalText(fields, "rosterHash", hash);
  const optionsHash = optionalText(fields, "optionsHash", hash);
  return {
    formatVersion: planFormatVersion,
    id: textField(fields, "id", identifier),
    tenantId,
    tenant,
    policy: wordField(fields, "policy", policies),
    smsSignIn: wordField(fields, "smsSignIn", smsSignIns),
    createdAt: momentField(fields, "createdAt"),
    expiresAt: momentField(fields, "expiresAt"),
    counts: readCounts(fieldsOf(field(fields, "counts"), "counts")),
    findings: readFindings(fieldsOf(field(fields, "findings"), "findings")),
    source: textField(fields, "source"),
    ...(rosterHash === undefined ? {} : { rosterHash }),
    ...(optionsHash === undefined ? {} : { optionsHash }),
    ...(field(fields, "fromProfile") === undefined ? {} : { fromProfile: readProfile(fields) }),
  };
}

function readProfile(header: Fields): ProfileSource {
  const fields = fieldsOf(field(header, "fromProfile"), "fromProfile");
  const columns = fieldsOf(field(fields, "columns"), "columns");
  const mapped = phoneTypes.filter(type => field(columns, type) !== undefined);
  return {
    users: countField(fields, "users"),
    withoutNumber: countField(fields, "withoutNumber"),
    furtherPhones: countField(fields, "furtherPhones"),
    columns: Object.fromEntries(mapped.map(type => [type, wordField(columns, type, profileProperties)])),
  };
}

function readTenant(fields: Fields): Tenant {
  const domain = optionalText(fields, "domain", notEmpty);
  const domains = optionalTexts(fields, "domains", notEmpty);
  const displayName = optionalText(fields, "displayName");
  return {
    id: textField(fields, "id", objectId),
    ...(domain === undefined ? {} : { domain }),
    ...(domains === undefined ? {} : { domains }),
    ...(displayName === undefined ? {} : { displayName }),
    source: wordField(fields, "source", sources),
  };
}

function readCounts(fields: Fields): PlanCounts {
  return {
    rows: countField(fields, "rows"),
    users: countField(fields, "users"),
    create: countField(fields, "create"),
    update: countField(fields, "update"),
    delete: countField(fields, "delete"),
    unchanged: countField(fields, "unchanged"),
    kept: countField(fields, "kept"),
    refused: countField(fields, "refused"),
    enableSms: countField(fields, "enableSms"),
    disableSms: countField(fields, "disableSms"),
    issues: countField(fields, "issues"),
    warnings: countField(fields, "warnings"),
    outOfScope: countField(fields, "outOfScope"),
    excluded: countField(fields, "excluded"),
  };
}

function readFindings(fields: Fields): PlanFindings {
  return {
    masked: booleanField(fields, "masked"),
    maskedFits: countField(fields, "maskedFits"),
    ...(field(fields, "smsSideEffect") === undefined
      ? {}
      : { smsSideEffect: countField(fields, "smsSideEffect") }),
    ...(field(fields, "delivery") === undefined ? {} : { delivery: readDelivery(fields) }),
    phonesHeld: countField(fields, "phonesHeld"),
    mobileNumbers: countField(fields, "mobileNumbers"),
    mobileLandlines: countField(fields, "mobileLandlines"),
    ...(field(fields, "disabledUnknown") === undefined
      ? {}
      : { disabledUnknown: countField(fields, "disabledUnknown") }),
    methodsUnknown: countField(fields, "methodsUnknown"),
    ...(field(fields, "notRead") === undefined ? {} : { notRead: countField(fields, "notRead") }),
    leftWithoutMethod: countField(fields, "leftWithoutMethod"),
  };
}

function readDelivery(findings: Fields): Delivery {
  const fields = fieldsOf(field(findings, "delivery"), "delivery");
  const endsOn = optionalText(fields, "endsOn", /^\d{4}-\d\d-\d\d$/);
  return {
    sms: wordField(fields, "sms", ["on", "off", "unknown"]),
    voice: wordField(fields, "voice", ["on", "off", "unknown"]),
    ...(field(fields, "outside") === undefined ? {} : { outside: countField(fields, "outside") }),
    provider: wordField(fields, "provider", ["own", "trial", "none", "unknown"]),
    ...(endsOn === undefined ? {} : { endsOn }),
  };
}

/** @throws Misfit */
export function readChange(fields: Fields): Change {
  const kind = wordField(fields, "kind", changeKinds);
  const from = nullableText(fields, "from", storedNumber);
  const to = nullableText(fields, "to", storedNumber);
  const phoneType = wordField(fields, "phoneType", phoneTypes);
  checkNumbers(kind, from, to);
  const switchDefault = readSwitch(field(fields, "switchDefault"), kind);
  return {
    kind,
    user: textField(fields, "user"),
    userPrincipalName: textField(fields, "userPrincipalName", notEmpty),
    userId: textField(fields, "userId", objectId),
    phoneType,
    from,
    to,
    reason: wordField(fields, "reason", wordsOf(reasons)),
    ref: readRef(fields),
    rows: numbersField(fields, "rows"),
    ...(field(fields, "basis") === undefined ? {} : { basis: wordField(fields, "basis", ["report"]) }),
    ...(switchDefault ? { switchDefault } : {}),
  };
}

/** What is sent must be a canonical number; what the kind says must be there, and nothing else. */
function checkNumbers(kind: ChangeKind, from: string | null, to: string | null): void {
  const writesNumber = kind === "create" || kind === "update";
  if (writesNumber && (to === null || !isCanonical(to))) throw new Misfit("to is not a canonical number");
  if (kind === "create" && from !== null) throw new Misfit("a create has a from");
  if ((kind === "update" || kind === "delete") && from === null) throw new Misfit(`${kind} has no from`);
  if (kind === "delete" && to !== null) throw new Misfit("a delete has a to");
}

function readSwitch(value: unknown, kind: ChangeKind): Change["switchDefault"] {
  if (value === undefined) return undefined;
  if (kind !== "delete") throw new Misfit("switchDefault stands at something else than a delete");
  const fields = fieldsOf(value, "switchDefault");
  const methods = wordsOf(defaultMethods);
  const to = field(fields, "to") === null ? null : wordField(fields, "to", methods);
  return { from: wordField(fields, "from", methods), to };
}

/** @throws Misfit */
export function readIssue(fields: Fields): RowIssue {
  const code = wordField(fields, "code", issueCodes);
  const level = wordField(fields, "level", ["error", "warning"]);
  if (level !== issueLevel(code)) throw new Misfit(`level is not the level of ${code}`);
  return {
    code,
    level,
    ref: readRef(fields),
    user: nullableText(fields, "user"),
    ...(field(fields, "phoneType") === undefined
      ? {}
      : { phoneType: wordField(fields, "phoneType", phoneTypes) }),
    message: textField(fields, "message"),
  };
}

function readRef(fields: Fields): RowRef {
  const sheet = optionalText(fields, "sheet");
  const table = optionalText(fields, "table");
  return {
    row: countField(fields, "row"),
    ...(sheet === undefined ? {} : { sheet }),
    ...(table === undefined ? {} : { table }),
    ...(field(fields, "property") === undefined
      ? {}
      : { property: wordField(fields, "property", profileProperties) }),
  };
}
