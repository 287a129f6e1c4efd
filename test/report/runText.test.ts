import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText, inspectText } from "../../src/report/checkText.ts";
import { phonesText } from "../../src/report/phonesText.ts";
import { displayWidth } from "../../src/report/plainText.ts";
import { progressLine, progressPlain } from "../../src/report/progress.ts";
import { runsText } from "../../src/report/runsText.ts";
import { runText } from "../../src/report/runText.ts";
import { aChange, anIssue, anOutcome, aRun, type RunParts } from "./build.ts";

const options = { width: 80, color: false, showNumbers: false };
const shown = (parts: RunParts): string[] => [...runText(aRun(parts), options)];
const sentence = (parts: RunParts): string => shown(parts).join(" ").replace(/\s+/g, " ");

test("a run that went well says so in a few lines, and how to take it back", () => {
  const outcomes = [anOutcome("applied"), anOutcome("alreadySo", { attempts: 0 }, aChange("unchanged"))];
  assert.deepEqual(shown({ outcomes }), [
    "apply: done · Contoso Ltd. · contoso.com · 8b1f0c1e-27a5-4d0a-9c58-0f4f0d2e6b11",
    "Run run-1, from employees.xlsx, policy add, by admin@contoso.com.",
    "",
    "1 applied and 1 already so.",
    "40 writes in 2 min 14 s (0.3/s), 12 HTTP requests, 3 of them slowed down by",
    "Graph (429).",
    "",
    "Every change of the plan has its outcome.",
    "Next: prepop undo run-1, if this must be taken back",
  ]);
});

test("what was not done comes first, by code, and a message that holds for several rows is said once", () => {
  const bad = { code: "invalidPhoneNumber", message: "Graph refused it: the number is not valid." };
  const outcomes = [
    anOutcome("applied"),
    anOutcome("failed", bad, aChange("create", { ref: { row: 7 } })),
    anOutcome("failed", bad, aChange("create", { ref: { row: 8 } })),
    anOutcome(
      "inDoubt",
      { code: "PREPOP_ROW_IN_DOUBT", message: "No trustworthy answer came." },
      aChange("update", { ref: { row: 3 } }),
    ),
  ];
  assert.deepEqual(shown({ outcomes, run: { state: "inDoubt" } }).slice(4, 13), [
    "    row  user               type    now    then",
    "? in doubt 1 (PREPOP_ROW_IN_DOUBT)",
    "      3  adele@contoso.com  mobile  •••23  → •••78",
    "         No trustworthy answer came.",
    "x failed 2 (invalidPhoneNumber)",
    "      7  adele@contoso.com  mobile         → •••78",
    "      8  adele@contoso.com  mobile         → •••78",
    "         Graph refused it: the number is not valid.",
    "",
  ]);
});

const said: readonly (readonly [name: string, parts: RunParts, words: RegExp])[] = [
  [
    "an interrupted run",
    { outcomes: [anOutcome("applied")], open: 5, run: { state: "interrupted" } },
    /interrupted: 1 change applied, 5 not finished\. Nothing is lost.*Next: prepop resume run-1$/,
  ],
  [
    "a stopped run",
    { outcomes: [anOutcome("applied"), anOutcome("skipped")], run: { state: "ended" } },
    /stopped: 1 change applied and stand, 1 was not sent/,
  ],
  [
    "changes in doubt",
    { outcomes: [anOutcome("inDoubt"), anOutcome("inDoubt")] },
    /2 changes are in doubt: sent, but without a trustworthy answer\. prepop resume reads them back.*Next: prepop resume run-1$/,
  ],
  [
    "changes that were not made",
    { outcomes: [anOutcome("refused")] },
    /1 change was not made; each row says why\..*Next: prepop plan/,
  ],
  [
    "a superseded run",
    { run: { state: "superseded" } },
    /A newer plan took the place.*Next: prepop plan ROSTER$/,
  ],
  [
    "an applied number that is not unique",
    {
      outcomes: [anOutcome("applied", { code: "phoneNumberNotUnique", message: "lee@contoso.com uses it." })],
    },
    /\+ applied 1 \(phoneNumberNotUnique\).*lee@contoso\.com uses it/,
  ],
  ["rows with issues", { issues: [anIssue()] }, /Issues: 1 error .* Next: prepop plan/],
];
for (const [name, parts, words] of said) {
  test(`the result tells of ${name}`, () => assert.match(sentence(parts), words));
}

test("progress on a terminal is one line with a bar, the share, the rate and the time left", () => {
  const state = { done: 412, total: 1180, startedAt: 0, now: 40_000, phase: "writing" };
  assert.equal(progressLine(state, 79), "writing  ████████▍░░░░░░░░░░░░░░░ 412/1,180  34 %  10/s  1:15 left");
  assert.equal(progressPlain(state), "writing: 412/1,180, 34 %, 10/s, 1:15 left");
});

