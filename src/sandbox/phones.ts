import type { DefaultMethod } from "../model/change.ts";
import { type PhoneType, phoneMethodIds, phoneTypes } from "../model/phone.ts";
import { maskNumber } from "./numbering.ts";
import type { UserCall } from "./operation.ts";
import type { Settings } from "./settings.ts";
import { claimNumber, releaseNumber } from "./smsSignIn.ts";
import { type State, storePhones, withoutPhone } from "./state.ts";
import { phonesAt, type SandboxUser, type StoredPhone } from "./user.ts";

const typeById: ReadonlyMap<string, PhoneType> = new Map(
  phoneTypes.map(type => [phoneMethodIds[type], type]),
);

/** The phone type behind a method id, which is a constant of the service. */
export function phoneTypeOf(methodId: string): PhoneType | undefined {
  return typeById.get(methodId.toLowerCase());
}

/** Which default methods a phone type can be. */
export const defaultsOf: Readonly<Record<PhoneType, readonly DefaultMethod[]>> = {
  mobile: ["sms", "voiceMobile"],
  alternateMobile: ["voiceAlternateMobile"],
  office: ["voiceOffice"],
};

/** The phones that this call may see, in the service's order. */
export function visiblePhones(call: UserCall): [PhoneType, StoredPhone][] {
  const phones = phonesAt(call.user, call.readTime);
  return phoneTypes.flatMap(type => {
    const phone = phones[type];
    return phone === undefined ? [] : [[type, phone] satisfies [PhoneType, StoredPhone]];
  });
}

/** A phone as the API shows it, in the order of recorded answers. */
export function representation(call: UserCall, type: PhoneType, phone: StoredPhone): Record<string, unknown> {
  const { createdDateTime } = call.settings;
  const created = createdDateTime === "null" ? null : new Date(phone.createdAt).toISOString();
  return {
    id: phoneMethodIds[type],
    ...(createdDateTime === "absent" ? {} : { createdDateTime: created }),
    phoneNumber: readsMasked(call) ? maskNumber(phone.phoneNumber, call.settings.mask) : phone.phoneNumber,
    phoneType: type,
    smsSignInState: phone.smsSignInState,
  };
}

/** Stores a phone and does what the service does with it; returns it as stored. */
export function putPhone(
  world: { readonly state: State; readonly settings: Settings; readonly now: number },
  user: SandboxUser,
  type: PhoneType,
  phoneNumber: string,
): StoredPhone {
  const { state, settings, now } = world;
  if (type === "mobile") releaseNumber(state, user);
  const phone: StoredPhone = {
    phoneNumber,
    smsSignInState:
      type === "mobile" ? claimNumber(state, settings.smsPolicy, user, phoneNumber) : "notSupported",
    createdAt: user.phones[type]?.createdAt ?? now,
  };
  if (settings.firstPhoneIsDefault) user.defaultMethod ??= defaultsOf[type][0];
  storePhones(state, user, { ...user.phones, [type]: phone }, now);
  return phone;
}

/** Takes a phone away, and the default method with it. */
export function dropPhone(state: State, user: SandboxUser, type: PhoneType, now: number): void {
  if (type === "mobile") releaseNumber(state, user);
  if (isDefault(user, type)) user.defaultMethod = undefined;
  storePhones(state, user, withoutPhone(user.phones, type), now);
}

/** Whether a phone is the user's default method. */
export function isDefault(user: SandboxUser, type: PhoneType): boolean {
  return user.defaultMethod !== undefined && defaultsOf[type].includes(user.defaultMethod);
}

function readsMasked(call: UserCall): boolean {
  if (call.settings.maskedReads) return true;
  return call.caller.reach === "unprotected" && !isSelf(call);
}

/** Whether the caller is the user himself. */
export function isSelf(call: Pick<UserCall, "caller" | "user">): boolean {
  return call.caller.upn?.toLowerCase() === call.user.seed.userPrincipalName.toLowerCase();
}
