import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import type { Delivery, Plan } from "../../src/model/plan.ts";
import { confirmText } from "../../src/report/confirmText.ts";
import { displayWidth } from "../../src/report/plainText.ts";
import { type PlanTextOptions, planText } from "../../src/report/planText.ts";
import * as any from "./arbitraries.ts";
import { aChange, anIssue, aPlan, contoso, type PlanParts } from "./build.ts";

function shown(parts: PlanParts | Plan, options: Partial<PlanTextOptions> = {}): string[] {
  const plan =
    "changes" in parts && typeof parts.changes === "function" ? (parts as Plan) : aPlan(parts as PlanParts);
  return [...planText(plan, { width: 80, color: false, showNumbers: false, ...options })];
}

/** The words of a view, wherever its lines break. */
const sentence = (lines: readonly string[]): string => lines.join(" ").replace(/\s+/g, " ");

test("the first line names policy, tenant, domain and id", () => {
  assert.equal(shown({})[0], "Plan add · Contoso Ltd. · contoso.com · 8b1f0c1e-27a5-4d0a-9c58-0f4f0d2e6b11");
});

test("where the line is too long, the id comes on the second one and the domain stays on the first", () => {
  const tenant = { ...contoso, domain: "contoso-emea.onmicrosoft.com" };
  assert.deepEqual(shown({ header: { tenant } }).slice(0, 2), [
    "Plan add · Contoso Ltd. · contoso-emea.onmicrosoft.com",
    "  8b1f0c1e-27a5-4d0a-9c58-0f4f0d2e6b11",
  ]);
});

test("changes stand in a table by kind and reason, what matters most first", () => {
  const changes = [
    aChange("create", { ref: { row: 2 }, rows: [2, 7] }),
    aChange("unchanged"),
    aChange("kept", { ref: { row: 3 } }),
    aChange("update", { ref: { row: 4 } }),
    aChange("delete", { ref: { row: 5 }, switchDefault: { from: "sms", to: "push" } }),
    aChange("refused", { ref: { row: 6 }, to: null }),
    aChange("enableSms", { ref: { row: 4 } }),
  ];
  const lines = shown({ changes });
  const start = lines.indexOf("") + 1;
  assert.deepEqual(lines.slice(start, lines.indexOf("", start)), [
    "    row  user               type    now    then",
    "! refused 1: the last method: nothing would be left to sign in with",
    "      6  adele@contoso.com  mobile  •••23  not removed",
    "- delete 1: the cell is blank",
    "      5  adele@contoso.com  mobile  •••23  → none; default push",
    "~ update 1: has another number",
    "      4  adele@contoso.com  mobile  •••23  → •••78",
    "+ create 1: no phone of this type yet",
    "   2 +1  adele@contoso.com  mobile         → •••78",
    "* enable SMS sign-in 1: SMS sign-in on, as asked",
    "      4  adele@contoso.com  mobile  •••23  → SMS on",
    "= kept 1: has another number; policy add keeps it",
    "      3  adele@contoso.com  mobile  •••23  not •••78",
  ]);
});

test("the totals say first what is sent", () => {
  const changes = [aChange("unchanged"), aChange("unchanged"), aChange("refused"), aChange("create")];
  assert.ok(
    shown({ changes, findings: { maskedFits: 1 } }).includes(
      "To do: 1 create, 1 refused, 2 unchanged (1 only look the same).",
    ),
  );
  assert.ok(shown({ changes: [aChange("unchanged")] }).includes("Nothing to do: 1 unchanged."));
});

type Said = readonly [name: string, parts: PlanParts, words: RegExp];

const endsOn = "2027-02-01";
const codes = { sms: "on", voice: "on", provider: "none" } as const;
const page = String.raw`https:\/\/learn\.microsoft\.com\/entra\/identity\/authentication\/concept-sms-voice-retirement`;

