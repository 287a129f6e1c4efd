import {
  type ExistingPhone,
  isMasked,
  numberKey,
  type PhoneType,
  phoneMethodIds,
  phoneTypes,
  type SmsSignInState,
  smsSignInStates,
} from "../model/phone.ts";
import { type Answer, objectOf, readOf, unreadable } from "./answer.ts";
import { isRecord, textOf } from "./json.ts";

/** The phones of a user as one read found them. */
export type PhonesRead = {
  readonly phones: readonly ExistingPhone[];
  /** Whether Graph hid digits of any of them. */
  readonly masked: boolean;
  /** Monotonic, ms; taken before the request went out. */
  readonly readAt: number;
};

/**
 * The entries of a list of phone methods. An entry that is not understood is never left out, because its slot would
 * look empty; only one that is clearly of another kind (neither its id nor its phoneType is one of the three) is.
 * @throws GraphFault unreadable
 */
function phonesOf(values: readonly unknown[], answer: Answer): readonly ExistingPhone[] {
  const phones: ExistingPhone[] = [];
  for (const value of values) {
    if (isForeign(value)) continue;
    const phone = phoneOf(value, answer);
    if (phones.some(other => other.phoneType === phone.phoneType)) {
      throw unreadable(answer, `The list holds more than one ${phone.phoneType} phone.`);
    }
    phones.push(phone);
  }
  return phones;
}

/**
 * One phone method. The method id says which slot it is; a phoneType that says another makes it unreadable.
 * @throws GraphFault unreadable
 */
function phoneOf(value: unknown, answer: Answer): ExistingPhone {
  if (!isRecord(value)) throw unreadable(answer, "A phone method is not an object.");
  const phoneType = slotOf(value.id);
  if (phoneType === undefined) throw unreadable(answer, "A phone method has an id that is not known.");
  if (isPhoneType(value.phoneType) && value.phoneType !== phoneType) {
    throw unreadable(answer, `A phone method has the id of ${phoneType} and the type ${value.phoneType}.`);
  }
  const number = textOf(value.phoneNumber);
  if (number === undefined || number.length > 128 || /[\p{Cc}\ufffd]/u.test(number)) {
    throw unreadable(answer, `The ${phoneType} phone has no number that can be read.`);
  }
  return {
    id: phoneMethodIds[phoneType],
    phoneType,
    phoneNumber: number,
    smsSignInState: smsStateOf(value.smsSignInState),
  };
}

/** What one read of a user's list found. */
export function phonesRead(values: readonly unknown[], answer: Answer, readAt: number): PhonesRead {
  const phones = phonesOf(values, answer);
  return { phones, masked: phones.some(phone => isMasked(phone.phoneNumber)), readAt };
}

/**
 * The phone in the answer to a read of one slot.
 * @throws GraphFault
 */
export function phoneIn(answer: Answer, phoneType: PhoneType): ExistingPhone {
  const phone = phoneOf(readOf(answer), answer);
  if (phone.phoneType !== phoneType) throw unreadable(answer, `The body holds the ${phone.phoneType} phone.`);
  return phone;
}

/**
 * Whether the answer to a create says what was asked for. Another number or slot in it is no proof of what is stored,
 * so it is unreadable and the phone is read back.
 * @throws GraphFault unreadable
 */
export function checkCreated(answer: Answer, phoneType: PhoneType, number: string): void {
  const created = objectOf(answer);
  const slot = slotOf(created.id);
  const stored = textOf(created.phoneNumber);
  const otherSlot = slot !== undefined && slot !== phoneType;
  const otherNumber = stored !== undefined && !isMasked(stored) && numberKey(stored) !== numberKey(number);
  if (otherSlot || otherNumber) throw unreadable(answer, "The answer to a create holds another phone.");
}

const slots: ReadonlyMap<string, PhoneType> = new Map(phoneTypes.map(type => [phoneMethodIds[type], type]));

function slotOf(id: unknown): PhoneType | undefined {
  return typeof id === "string" ? slots.get(id.toLowerCase()) : undefined;
}

function isPhoneType(value: unknown): value is PhoneType {
  return phoneTypes.includes(value as PhoneType);
}

/** A kind of phone that does not exist yet: it has an id and a type, and neither is one of ours. */
function isForeign(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { id, phoneType } = value;
  return (
    textOf(id) !== undefined &&
    slotOf(id) === undefined &&
    textOf(phoneType) !== undefined &&
    !isPhoneType(phoneType)
  );
}

function smsStateOf(value: unknown): SmsSignInState | undefined {
  if (typeof value !== "string") return undefined;
  return smsSignInStates.find(state => state === value) ?? "unknownFutureValue";
}
