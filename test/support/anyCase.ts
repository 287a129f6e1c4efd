import fc from "fast-check";
import {
  type DefaultMethod,
  type Policy,
  policies,
  type SmsSignIn,
  smsSignIns,
} from "../../src/model/change.ts";
import { type PhoneType, phoneTypes } from "../../src/model/phone.ts";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import type { OtherMethod } from "../../src/sandbox/user.ts";
import type { CliRun } from "./cli.ts";
import { csv, prepop } from "./rehearse.ts";
import { aTenant, type Phones, type Tenant, upn } from "./tenant.ts";

/** Any small roster for any state of a small tenant, under any policy. */

const userCount = 4;

/** What a user has at the start. Numbers are named by their last digit; `disabled`: SMS sign-in was switched off. */
type Held = {
  readonly phones: { readonly [Type in PhoneType]?: number };
  readonly others: readonly OtherMethod[];
  readonly wish: DefaultMethod | undefined;
  readonly disabled: boolean;
};

export type AnyCase = {
  readonly columns: readonly PhoneType[];
  /** A digit, or nothing for a blank cell. */
  readonly rows: readonly { readonly user: number; readonly cells: readonly (number | undefined)[] }[];
  readonly held: readonly Held[];
  /** Whether users share numbers, so that only one of them can sign in by SMS. */
  readonly shared: boolean;
  readonly policy: Policy;
  readonly smsSignIn: SmsSignIn;
  readonly smsUsable: boolean;
  readonly allowLastMethod: boolean;
};

const digit = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });

const held: fc.Arbitrary<Held> = fc
  .record({
    mobile: digit,
    alternateMobile: digit,
    office: digit,
    others: fc.subarray<OtherMethod>(["microsoftAuthenticator", "softwareOath", "fido2"]),
    wish: fc.option(
      fc.constantFrom<DefaultMethod>(
        "push",
        "oath",
        "sms",
        "voiceMobile",
        "voiceAlternateMobile",
        "voiceOffice",
      ),
      { nil: undefined },
    ),
    disabled: fc.boolean(),
  })
  .map(({ mobile, alternateMobile, office, others, wish, disabled }) => ({
    phones: {
      ...(mobile === undefined ? {} : { mobile }),
      // An alternate mobile cannot be there without a mobile.
      ...(mobile === undefined || alternateMobile === undefined ? {} : { alternateMobile }),
      ...(office === undefined ? {} : { office }),
    },
    others,
    wish,
    disabled,
  }));

export const anyCase: fc.Arbitrary<AnyCase> = fc.subarray([...phoneTypes], { minLength: 1 }).chain(columns =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(
      fc.record({
        user: fc.integer({ min: 1, max: userCount }),
        cells: fc.tuple(...columns.map(() => digit)),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    held: fc.array(held, { minLength: userCount, maxLength: userCount }),
    shared: fc.boolean(),
    policy: fc.constantFrom(...policies),
    smsSignIn: fc.constantFrom(...smsSignIns),
    smsUsable: fc.boolean(),
    allowLastMethod: fc.boolean(),
  }),
);

function number(type: PhoneType, user: number, digit: number, shared: boolean): string {
  const base = { mobile: "+31 6123450", alternateMobile: "+31 6876540", office: "+31 2012345" }[type];
  return `${base}${shared ? 0 : user}${digit}`;
}

const needs: Readonly<Record<DefaultMethod, (held: Held) => boolean>> = {
  push: ({ others }) => others.includes("microsoftAuthenticator"),
  oath: ({ others }) => others.includes("softwareOath"),
  sms: ({ phones }) => phones.mobile !== undefined,
  voiceMobile: ({ phones }) => phones.mobile !== undefined,
  voiceAlternateMobile: ({ phones }) => phones.alternateMobile !== undefined,
  voiceOffice: ({ phones }) => phones.office !== undefined,
};

/** The tenant of a case at its start. */
export async function tenantOf(
  { held, shared, smsUsable }: AnyCase,
  config: SandboxConfig = {},
): Promise<Tenant> {
  const tenant = await aTenant()
    .withUsers(userCount, index => {
      const mine = held[index - 1];
      if (!mine) return {};
      const phones: Phones = Object.fromEntries(
        Object.entries(mine.phones).map(([type, digit]) => [
          type,
          number(type as PhoneType, index, digit, shared),
        ]),
      );
      return {
        phones,
        otherMethods: ["password", ...mine.others],
        ...(mine.wish && needs[mine.wish](mine) ? { defaultMethod: mine.wish } : {}),
      };
    })
    .with({ ...config, smsPolicy: { usableForSignIn: smsUsable } })
    .start();
  for (const [at, { disabled, phones }] of held.entries()) {
    if (!disabled || phones.mobile === undefined) continue;
    await prepop(tenant, ["phone", "disable-sms", upn(at + 1), "--yes", "--json"]);
  }
  return tenant;
}

/** What a user has; where numbers are shared, of SMS sign-in only whether it works. */
export function standing(tenant: Tenant, shared: boolean): Map<string, string> {
  return new Map(
    Array.from(tenant.sandbox.users(), ({ id, phones, defaultMethod }) => {
      const parts = phoneTypes.flatMap(type => {
        const phone = phones[type];
        const state = shared ? phone?.smsSignInState === "ready" : phone?.smsSignInState;
        return phone ? [`${type} ${phone.phoneNumber} ${state}`] : [];
      });
      return [id, [...parts, `default ${defaultMethod ?? "none"}`].join(", ")];
    }),
  );
}

/** Users who are not as they were although no line of the undo says so. */
export function notBack(
  tenant: Tenant,
  shared: boolean,
  start: ReadonlyMap<string, string>,
  undo: Pick<CliRun, "of">,
): string[] {
  const named = new Set(
    undo
      .of("outcome")
      .filter(({ outcome, code }) => (outcome !== "applied" && outcome !== "alreadySo") || code !== null)
      .map(({ userId }) => userId),
  );
  return [...standing(tenant, shared)].flatMap(([id, now]) =>
    now === start.get(id) || named.has(id) ? [] : [`${id}: ${start.get(id)} -> ${now}`],
  );
}

/** The list of a case as a file, and what `apply` is told beside it. */
export function rosterOf(given: AnyCase): { readonly roster: string; readonly options: readonly string[] } {
  const lines = given.rows.map(({ user, cells }) => {
    const texts = cells.map((cell, at) => {
      const type = given.columns[at];
      return cell === undefined || !type ? "" : number(type, user, cell, given.shared);
    });
    return [upn(user), ...texts].join(",");
  });
  return {
    roster: csv(["userPrincipalName", ...given.columns].join(","), ...lines),
    options: [
      "--policy",
      given.policy,
      "--sms-sign-in",
      given.smsSignIn,
      ...(given.allowLastMethod ? ["--allow-last-method"] : []),
    ],
  };
}

/** What lets every guard through, for a script. */
export const unguarded: readonly string[] = [
  ...["--yes", "--json", "--show-numbers"],
  ...["--max-change", "100%", "--max-delete", "99", "--confirm-tenant", "contoso.com"],
];
