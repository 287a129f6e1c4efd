import type { PhoneType } from "../../model/phone.ts";
import { type Result, refuse } from "../exchange.ts";
import { normalise } from "../numbering.ts";
import type { BodyRules, UserCall } from "../operation.ts";
import { putPhone } from "../phones.ts";
import type { StoredPhone } from "../user.ts";

/** What may be said of a phone: the state of SMS sign-in is the service's own business. */
export const phoneBody: BodyRules = {
  type: "microsoft.graph.phoneAuthenticationMethod",
  required: ["phoneNumber"],
  properties: {
    phoneNumber: "string",
    phoneType: ["mobile", "alternateMobile", "office"],
    id: "string",
  },
};

/**
 * Stores the number of the body, as create and update both do. A mobile number that somebody else holds for SMS
 * sign-in is stored and answered with 409: the answer says no, the phone is there.
 */
export function writePhone(call: UserCall, type: PhoneType, answer: (phone: StoredPhone) => Result): Result {
  const number = normalise(String(call.body.phoneNumber), call.settings.numbers);
  if (number === undefined) return refuse("phoneFormat");
  const from = call.user.phones[type]?.phoneNumber ?? null;
  const phone = putPhone(call, call.user, type, number);
  const change = { phoneType: type, from, to: number, smsSignInState: phone.smsSignInState };
  if (phone.smsSignInState === "phoneNumberNotUnique") return { ...refuse("phoneNumberNotUnique"), change };
  return { ...answer(phone), change } as Result;
}
