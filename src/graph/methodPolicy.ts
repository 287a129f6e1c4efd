import type { MethodPolicy } from "../model/health.ts";
import { type Answer, readOf, unreadable } from "./answer.ts";
import { isRecord, textOf } from "./json.ts";

/**
 * The tenant's policy for text messages or calls: whom it covers, for what, and who delivers. Sources (read 2026-11-23):
 * https://learn.microsoft.com/graph/api/resources/smsauthenticationmethodconfiguration,
 * https://learn.microsoft.com/graph/api/resources/voiceauthenticationmethodconfiguration and
 * https://learn.microsoft.com/graph/api/resources/telecomprovidersettings.
 * @throws GraphFault unreadable
 */
export function methodPolicyOf(answer: Answer): MethodPolicy {
  const body = readOf(answer);
  // The page's example wraps the entity in `value`, which single entities are not.
  const policy = isRecord(body.value) ? body.value : body;
  const { state, includeTargets, excludeTargets, isOfficePhoneAllowed: office } = policy;
  if ((state !== "enabled" && state !== "disabled") || !Array.isArray(includeTargets)) {
    throw unreadable(answer, "The policy has no state or no targets.");
  }
  const provider = providerIn(policy.telecomProviderSettings);
  return {
    enabled: state === "enabled",
    targets: targetsOf(includeTargets),
    excluded: targetsOf(excludeTargets).map(({ id }) => id),
    ...(typeof office === "boolean" ? { officePhones: office } : {}),
    ...(provider === undefined ? {} : { provider }),
  };
}

function targetsOf(value: unknown): MethodPolicy["targets"] {
  return (Array.isArray(value) ? value : []).filter(isRecord).flatMap(({ id, isUsableForSignIn }) => {
    const name = textOf(id);
    return name === undefined ? [] : [{ id: name, usableForSignIn: isUsableForSignIn === true }];
  });
}

function providerIn(value: unknown): MethodPolicy["provider"] {
  if (!isRecord(value) || (textOf(value.url) ?? textOf(value.appId)) === undefined) return undefined;
  const { isEvaluationModeEnabled, migrationPercentage } = value;
  return {
    evaluation: isEvaluationModeEnabled === true,
    ...(typeof migrationPercentage === "number" ? { percent: migrationPercentage } : {}),
  };
}
