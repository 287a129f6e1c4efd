import { numberKey, type SmsSignInState } from "../model/phone.ts";
import type { SmsPolicy } from "./settings.ts";
import type { State } from "./state.ts";
import { isGuest, type SandboxUser } from "./user.ts";

/** Whether the policy lets a user sign in by SMS. Guests never can. */
export function isCovered(policy: SmsPolicy, user: SandboxUser): boolean {
  if (policy.state !== "enabled" || !policy.usableForSignIn || isGuest(user.seed)) return false;
  return policy.users === "all" || policy.users.has(user.seed.userPrincipalName.toLowerCase());
}

/**
 * Tries to register a mobile number for SMS sign-in, as the service does by itself on each write of one, and says
 * what state the phone has then. A number is held by one user of the tenant; a soft-deleted one still holds his.
 */
export function claimNumber(
  state: State,
  policy: SmsPolicy,
  user: SandboxUser,
  number: string,
): SmsSignInState {
  if (!isCovered(policy, user)) return "notAllowedByPolicy";
  const key = numberKey(number);
  const holder = state.smsHolders.get(key);
  if (holder !== undefined && holder !== user.id) return "phoneNumberNotUnique";
  state.smsHolders.set(key, user.id);
  return "ready";
}

/** Gives the number of a user's mobile phone free, if he holds it. */
export function releaseNumber(state: State, user: SandboxUser): void {
  const phone = user.phones.mobile;
  if (phone === undefined) return;
  const key = numberKey(phone.phoneNumber);
  if (state.smsHolders.get(key) === user.id) state.smsHolders.delete(key);
}
