import { phoneTypes } from "../model/phone.ts";
import { otherMethods, reportedPhones } from "./methods.ts";
import { isGuest, phonesAt, type SandboxUser } from "./user.ts";
import { userProperty } from "./userProperties.ts";

/**
 * One line of the registration report, as of a moment: it lags behind the methods themselves.
 * @see https://learn.microsoft.com/graph/api/resources/userregistrationdetails
 */
export function registrationOf(user: SandboxUser, time: number): Record<string, unknown> {
  const phones = phonesAt(user, time);
  const held = phoneTypes.filter(type => phones[type] !== undefined);
  const others = user.otherMethods.map(method => otherMethods[method]);
  const hasMfa = held.length > 0 || others.some(method => method.mfa);
  const methodsRegistered = [
    ...held.map(type => reportedPhones[type]),
    ...others.flatMap(method => (method.reported === undefined ? [] : [method.reported])),
  ];
  const canReset = methodsRegistered.length > 0;
  return {
    id: user.id,
    userPrincipalName: user.seed.userPrincipalName,
    userDisplayName: userProperty(user, "displayName"),
    isAdmin: (user.seed.roles ?? []).length > 0,
    isSsprRegistered: canReset,
    isSsprEnabled: true,
    isSsprCapable: canReset,
    isMfaRegistered: hasMfa,
    isMfaCapable: hasMfa,
    isPasswordlessCapable: user.otherMethods.some(
      method => method === "fido2" || method === "windowsHelloForBusiness",
    ),
    lastUpdatedDateTime: new Date(time).toISOString(),
    methodsRegistered,
    isSystemPreferredAuthenticationMethodEnabled: user.systemPreferred,
    systemPreferredAuthenticationMethods: [],
    userPreferredMethodForSecondaryAuthentication: user.defaultMethod ?? "",
    userType: isGuest(user.seed) ? "guest" : "member",
  };
}