/** What would make the numbers of a plan useless. */
const delivered: readonly Said[] = (
  [
    [
      "that no provider delivers",
      { ...codes, endsOn },
      `! From 2027-02-01 on these numbers get no .* has no telecom provider of its own: ${page}`,
    ],
    [
      "that a provider is on trial",
      { ...codes, provider: "trial", endsOn },
      "telecom provider is only on trial",
    ],
    ["that delivery has ended", { ...codes, endsOn: "2026-11-01" }, "! Since 2026-11-01 these numbers"],
    [
      "that it is not known who delivers",
      { ...codes, provider: "unknown", endsOn },
      `i Microsoft ends its own .* on 2027-02-01; .*${page}`,
    ],
    [
      "that both policies are off",
      { sms: "off", voice: "off", provider: "own", outside: 1 },
      "! No code reaches these numbers: SMS and voice calls are both switched off",
    ],
    [
      "that the policies leave a number out",
      { ...codes, provider: "own", outside: 1 },
      "! No code reaches these numbers: the tenant's policies for SMS",
    ],
    [
      "that groups were not looked into",
      { ...codes, provider: "own" },
      "i The policies for SMS and calls cover some groups only",
    ],
    [
      "both reasons in one paragraph",
      { ...codes, outside: 1, endsOn },
      "! No code reaches .* do not let one\\. From 2027",
    ],
  ] satisfies readonly (readonly [string, Delivery, string])[]
).map(([name, delivery, words]) => [
  name,
  { changes: [aChange("create")], findings: { delivery } },
  new RegExp(words),
]);

const said: readonly Said[] = [
  [
    "masked reads and what lifts them",
    { findings: { masked: true } },
    /^.{0,160}role Privileged Authentication Administrator, or the app-only permission UserAuthMethod-Phone\.ReadWrite\.All, lifts/s,
  ],
  [
    "a mobile column full of fixed lines",
    { findings: { mobileNumbers: 20, mobileLandlines: 14 } },
    /14 of the 20 numbers in the mobile column are fixed lines/,
  ],
  [
    "users left without any method",
    { findings: { leftWithoutMethod: 7 } },
    /7 users would be left without any method/,
  ],
  [
    "a write over a masked number",
    { changes: [aChange("update", { from: "+31 XXXXXXX78" })] },
    /1 change writes over a number .* no undo can bring it back/,
  ],
  [
    "the SMS side effect",
    { findings: { smsSideEffect: 57 } },
    /register 57 of these mobile numbers .* --sms-sign-in disable is recommended/,
  ],
  ["methods that cannot be read", { findings: { methodsUnknown: 4 } }, /For 4 users the other methods/],
  [
    "what an undo cannot restore",
    { changes: [aChange("create", { reason: "undo" })] },
    /createdDateTime and the service's own formatting cannot be restored/,
  ],
  ...delivered,
  [
    "users outside",
    { header: { counts: { ...aPlan().header.counts, outOfScope: 3, excluded: 1 } } },
    /Not looked at: 3 users out of scope, 1 user excluded/,
  ],
  [
    "the issues by code, with rows and what to do",
    { issues: [anIssue()] },
    /Issues: 1 error \(no change is made for it\)\. x invalid-phone 1: .* 14 alex@contoso\.com, mobile: “•••45” is too short/,
  ],
  ["the digest", {}, /Digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08/],
];
for (const [name, parts, words] of said) {
  test(`a plan says ${name}`, () => assert.match(sentence(shown(parts)), words));
}

test("a warning stands right behind the first line", () => {
  const lines = shown({ findings: { masked: true } });
  assert.match(lines[1] ?? "", /^! /);
});

test("users who would be left without any method are named first", () => {
  const lines = shown(
    { findings: { leftWithoutMethod: 7 } },
    { leftWithoutMethod: ["a@contoso.com", "b@contoso.com"] },
  );
  assert.match(sentence(lines.slice(1, 4)), /sign in with: a@contoso.com, b@contoso.com and 5 more\./);
});

