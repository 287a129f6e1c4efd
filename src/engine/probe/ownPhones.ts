import type { ProbeFacts } from "../../model/probe.ts";
import type { User } from "../../model/user.ts";
import { type Lab, memberOf, number, phonePath, phonesPath, type Seen } from "./lab.ts";

/** What one question came to. */
export type Finding = {
  readonly seen: readonly Seen[];
  readonly facts?: ProbeFacts;
  readonly skipped?: string;
};

export type Question = (lab: Lab, user: User) => Promise<Finding>;

/** 1: a second phone of one type. */
export const createTaken: Question = async (lab, user) => {
  await lab.give(user, "mobile");
  const body = { phoneNumber: number(2), phoneType: "mobile" };
  const same = { phoneNumber: number(1), phoneType: "mobile" };
  const create = (what: string, sent: object) =>
    lab.ask({ what, method: "POST", path: phonesPath, user, body: sent });
  return {
    seen: [
      await create("create a type that is there", body),
      await create("create the very phone that is there", same),
    ],
  };
};

/** 2: the order that the page asks for. */
export const createAlternateFirst: Question = async (lab, user) => {
  const body = { phoneNumber: number(3), phoneType: "alternateMobile" };
  const what = "create an alternate mobile without a mobile";
  return { seen: [await lab.ask({ what, method: "POST", path: phonesPath, user, body })] };
};

/** 3: the same order, backwards. */
export const deleteMobileFirst: Question = async (lab, user) => {
  await lab.give(user, "mobile");
  await lab.give(user, "alternateMobile", number(3));
  const what = "delete a mobile beside an alternate mobile";
  return { seen: [await lab.ask({ what, method: "DELETE", path: phonePath, user, type: "mobile" })] };
};

/** Examples of libphonenumber, and what is no number; the names are told, the numbers are not. */
const forms = {
  "a national number": "0612345678",
  "a number with a trunk zero": "+310612345678",
  "a number with blanks": "+31 6 1234 5678",
  "a number without a blank": "+31612345678",
  "a number with an extension": "+1 5555551234x123",
  "a number of no country": "+999 1",
} as const;

/** 4: each form on an empty user, as it is read back. */
export const numberForms: Question = async (lab, user) => {
  const seen: Seen[] = [];
  const readBack = new Map<keyof typeof forms, string>();
  for (const form of Object.keys(forms) as (keyof typeof forms)[]) {
    const phoneType = form === "a number with an extension" ? "office" : "mobile";
    const body = { phoneNumber: forms[form], phoneType };
    const made = await lab.ask({ what: `create ${form}`, method: "POST", path: phonesPath, user, body });
    seen.push(made);
    if (made.status >= 400) continue;
    readBack.set(form, String(memberOf(made.value, "phoneNumber")));
    await lab.empty(user);
  }
  const trunk = readBack.get("a number with a trunk zero");
  return {
    seen,
    facts: {
      spacesAccepted: readBack.has("a number with blanks"),
      nationalAccepted: readBack.has("a national number"),
      trunkZero: trunk === undefined ? "refused" : signsIn(trunk) === 12 ? "kept" : "dropped",
      spaceAfterCountryCode: readBack.get("a number without a blank")?.startsWith("+31 ") ?? false,
    },
  };
};

/** Digits of a number, also the masked ones. */
function signsIn(text: string): number {
  return (text.match(/[\dX*•]/g) ?? []).length;
}

/** 5: an update that changes nothing. */
export const updateSame: Question = async (lab, user) => {
  await lab.give(user, "mobile");
  const update = (what: string, place: number) =>
    lab.ask({
      what,
      method: "PATCH",
      path: phonePath,
      user,
      type: "mobile",
      body: { phoneNumber: number(place), phoneType: "mobile" },
    });
  const same = await update("change a number to itself", 1);
  const other = await update("change a number", 4);
  return {
    seen: [same, other],
    facts: other.status < 300 ? { updateAnswer: other.value === undefined ? "empty" : "object" } : {},
  };
};

