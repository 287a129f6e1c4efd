import type { DefaultMethod } from "../model/change.ts";
import { type Answer, readOf, unreadable } from "./answer.ts";
import { isRecord, textOf } from "./json.ts";

/** An authentication method of any kind; `kind` is Graph's type, such as `phoneAuthenticationMethod`. */
export type MethodRef = { readonly id: string; readonly kind: string };

/**
 * What a user signs in with by default (beta). `default` is absent where he has none or one that is not known here.
 * Source: https://learn.microsoft.com/graph/api/authentication-get (read 2026-11-23).
 */
export type SignInPreferences = { readonly default?: DefaultMethod; readonly systemPreferred?: boolean };

/** @throws GraphFault unreadable */
export function methodsOf(values: readonly unknown[], answer: Answer): readonly MethodRef[] {
  return values.map(value => {
    const { id, "@odata.type": type } = isRecord(value) ? value : {};
    if (textOf(id) === undefined || textOf(type) === undefined) {
      throw unreadable(answer, "A method has no id or no type.");
    }
    return { id: String(id), kind: String(type).replace(/^#microsoft\.graph\./, "") };
  });
}

/** @throws GraphFault unreadable */
export function preferencesOf(answer: Answer): SignInPreferences {
  const value = readOf(answer);
  const method = value.userPreferredMethodForSecondaryAuthentication;
  const system = value.isSystemPreferredAuthenticationMethodEnabled;
  // Both are documented as always there; a body with neither is some other object.
  if (method === undefined && system === undefined) {
    throw unreadable(answer, "The body holds no sign-in preferences.");
  }
  return {
    ...(isDefaultMethod(method) ? { default: method } : {}),
    ...(typeof system === "boolean" ? { systemPreferred: system } : {}),
  };
}

const defaultMethods: readonly DefaultMethod[] = [
  "push",
  "oath",
  "voiceMobile",
  "voiceAlternateMobile",
  "voiceOffice",
  "sms",
];

function isDefaultMethod(value: unknown): value is DefaultMethod {
  return defaultMethods.includes(value as DefaultMethod);
}
