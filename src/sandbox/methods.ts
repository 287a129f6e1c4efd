import type { DefaultMethod } from "../model/change.ts";
import type { PhoneType } from "../model/phone.ts";
import { defaultsOf } from "./phones.ts";
import type { OtherMethod, Phones, SandboxUser } from "./user.ts";

/** How each method that is no phone is shown: its type, its id, its name in the report, the default it can be. */
export const otherMethods: Readonly<
  Record<
    OtherMethod,
    {
      readonly type: string;
      /** undefined: each user's own. */
      readonly id?: string;
      readonly reported?: string;
      readonly mfa: boolean;
      readonly default?: DefaultMethod;
    }
  >
> = {
  password: {
    type: "passwordAuthenticationMethod",
    id: "28c10230-6103-485e-b985-444c60001490",
    mfa: false,
  },
  email: {
    type: "emailAuthenticationMethod",
    id: "3ddfcfc8-9383-446f-83cc-3ab9be4be18f",
    reported: "email",
    mfa: false,
  },
  fido2: { type: "fido2AuthenticationMethod", reported: "passKeyDeviceBound", mfa: true },
  microsoftAuthenticator: {
    type: "microsoftAuthenticatorAuthenticationMethod",
    reported: "microsoftAuthenticatorPush",
    mfa: true,
    default: "push",
  },
  softwareOath: {
    type: "softwareOathAuthenticationMethod",
    reported: "softwareOneTimePasscode",
    mfa: true,
    default: "oath",
  },
  windowsHelloForBusiness: {
    type: "windowsHelloForBusinessAuthenticationMethod",
    reported: "windowsHelloForBusiness",
    mfa: true,
  },
};

/** The report's names of phones; only the first is on record, the others follow its pattern. */
export const reportedPhones: Readonly<Record<PhoneType, string>> = {
  mobile: "mobilePhone",
  alternateMobile: "alternateMobilePhone",
  office: "officePhone",
};

/** Whether a user has what a default method needs. */
export function canBeDefault(user: SandboxUser, phones: Phones, method: DefaultMethod): boolean {
  if (user.otherMethods.some(other => otherMethods[other].default === method)) return true;
  return (Object.keys(phones) as PhoneType[]).some(type => defaultsOf[type].includes(method));
}