const unsaid: readonly (readonly [
  name: string,
  parts: PlanParts,
  options: Partial<PlanTextOptions>,
  words: RegExp,
])[] = [
  [
    "the retirement in a cloud without a date",
    { changes: [aChange("create")], findings: { delivery: { ...codes, provider: "none" } } },
    {},
    /get no|ends its/,
  ],
  [
    "codes that arrive",
    {
      changes: [aChange("create")],
      findings: { delivery: { ...codes, provider: "own", endsOn, outside: 0 } },
    },
    {},
    /code|2027/,
  ],
  ["the retirement when nothing is added", { changes: [aChange("delete")] }, {}, /2027/],
  [
    "the SMS side effect under disable",
    { findings: { smsSideEffect: 5 }, header: { smsSignIn: "disable" } },
    {},
    /by itself/,
  ],
  [
    "fixed lines below ten numbers",
    { findings: { mobileNumbers: 9, mobileLandlines: 9 } },
    {},
    /fixed lines/,
  ],
];
for (const [name, parts, options, words] of unsaid) {
  test(`a plan does not speak of ${name}`, () => assert.doesNotMatch(sentence(shown(parts, options)), words));
}

test("the next command is the last line", () => {
  assert.equal(
    shown({}, { next: "prepop apply employees.xlsx" }).at(-1),
    "Next: prepop apply employees.xlsx",
  );
});

test("a plan of ten thousand changes is shown in about forty lines, and counts what it does not show", () => {
  const changes = Array.from({ length: 10_000 }, (_, at) =>
    aChange(at % 100 === 0 ? "delete" : "create", { ref: { row: at + 2 } }),
  );
  const lines = shown({ changes });
  const table = lines.slice(
    lines.findIndex(line => line.includes("user  ")),
    lines.findIndex(line => line.startsWith("To do")),
  );
  assert.ok(table.length <= 40, `${table.length} lines`);
  assert.ok(table.some(line => line.includes("… and 73 more")));
  assert.ok(table.some(line => line.includes("… and 9,897 more")));
});

test("changes are walked once and not gathered", () => {
  let alive = 0;
  let walks = 0;
  const made = aPlan();
  const plan: Plan = {
    ...made,
    *changes() {
      walks++;
      for (let row = 0; row < 100_000; row++) {
        alive++;
        yield aChange("create", { ref: { row } });
      }
    },
  };
  shown(plan);
  assert.deepEqual([walks, alive], [1, 100_000]);
});

test("no line is wider than the terminal, but for an address that stays whole", () => {
  fc.assert(
    fc.property(any.plan, fc.integer({ min: 60, max: 140 }), (plan, width) => {
      for (const line of shown(plan, { width })) {
        assert.ok(
          displayWidth(line) <= width || !line.trim().includes(" "),
          `${displayWidth(line)}: ${line}`,
        );
      }
    }),
  );
});

test("no text of the list moves the cursor, and colours change no word", () => {
  fc.assert(
    fc.property(any.plan, plan => {
      const plain = shown(plan).join("\n");
      assert.doesNotMatch(plain.replaceAll("\n", ""), /\p{Cc}/u);
      assert.equal(stripVTControlCharacters(shown(plan, { color: true }).join("\n")), plain);
    }),
  );
});

test("a masked view holds no more than the last two digits of a number", () => {
  fc.assert(
    fc.property(fc.array(any.change, { minLength: 1, maxLength: 5 }), changes => {
      const text = shown({ changes }).join("\n");
      for (const { from, to } of changes) {
        for (const number of [from, to]) {
          const digits = number?.match(/\d{4,}/)?.[0];
          if (
            digits &&
            !changes.some(each => each.userPrincipalName.includes(digits) || each.user.includes(digits))
          ) {
            assert.ok(!text.includes(digits), digits);
          }
        }
      }
    }),
  );
});

test("a question names tenant and domain in its first line, and what will be sent", () => {
  const changes = [aChange("create"), aChange("create"), aChange("delete")];
  assert.deepEqual(confirmText(aPlan({ changes })), {
    text: "Send 3 changes to Contoso Ltd. (contoso.com): 2 create and 1 delete? [y/N] ",
    wanted: "yes",
  });
});

test("a question before more than ten deletes wants the domain typed", () => {
  const changes = Array.from({ length: 11 }, () => aChange("delete"));
  assert.deepEqual(confirmText(aPlan({ changes })), {
    text: "Send 11 changes to Contoso Ltd. (contoso.com): 11 delete?\nThis removes 11 phones. Type contoso.com to go on: ",
    wanted: "contoso.com",
  });
  const tenant = { id: contoso.id, source: "signIn" } as const;
  assert.equal(confirmText(aPlan({ changes, header: { tenant } })).wanted, contoso.id);
});
