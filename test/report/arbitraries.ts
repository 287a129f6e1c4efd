/** Any plan, any run, any text that a list may hold (fast-check). */
import fc from "fast-check";
import { type Change, changeKinds, policies, smsSignIns } from "../../src/model/change.ts";
import {
  type ProfileColumns,
  type ProfileSource,
  profileProperties,
} from "../../src/model/directoryProfile.ts";
import { errorIssues, issueLevel, type RowIssue, warningIssues } from "../../src/model/issue.ts";
import { phoneTypes } from "../../src/model/phone.ts";
import type { Delivery, Plan } from "../../src/model/plan.ts";
import { type EntryOutcome, outcomeKinds } from "../../src/model/run.ts";
import { aPlan } from "./build.ts";

/** Texts that try to be a formula, markup, a line end, an escape sequence. */
export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 24 }) },
  fc
    .array(
      fc.constantFrom(
        ..."=+-@＝＋－＠;,'\"<>&|`*_[]()!#\\\t\r\n \u0000\u001b\u202e\u00a0".split(""),
        "cmd|' /C calc'!A0",
        "=1+1",
        "<script>",
        "--><",
        "]]>",
        "_x0041_",
        "https://example.com",
        "a",
        "\ud800",
        "١٢٣",
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join("")),
);

export const canonicalNumber = fc
  .tuple(
    fc.integer({ min: 1, max: 999 }),
    fc.stringMatching(/^\d{7,12}$/),
    fc.option(fc.stringMatching(/^\d{2,5}$/)),
  )
  .map(
    ([country, national, extension]) => `+${country} ${national}${extension === null ? "" : `x${extension}`}`,
  );

const storedNumber = fc.oneof(
  canonicalNumber,
  fc.constantFrom("+31 XXXXXXX78", "+44 ********23", "+31612345678"),
);

const rowRef = fc.record(
  {
    row: fc.nat(1_048_576),
    sheet: hostileText,
    table: hostileText,
    property: fc.constantFrom(...profileProperties),
  },
  { requiredKeys: ["row"], noNullPrototype: true },
);

export const change: fc.Arbitrary<Change> = fc
  .record({
    kind: fc.constantFrom(...changeKinds),
    user: hostileText,
    userPrincipalName: fc.emailAddress(),
    userId: fc.uuid(),
    phoneType: fc.constantFrom(...phoneTypes),
    from: storedNumber,
    to: canonicalNumber,
    reason: fc.constantFrom(
      "emptySlot",
      "otherNumber",
      "masked",
      "maskedFits",
      "undo",
      "lastMethod",
      "smsSignIn",
    ),
    ref: rowRef,
    rows: fc.array(fc.nat(1_048_576), { maxLength: 4 }),
    switches: fc.boolean(),
  })
  .map(({ switches, ...each }): Change => {
    const { kind } = each;
    return {
      ...each,
      reason: each.reason as Change["reason"],
      from: kind === "create" ? null : each.from,
      to: kind === "delete" ? null : each.to,
      ...(kind === "delete" && switches ? { switchDefault: { from: "sms", to: "push" } as const } : {}),
    };
  });

export const issue: fc.Arbitrary<RowIssue> = fc
  .record(
    {
      code: fc.constantFrom(...errorIssues, ...warningIssues),
      ref: rowRef,
      user: fc.option(hostileText),
      phoneType: fc.constantFrom(...phoneTypes),
      message: hostileText,
    },
    { requiredKeys: ["code", "ref", "user", "message"], noNullPrototype: true },
  )
  .map(each => ({ ...each, level: issueLevel(each.code) }));

const delivery: fc.Arbitrary<Delivery> = fc.record(
  {
    sms: fc.constantFrom("on", "off", "unknown"),
    voice: fc.constantFrom("on", "off", "unknown"),
    outside: fc.nat(),
    provider: fc.constantFrom("own", "trial", "none", "unknown"),
    endsOn: fc.constantFrom("2026-01-01", "2027-02-01"),
  },
  { requiredKeys: ["sms", "voice", "provider"], noNullPrototype: true },
);

const profile: fc.Arbitrary<ProfileSource> = fc.record(
  {
    users: fc.nat(),
    withoutNumber: fc.nat(),
    furtherPhones: fc.nat(),
    columns: fc.constantFrom<ProfileColumns>(
      { mobile: "mobilePhone" },
      { alternateMobile: "businessPhones" },
    ),
  },
  { noNullPrototype: true },
);

export const plan: fc.Arbitrary<Plan> = fc
  .record({
    changes: fc.array(change, { maxLength: 8 }),
    issues: fc.array(issue, { maxLength: 4 }),
    policy: fc.constantFrom(...policies),
    smsSignIn: fc.constantFrom(...smsSignIns),
    source: hostileText,
    masked: fc.boolean(),
    smsSideEffect: fc.option(fc.nat(), { nil: undefined }),
    displayName: hostileText,
    more: fc.record({ delivery, profile }, { requiredKeys: [], noNullPrototype: true }),
  })
  .map(({ changes, issues, policy, smsSignIn, source, masked, smsSideEffect, displayName, more }) => {
    const made = aPlan({
      changes,
      issues,
      header: { policy, smsSignIn, source, ...(more.profile ? { fromProfile: more.profile } : {}) },
      findings: {
        masked,
        ...(smsSideEffect === undefined ? {} : { smsSideEffect }),
        ...(more.delivery ? { delivery: more.delivery } : {}),
      },
    });
    return { ...made, header: { ...made.header, tenant: { ...made.header.tenant, displayName } } };
  });

export const outcome: fc.Arbitrary<EntryOutcome> = fc
  .record(
    {
      change,
      outcome: fc.constantFrom(...outcomeKinds),
      attempts: fc.nat(10),
      code: hostileText,
      message: hostileText,
      requestId: hostileText,
    },
    { requiredKeys: ["change", "outcome", "attempts"], noNullPrototype: true },
  )
  .map(({ change: entry, ...rest }) => ({ entry: { ...entry, seq: 1 }, ...rest }));