/** 6: what is not there. */
export const absentType: Question = async (lab, user) => {
  const absent = { path: phonePath, user, type: "office" } as const;
  const body = { phoneNumber: number(5), phoneType: "office" };
  return {
    seen: [
      await lab.ask({ ...absent, what: "read a type that is not there", method: "GET" }),
      await lab.ask({ ...absent, what: "change a type that is not there", method: "PATCH", body }),
      await lab.ask({ ...absent, what: "delete a type that is not there", method: "DELETE" }),
    ],
  };
};

/** 9: how numbers are read by this caller. */
export const looks: Question = async (lab, user) => {
  await lab.give(user, "mobile");
  const listed = await lab.ask({ what: "list one phone", method: "GET", path: phonesPath, user });
  const [phone] = (memberOf(listed.value, "value") ?? []) as readonly unknown[];
  const text = String(memberOf(phone, "phoneNumber"));
  const sign = /[X*•]/.exec(text)?.[0];
  const mask = sign === undefined ? {} : { maskSign: sign, maskShows: /\d*$/.exec(text)?.[0].length ?? 0 };
  return { seen: [listed], facts: { masked: sign !== undefined, ...mask } };
};

/** 10: what comes with a phone. */
export const members: Question = async (lab, user) => {
  const made = await lab.give(user, "mobile", number(1), "create a mobile");
  const read = await lab.ask({ what: "read a phone", method: "GET", path: phonePath, user, type: "mobile" });
  const phone = (typeof read.value === "object" ? read.value : null) ?? {};
  const created = memberOf(phone, "createdDateTime");
  return {
    seen: [made, read],
    facts: {
      members: Object.keys(phone).join(", "),
      createdDateTime: created === undefined ? "absent" : created === null ? "null" : "filled",
      location: made.exchange.headers.location !== undefined,
      resourceUnit: made.exchange.headers["x-ms-resource-unit"] ?? "none",
    },
  };
};

/** 8: SMS sign-in where it cannot be. */
export const smsSignIn: Question = async (lab, user) => {
  const policy = await lab.ask({
    what: "read the SMS policy",
    method: "GET",
    path: "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms",
  });
  const targets = memberOf(policy.value, "includeTargets");
  const usable = Array.isArray(targets) && targets.some(each => memberOf(each, "isUsableForSignIn") === true);
  const state = memberOf(policy.value, "state");
  await lab.give(user, "mobile");
  await lab.give(user, "office", number(6));
  const enable = (what: string, of: User, type: "mobile" | "office") =>
    lab.ask({ what, method: "POST", path: `${phonePath}/enableSmsSignIn`, user: of, type });
  const seen = [policy, await enable("enable SMS sign-in of an office phone", user, "office")];
  const other = lab.users.find(each => each.id !== user.id);
  if (!usable)
    seen.push(await enable("enable SMS sign-in where the policy does not allow it", user, "mobile"));
  else if (other !== undefined) {
    const body = { phoneNumber: number(1), phoneType: "mobile" };
    const what = "create a number that somebody signs in with";
    seen.push(await lab.ask({ what, method: "POST", path: phonesPath, user: other, body }));
    seen.push(await enable("enable SMS sign-in with a number of somebody", other, "mobile"));
    await lab.empty(other);
  }
  return {
    seen,
    facts:
      policy.status === 200
        ? {
            smsPolicyState: state === "disabled" ? "disabled" : "enabled",
            smsUsableForSignIn: usable,
          }
        : {},
    ...(usable && other === undefined ? { skipped: "a number of two users needs a second --user" } : {}),
  };
};

/** 15: query options that the page does not know. */
export const queryOptions: Question = async (lab, user) => {
  await lab.give(user, "mobile");
  await lab.give(user, "office", number(6));
  const ask = (what: string, query: string) =>
    lab.ask({ what, method: "GET", path: `${phonesPath}?${query}`, user });
  const filtered = await ask("filter by type", "$filter=phoneType%20eq%20'mobile'");
  const selected = await ask("select the type", "$select=phoneType");
  const list = memberOf(filtered.value, "value");
  const filter =
    filtered.status >= 400 ? "refused" : Array.isArray(list) && list.length === 1 ? "honoured" : "ignored";
  return { seen: [filtered, selected], facts: { filter } };
};