const progress: readonly (readonly [
  name: string,
  state: Parameters<typeof progressPlain>[0],
  plain: string,
])[] = [
  ["without a total", { done: 1204, startedAt: 0, now: 2000 }, "done: 1,204, 602/s"],
  ["before anything is done", { done: 0, total: 10, startedAt: 0, now: 5000 }, "done: 0/10, 0 %"],
  ["at the end", { done: 10, total: 10, startedAt: 0, now: 5000 }, "done: 10/10, 100 %, 2/s"],
  [
    "with a given rate and hours left",
    { done: 1, total: 20_001, startedAt: 0, now: 5000, rate: 2 },
    "done: 1/20,001, 0 %, 2/s, 2:46:40 left",
  ],
  [
    "while Graph asks to wait",
    { done: 5, total: 10, startedAt: 0, now: 500, note: "Graph asks to wait 12 s" },
    "done: 5/10, 50 %, 10/s, Graph asks to wait 12 s",
  ],
];
for (const [name, state, plain] of progress) {
  test(`progress ${name}`, () => {
    assert.equal(progressPlain(state), plain);
    for (const width of [20, 40, 79]) assert.ok(displayWidth(progressLine(state, width)) <= width);
  });
}

test("the phones of a user are a small table, masked", () => {
  const phone = {
    id: "1",
    phoneType: "mobile",
    phoneNumber: "+31 612345678",
    smsSignInState: "ready",
  } as const;
  const user = { userPrincipalName: "adele@contoso.com", id: "id-1" };
  assert.deepEqual(
    [...phonesText(user, [phone], options)],
    ["adele@contoso.com (id-1)", "  type    number         SMS sign-in", "  mobile  +•• •••••••78  ready"],
  );
  assert.deepEqual([...phonesText(user, [], options)], ["adele@contoso.com (id-1)", "  no phone"]);
});

test("the runs of the ledger are a line each", () => {
  const { run } = aRun();
  assert.deepEqual([...runsText([{ ...run, counts: { applied: 1204, failed: 2 } }], options)].slice(0, 2), [
    "run    when               tenant       state       outcomes",
    "run-1  2026-11-24 10:20Z  contoso.com  apply done  1,204 applied, 2 failed",
  ]);
  assert.deepEqual([...runsText([], options)], ["The ledger holds no run yet."]);
  const long = { ...run, id: "0c9f3a52-7c1b-4b6e-9a52-0f6f1f0c7e11", counts: {} };
  assert.match([...runsText([long], options)][1] ?? "", /^0c9f3a52 {2}2026/);
});

test("after a plan that was just shown, its issues and what it kept are counted and not told again", () => {
  const parts: RunParts = {
    outcomes: [
      anOutcome("applied"),
      anOutcome(
        "skipped",
        { attempts: 0, code: "PREPOP_ROW_KEPT", message: "Another number." },
        aChange("kept"),
      ),
      anOutcome("failed", { code: "invalidPhoneNumber", message: "Graph refused it." }),
    ],
    issues: [anIssue()],
  };
  const again = [...runText(aRun(parts), { ...options, planShown: true, list: "phones.xlsx --region NL" })];
  assert.equal(again[0], "");
  const text = again.join(" ").replace(/\s+/g, " ");
  assert.match(text, /x failed 1 \(invalidPhoneNumber\).*1 applied, 1 failed and 1 skipped/);
  assert.match(text, /1 error of the list stands above, with the plan\./);
  assert.doesNotMatch(text, /PREPOP_ROW_KEPT|invalid-phone/);
  assert.match(text, /Next: prepop plan phones\.xlsx --region NL, which shows what is left$/);
  assert.match(sentence(parts), /PREPOP_ROW_KEPT.*invalid-phone.*Next: prepop plan ROSTER,/);
});

test("a checked roster says its columns, what can be used, and what is wrong", () => {
  const view = {
    name: "employees.xlsx",
    columns: { user: { header: "UPN", column: "A" }, mobile: { header: "Mobile" } },
    counts: { rows: 20, usable: 19, issues: 1, warnings: 0, hiddenRows: 2 },
    rows: () => [{ ref: { row: 14 }, user: "alex@contoso.com", phones: {}, issues: [anIssue()] }],
  };
  const lines = [...checkText(view, options)];
  assert.deepEqual(lines.slice(0, 3), [
    "Check employees.xlsx",
    "  user             UPN (column A)",
    "  mobile           Mobile",
  ]);
  assert.ok(lines.some(line => line.startsWith("x invalid-phone 1: ")));
  assert.deepEqual(lines.slice(-3), [
    "20 rows, 2 of them hidden; 19 can be used.",
    "Rows with errors make no change: correct them, or go on without them.",
    "Next: prepop plan employees.xlsx",
  ]);
});

const inspected: readonly (readonly [line: Parameters<typeof inspectText>[0], text: string])[] = [
  [{ type: "sheet", name: "HR", state: "hidden", hiddenRows: [3] }, "Sheet HR (hidden, 1 hidden row)"],
  [
    {
      type: "table",
      name: "T",
      sheet: "HR",
      ref: "A1:B3",
      headers: ["UPN", "Mobile"],
      dataRows: 2,
      totalsRow: true,
    },
    "Table T at A1:B3 of HR: 2 rows, with a totals row; headers UPN and Mobile",
  ],
  [{ type: "cell", sheet: "HR", ref: "A1", text: "UPN\u001b[2J" }, "  A1     UPN�[2J"],
];
for (const [line, text] of inspected) {
  test(`inspect shows a ${line.type}`, () => assert.equal(inspectText(line), text));
}
