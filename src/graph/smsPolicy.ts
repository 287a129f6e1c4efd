import { type Answer, readOf, unreadable } from "./answer.ts";
import { isRecord, textOf } from "./json.ts";

/**
 * The tenant's policy for text messages, as far as it makes Graph register a written mobile number for sign-in.
 * Source: https://learn.microsoft.com/graph/api/resources/smsauthenticationmethodconfiguration (read 2026-11-23).
 */
export type SmsPolicy = {
  readonly enabled: boolean;
  /** Whom it covers: `all_users` or the id of a group. */
  readonly includeTargets: readonly SmsTarget[];
  readonly excludeTargets: readonly { readonly id: string }[];
};

type SmsTarget = { readonly id: string; readonly usableForSignIn: boolean };

/** @throws GraphFault unreadable */
export function smsPolicyOf(answer: Answer): SmsPolicy {
  const body = readOf(answer);
  // The page's example wraps the entity in `value`, which single entities are not.
  const policy = isRecord(body.value) ? body.value : body;
  const { state, includeTargets, excludeTargets } = policy;
  if ((state !== "enabled" && state !== "disabled") || !Array.isArray(includeTargets)) {
    throw unreadable(answer, "The SMS policy has no state or no targets.");
  }
  return {
    enabled: state === "enabled",
    includeTargets: targetsOf(includeTargets),
    excludeTargets: targetsOf(excludeTargets).map(({ id }) => ({ id })),
  };
}

function targetsOf(value: unknown): readonly SmsTarget[] {
  return (Array.isArray(value) ? value : [])
    .filter(isRecord)
    .filter(target => textOf(target.id) !== undefined)
    .map(target => ({ id: String(target.id), usableForSignIn: target.isUsableForSignIn === true }));
}
