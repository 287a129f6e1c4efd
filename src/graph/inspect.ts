import { GraphFault } from "../model/fault.ts";
import type { MethodPolicy, Probe, TokenFacts } from "../model/health.ts";
import { type Answer, readOf } from "./answer.ts";
import { factsInToken } from "./claims.ts";
import { phonesRead } from "./convertPhone.ts";
import { isRecord, textOf } from "./json.ts";
import { methodPolicyOf } from "./methodPolicy.ts";
import { pageOf } from "./pages.ts";
import { canBeId, paths } from "./paths.ts";
import { type Call, get } from "./wire.ts";

/**
 * Questions that are asked once, to say what this caller may do and what the tenant is like (`doctor`). A refusal is a
 * finding here, not a fault; only what can be tried again, or a token that is not accepted, is thrown.
 */
export type Inspection = {
  token(): Promise<TokenFacts | undefined>;
  /** `AAD`, `AAD B2C` or `CIAM`; undefined where Graph does not say. */
  tenantType(): Promise<Probe<string | undefined>>;
  /** The first few users; `withDetails`: whether employeeId and usageLocation are shown. */
  firstUsers(
    most: number,
  ): Promise<Probe<{ readonly ids: readonly string[]; readonly withDetails: boolean }>>;
  phonesOf(userId: string): Promise<Probe<{ readonly seen: number; readonly masked: boolean }>>;
  methodsOf(userId: string): Promise<Probe<true>>;
  preferencesOf(userId: string): Promise<Probe<true>>;
  methodPolicy(method: "sms" | "voice"): Promise<Probe<MethodPolicy>>;
  report(): Promise<Probe<true>>;
  groups(): Promise<Probe<true>>;
  licences(): Promise<Probe<readonly string[]>>;
  /** The service's clock at its newest answer, ms since 1970, and how far the clock here was ahead of it. */
  clockAheadMs(): number | undefined;
};

export function inspection(
  send: Call,
  tokens: { current(): Promise<string> },
  origin: string,
  wall: () => number,
): Inspection {
  let ahead: number | undefined;
  const call: Call = async wire => {
    const answer = await send(wire);
    const service = Date.parse(answer.date ?? "");
    if (!Number.isNaN(service)) ahead = wall() - service;
    return answer;
  };
  const probe = async <Value>(path: string, read: (answer: Answer) => Value): Promise<Probe<Value>> => {
    try {
      return { kind: "read", value: read(await call(get(path))) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { status, message } = error.fault;
      return { kind: "refused", why: message, ...(status === undefined ? {} : { status }) };
    }
  };
  const answers = (path: string): Promise<Probe<true>> =>
    probe(path, answer => {
      readOf(answer);
      return true;
    });

  return {
    token: async () => factsInToken(await tokens.current()),
    tenantType: () => probe(`${paths.organization}?$select=id,tenantType`, tenantTypeIn),
    firstUsers: most =>
      probe(`${paths.users}?$top=${most}&$select=id,userPrincipalName,employeeId,usageLocation`, answer =>
        usersIn(answer, origin),
      ),
    phonesOf: userId =>
      probe(paths.phones(userId), answer => {
        const { phones, masked } = phonesRead(pageOf(answer, origin).values, answer, 0);
        return { seen: phones.length, masked };
      }),
    methodsOf: userId => answers(paths.methods(userId)),
    preferencesOf: userId => answers(paths.preferences(userId)),
    methodPolicy: method => probe(method === "sms" ? paths.smsPolicy : paths.voicePolicy, methodPolicyOf),
    report: () => answers(`${paths.registrations}?$top=1`),
    groups: () => answers(`${paths.groups}?$top=1&$select=id`),
    licences: () => probe(`${paths.licences}?$select=servicePlans,capabilityStatus`, licencesIn),
    clockAheadMs: () => ahead,
  };
}

/** A definite no. Throttling and broken connections are tried again by whoever asks, and 401 is about the token. */
function isRefusal(error: unknown): error is GraphFault {
  if (!(error instanceof GraphFault)) return false;
  const { kind, status = 0 } = error.fault;
  if (kind === "unreadable") return true;
  return (
    kind === "http" &&
    ((status >= 400 && status < 500 && ![401, 408, 429].includes(status)) || status === 501)
  );
}

function tenantTypeIn(answer: Answer): string | undefined {
  const { value } = readOf(answer);
  const [organization] = Array.isArray(value) ? value : [];
  return isRecord(organization) ? textOf(organization.tenantType) : undefined;
}

function usersIn(answer: Answer, origin: string) {
  const users = pageOf(answer, origin).values.filter(isRecord);
  const ids = users.map(({ id }) => id).filter(canBeId);
  // A property that the permission does not cover is left out, or null for everybody.
  const withDetails = users.some(
    ({ usageLocation, employeeId }) => textOf(usageLocation) ?? textOf(employeeId),
  );
  return { ids, withDetails };
}

function licencesIn(answer: Answer): readonly string[] {
  const names = listOf(readOf(answer).value)
    .filter(({ capabilityStatus }) => capabilityStatus !== "Suspended" && capabilityStatus !== "Deleted")
    .flatMap(({ servicePlans }) => listOf(servicePlans))
    .flatMap(({ servicePlanName }) => textOf(servicePlanName) ?? []);
  return [...new Set(names)];
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : []).filter(isRecord);
}
