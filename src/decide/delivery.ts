import type { Change } from "../model/change.ts";
import type { MethodPolicy } from "../model/health.ts";
import type { Delivery } from "../model/plan.ts";

/** A policy, and whether it covers a user; undefined where that cannot be told at little cost. */
export type PolicyReach = {
  readonly policy: MethodPolicy;
  readonly covers: (userId: string) => boolean | undefined;
};

/** What is known of how codes reach phones in a tenant; a policy that cannot be read is undefined. */
export type Reaches = { readonly sms: PolicyReach | undefined; readonly voice: PolicyReach | undefined };

/** Who delivers codes: the tenant's own provider, one on trial, or Microsoft. */
export function providerOf(policies: readonly MethodPolicy[]): Exclude<Delivery["provider"], "unknown"> {
  const providers = policies.flatMap(({ provider }) => provider ?? []);
  if (providers.some(({ evaluation, percent }) => !evaluation && percent !== 0)) return "own";
  return providers.length > 0 ? "trial" : "none";
}

/** What the policies say of all numbers together; `outside` is counted change by change. */
export function deliveryOf({ sms, voice }: Reaches, endsOn: string | undefined): Omit<Delivery, "outside"> {
  const policies = [sms, voice].flatMap(reach => (reach === undefined ? [] : [reach.policy]));
  const stateOf = (reach: PolicyReach | undefined) =>
    reach === undefined ? "unknown" : reach.policy.enabled ? "on" : "off";
  return {
    sms: stateOf(sms),
    voice: stateOf(voice),
    provider: policies.length === 0 ? "unknown" : providerOf(policies),
    ...(endsOn === undefined ? {} : { endsOn }),
  };
}

/**
 * Whether a code reaches the number that a change writes: a mobile by text or call, the others by call only. Undefined
 * where a policy that could reach it is not known. Source: https://learn.microsoft.com/entra/identity/authentication/
 * concept-authentication-phone-options (read 2026-11-23).
 */
export function isReached({ userId, phoneType }: Change, { sms, voice }: Reaches): boolean | undefined {
  const byText = phoneType === "mobile" ? covered(sms, userId) : false;
  if (byText === true) return true;
  const allowed = phoneType !== "office" || voice?.policy.officePhones !== false;
  const byCall = allowed ? covered(voice, userId) : false;
  if (byCall === true) return true;
  return byText === undefined || byCall === undefined ? undefined : false;
}

function covered(reach: PolicyReach | undefined, userId: string): boolean | undefined {
  if (reach === undefined) return undefined;
  return reach.policy.enabled ? reach.covers(userId) : false;
}
