import { type Change, type DefaultMethod, isWrite } from "../model/change.ts";
import type { PhoneType } from "../model/phone.ts";
import { phoneMethodIds } from "../model/phone.ts";

/** A method that /authentication/methods lists: its id and its kind (the `@odata.type` without namespace). */
export type Method = { readonly id: string; readonly kind: string };

export type LeftMethodsInput = {
  readonly changes: readonly Change[];
  /** Undefined where they cannot be read. */
  readonly methods: readonly Method[] | undefined;
  readonly defaultMethod: DefaultMethod | undefined;
  /** Whether the last method may go. */
  readonly allowLastMethod: boolean;
};

export type LeftMethods = { readonly changes: readonly Change[]; readonly leftWithoutMethod: boolean };

/** The phone that a default method stands for. */
export const phoneOfDefault: Readonly<Partial<Record<DefaultMethod, PhoneType>>> = {
  sms: "mobile",
  voiceMobile: "mobile",
  voiceAlternateMobile: "alternateMobile",
  voiceOffice: "office",
};

/** What may become the default, best first: the method's kind, and the value that signInPreferences wants. */
const otherDefaults: readonly (readonly [kind: string, value: DefaultMethod])[] = [
  ["microsoftAuthenticatorAuthenticationMethod", "push"],
  ["softwareOathAuthenticationMethod", "oath"],
];

const phoneDefaults: readonly (readonly [PhoneType, DefaultMethod])[] = [
  ["mobile", "sms"],
  ["alternateMobile", "voiceAlternateMobile"],
  ["office", "voiceOffice"],
];

/**
 * Looks at what a user would have left before anything of his is deleted (rules.md, order within a user): a default
 * method that must go is switched first or nothing of the user is done, and the last method stays unless it may go.
 * Graph refuses the default method only while other methods exist, so the last one needs no switch.
 */
export function keepMethods(input: LeftMethodsInput): LeftMethods {
  const { changes, methods } = input;
  const deleted = new Set(changes.filter(change => change.kind === "delete").map(change => change.phoneType));
  if (deleted.size === 0 || !methods) return { changes, leftWithoutMethod: false };

  const left = methodsLeft(changes, methods, deleted);
  if (left.phones.length === 0 && left.kinds.length === 0) {
    if (input.allowLastMethod) {
      return { changes: loseDefault(changes, deleted, input.defaultMethod), leftWithoutMethod: true };
    }
    return { changes: changes.map(refuseDelete("lastMethod")), leftWithoutMethod: false };
  }

  const goingDefault = input.defaultMethod && phoneOfDefault[input.defaultMethod];
  if (!input.defaultMethod || !goingDefault || !deleted.has(goingDefault))
    return { changes, leftWithoutMethod: false };
  const next = nextDefault(left);
  if (!next) return { changes: changes.map(refuseWrite), leftWithoutMethod: false };
  const switchDefault = { from: input.defaultMethod, to: next };
  return {
    changes: changes.map(change =>
      change.kind === "delete" && change.phoneType === goingDefault ? { ...change, switchDefault } : change,
    ),
    leftWithoutMethod: false,
  };
}

/**
 * Notes that the default goes with the last method. An alternateMobile that is the default cannot go last, because the
 * mobile stays as long as it is there, so the mobile becomes the default first.
 */
function loseDefault(
  changes: readonly Change[],
  deleted: ReadonlySet<PhoneType>,
  defaultMethod: DefaultMethod | undefined,
): readonly Change[] {
  const going = defaultMethod && phoneOfDefault[defaultMethod];
  if (!defaultMethod || !going || !deleted.has(going)) return changes;
  const overMobile = going === "alternateMobile" && deleted.has("mobile");
  return changes.map(change => {
    if (change.kind !== "delete") return change;
    if (change.phoneType === going) {
      return { ...change, switchDefault: { from: defaultMethod, to: overMobile ? ("sms" as const) : null } };
    }
    return overMobile && change.phoneType === "mobile"
      ? { ...change, switchDefault: { from: "sms" as const, to: null } }
      : change;
  });
}

type Left = { readonly phones: readonly PhoneType[]; readonly kinds: readonly string[] };

/** A password is no second method and does not count. */
function methodsLeft(
  changes: readonly Change[],
  methods: readonly Method[],
  deleted: ReadonlySet<PhoneType>,
): Left {
  const phones = new Set<PhoneType>();
  const kinds: string[] = [];
  for (const method of methods) {
    const phoneType = phoneTypeOf(method.id);
    if (phoneType) phones.add(phoneType);
    else if (method.kind !== "passwordAuthenticationMethod") kinds.push(method.kind);
  }
  for (const change of changes) if (change.kind === "create") phones.add(change.phoneType);
  for (const phoneType of deleted) phones.delete(phoneType);
  return { phones: [...phones], kinds };
}

function phoneTypeOf(methodId: string): PhoneType | undefined {
  return phoneDefaults
    .map(([phoneType]) => phoneType)
    .find(phoneType => phoneMethodIds[phoneType] === methodId);
}

function nextDefault(left: Left): DefaultMethod | undefined {
  const other = otherDefaults.find(([kind]) => left.kinds.includes(kind));
  if (other) return other[1];
  return phoneDefaults.find(([phoneType]) => left.phones.includes(phoneType))?.[1];
}

const refuseDelete =
  (reason: "lastMethod") =>
  (change: Change): Change =>
    change.kind === "delete" ? { ...change, kind: "refused", reason } : change;

/** The whole user: half a change would leave him with a default that is not what anyone chose. */
function refuseWrite(change: Change): Change {
  return isWrite(change) ? { ...change, kind: "refused", reason: "defaultMethod" } : change;
}
