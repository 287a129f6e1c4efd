import type { ProbeAnswer, ProbeExchange, Shape } from "../../model/probe.ts";

/** Which error of the sandbox a refused request shows; the sandbox's own is a guess in each case. */
const refusals: Readonly<Record<string, string>> = {
  "create a type that is there": "phoneTypeTaken",
  "create an alternate mobile without a mobile": "alternateNeedsMobile",
  "delete a mobile beside an alternate mobile": "mobileHasAlternate",
  "create a number of no country": "phoneFormat",
  "read a type that is not there": "methodNotFound",
  "enable SMS sign-in where the policy does not allow it": "smsNotAllowed",
  "enable SMS sign-in of an office phone": "smsNotSupported",
};

/** Which group of endpoints a request that is refused as a whole shows to be off. */
const groups: Readonly<Record<string, string>> = {
  "create in a batch": "batch",
  "read the organization": "organization",
  "read the registration report": "reports",
  "read the SMS policy": "policies",
  "read all methods": "methods",
  "read the sign-in preferences": "beta",
  "read deleted users": "deletedItems",
};

const offStatuses: readonly number[] = [400, 403, 404, 405, 501];

/** What a probe found out as a configuration of the sandbox, and what of it the sandbox cannot be told. */
export function sandboxOf(answers: readonly ProbeAnswer[]): {
  readonly sandbox: Readonly<Record<string, unknown>>;
  readonly notInSandbox: readonly string[];
} {
  const exchanges = answers.flatMap(answer => answer.exchanges);
  const facts = Object.assign({}, ...answers.map(answer => answer.facts)) as Readonly<
    Record<string, unknown>
  >;
  const errorCodes = Object.fromEntries(
    exchanges.flatMap(each => {
      const name = refusals[each.what];
      return name !== undefined && each.status >= 400 ? [[name, errorOf(each)]] : [];
    }),
  );
  const capabilities = Object.fromEntries(
    exchanges.flatMap(({ what, status }) => {
      const name = groups[what];
      return name !== undefined && offStatuses.includes(status) ? [[name, status]] : [];
    }),
  );
  const settings = Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      const setting = settingOf[name];
      return setting === undefined ? [] : Object.entries(setting(value));
    }),
  );
  return {
    sandbox: {
      ...nested(settings),
      errorCodes,
      ...(Object.keys(capabilities).length ? { capabilities } : {}),
    },
    notInSandbox: exchanges.flatMap(({ what, status }) =>
      refusals[what] !== undefined && status < 400 ? [`${what}: accepted with ${status}`] : [],
    ),
  };
}

/** Facts that are settings, under the setting's name; a dot leads into a group. */
const settingOf: Readonly<Record<string, (value: unknown) => Readonly<Record<string, unknown>>>> = {
  spacesAccepted: value => ({ "numbers.spaces": value }),
  trunkZero: value => ({ "numbers.trunkZero": value }),
  updateAnswer: value => ({ updateAnswer: value }),
  masked: value => ({ maskedReads: value }),
  maskSign: value => ({ "mask.sign": value }),
  maskShows: value => ({ "mask.shows": value }),
  createdDateTime: value => ({ createdDateTime: value }),
  lagMs: value => ({ stalenessMs: value }),
  reportPage: value => ({ reportPageSize: value }),
  filter: value => (value === "ignored" ? {} : { strict: value === "refused" }),
  smsPolicyState: value => ({ "smsPolicy.state": value }),
  smsUsableForSignIn: value => ({ "smsPolicy.usableForSignIn": value }),
  writesAtOnce: value => ({ "quota.writeBurst": value }),
  writesPerSecond: value => ({ "quota.writePerSecond": value }),
  latencyMs: value => ({ latencyMs: value }),
};

function nested(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const [group = "", member] = name.split(".");
    if (member === undefined) made[group] = value;
    else made[group] = { ...(made[group] as object | undefined), [member]: value };
  }
  return made;
}

function errorOf({ status, body }: ProbeExchange): Readonly<Record<string, unknown>> {
  const error = memberOf(body, "error");
  const code = memberOf(error, "code");
  const message = memberOf(error, "message");
  return {
    status,
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof message === "string" && message !== "" ? { message } : {}),
  };
}

function memberOf(value: Shape | undefined, name: string): Shape | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [name: string]: Shape })[name]
    : undefined;
}
