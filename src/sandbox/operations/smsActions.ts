import { type Refusal, type Result, refuse } from "../exchange.ts";
import { operation, type UserCall } from "../operation.ts";
import { phoneTypeOf } from "../phones.ts";
import { claimNumber, releaseNumber } from "../smsSignIn.ts";
import { storePhones } from "../state.ts";
import type { StoredPhone } from "../user.ts";

/**
 * enableSmsSignIn: 204. Only for the mobile phone, only where the policy allows it, only when nobody else of the
 * tenant holds the number.
 * @see https://learn.microsoft.com/graph/api/phoneauthenticationmethod-enablesmssignin
 */
export const enableSms = smsAction("enableSms", "enableSmsSignIn", (call, mobile) => {
  const state = claimNumber(call.state, call.settings.smsPolicy, call.user, mobile.phoneNumber);
  if (state === "notAllowedByPolicy") return refuse("smsNotAllowed");
  if (state === "phoneNumberNotUnique") return refuse("phoneNumberNotUnique");
  return state;
});

/**
 * disableSmsSignIn: 204, and the number is free for others. A phone that the policy does not cover stays as it is.
 * @see https://learn.microsoft.com/graph/api/phoneauthenticationmethod-disablesmssignin
 */
export const disableSms = smsAction("disableSms", "disableSmsSignIn", (call, mobile) => {
  releaseNumber(call.state, call.user);
  return mobile.smsSignInState === "notAllowedByPolicy" ? "notAllowedByPolicy" : "notEnabled";
});

function smsAction(
  name: string,
  action: string,
  decide: (call: UserCall, mobile: StoredPhone) => StoredPhone["smsSignInState"] | Refusal,
) {
  return operation({
    name,
    method: "POST",
    path: `/users/{user}/authentication/phoneMethods/{method}/${action}`,
    versions: ["v1.0", "beta"],
    effect: "write",
    lane: "phones",
    permission: "writePhones",
    subject: "authentication",
    self: "allowed",
    query: [],
    run: call => {
      const id = call.params.method ?? "";
      const type = phoneTypeOf(id);
      if (type === undefined || call.user.phones[type] === undefined) return refuse("methodNotFound", { id });
      const mobile = call.user.phones.mobile;
      if (type !== "mobile" || mobile === undefined) return refuse("smsNotSupported");
      const decision = decide(call, mobile);
      return typeof decision === "string" ? setState(call, mobile, decision) : decision;
    },
  });
}

function setState(
  call: UserCall,
  mobile: StoredPhone,
  smsSignInState: StoredPhone["smsSignInState"],
): Result {
  const { state, user, now } = call;
  storePhones(state, user, { ...user.phones, mobile: { ...mobile, smsSignInState } }, now);
  const number = mobile.phoneNumber;
  return { kind: "empty", change: { phoneType: "mobile", from: number, to: number, smsSignInState } };
}
