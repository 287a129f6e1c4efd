import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { readXlsx } from "hucre/xlsx";
import type { Change } from "../../src/model/change.ts";
import { planReport, planReportFormats } from "../../src/report/planReport.ts";
import { runReport, runReportFormats } from "../../src/report/runReport.ts";
import * as any from "./arbitraries.ts";
import { aChange, anIssue, anOutcome, aPlan, aRun, bytesOf, textOf } from "./build.ts";
import { entriesOf } from "./unzip.ts";

/** What XML cannot hold. */
const noXml = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu;
const masked = { showNumbers: false };
const whole = { showNumbers: true };

test("a run's CSV has a row for each outcome, joined to the roster, and behind them the issues", async () => {
  const entry = aChange("update", { user: "Adele@contoso.com", ref: { row: 4, sheet: "HR" }, rows: [4, 9] });
  const outcome = anOutcome("failed", { code: "bad", message: "Refused, sorry.", requestId: "r-1" }, entry);
  const text = await textOf(runReport(aRun({ outcomes: [outcome], issues: [anIssue()] }), "csv", masked));
  assert.ok(
    text.startsWith(
      "\ufefffile,sheet,row,rows,user,userPrincipalName,userId,phoneType,kind,from,to,outcome,code,message,attempts,requestId\r\n",
    ),
  );
  const rows: string[][] = parse(text, { bom: true, from_line: 2 });
  assert.deepEqual(rows, [
    [
      "employees.xlsx",
      "HR",
      "4",
      "4 9",
      "Adele@contoso.com",
      "adele@contoso.com",
      entry.userId,
      "mobile",
      "update",
      "+•• ••••••••23",
      "+•• •••••••78",
      "failed",
      "bad",
      "Refused, sorry.",
      "1",
      "r-1",
    ],
    [
      "employees.xlsx",
      "",
      "14",
      "14",
      "alex@contoso.com",
      "",
      "",
      "mobile",
      "issue",
      "",
      "",
      "",
      "invalid-phone",
      "“•••45” is too short. Correct the cell.",
      "",
      "",
    ],
  ]);
});

test("a plan's CSV has the reason in place of the outcome, and full numbers where they are asked for", async () => {
  const text = await textOf(planReport(aPlan({ changes: [aChange("create")] }), "csv", whole));
  const [header, row] = parse(text, { bom: true }) as string[][];
  assert.deepEqual(header?.slice(-4), ["to", "reason", "code", "message"]);
  assert.deepEqual(row?.slice(-4), ["+31 612345678", "emptySlot", "", ""]);
});

test("a run's JSON is one document: run, counts, outcomes, issues", async () => {
  const made = aRun({ outcomes: [anOutcome("applied"), anOutcome("failed")], issues: [anIssue()] });
  const document = JSON.parse(await textOf(runReport(made, "json", masked))) as Readonly<{
    run: Readonly<Record<string, unknown>>;
    counts: unknown;
    outcomes: readonly Readonly<Record<string, unknown>>[];
    issues: readonly Readonly<Record<string, unknown>>[];
  }>;
  const { run, counts, outcomes, issues } = document;
  assert.deepEqual(Object.keys(document), ["run", "counts", "outcomes", "issues"]);
  assert.deepEqual([run.id, run.startedAt, run.throttled], ["run-1", "2026-11-24T10:20:00.000Z", 3]);
  assert.deepEqual(counts, {
    applied: 1,
    alreadySo: 0,
    refused: 0,
    failed: 1,
    inDoubt: 0,
    skipped: 0,
    issues: 1,
  });
  assert.deepEqual(
    outcomes.map(each => [each.outcome, each.to, each.file]),
    [
      ["applied", "+•• •••••••78", "employees.xlsx"],
      ["failed", "+•• •••••••78", "employees.xlsx"],
    ],
  );
  assert.deepEqual(
    issues.map(each => each.code),
    ["invalid-phone"],
  );
});

test("a run without anything is still one JSON document", async () => {
  const document = JSON.parse(await textOf(runReport(aRun(), "json", masked))) as Record<string, unknown>;
  assert.deepEqual([document.outcomes, document.issues], [[], []]);
});

test("a workbook has a table of outcomes, one of issues and a summary, with text cells", async () => {
  const made = aRun({ outcomes: [anOutcome("applied")], issues: [anIssue()] });
  const book = await readXlsx(await bytesOf(runReport(made, "xlsx", whole)), { readStyles: true });
  assert.deepEqual(
    book.sheets.map(sheet => sheet.name),
    ["Outcomes", "Issues", "Summary"],
  );
  const [outcomes, issues, summary] = book.sheets;
  assert.deepEqual(
    outcomes?.tables?.map(table => table.range),
    ["A1:P2"],
  );
  assert.deepEqual(outcomes?.freezePane, { rows: 1 });
  assert.deepEqual(outcomes?.rows[1]?.slice(0, 4), ["employees.xlsx", null, 2, 2]);
  assert.equal(outcomes?.rows[1]?.[10], "+31 612345678");
  assert.equal(outcomes?.cells?.get("1,10")?.style?.numFmt, "@");
  assert.equal(issues?.rows[1]?.[6], "invalid-phone");
  assert.deepEqual(
    summary?.rows.find(row => row[0] === "applied"),
    ["applied", 1],
  );
});

test("a workbook of a plan without issues has no empty table", async () => {
  const book = await readXlsx(
    await bytesOf(planReport(aPlan({ changes: [aChange("create")] }), "xlsx", masked)),
  );
  assert.deepEqual(
    book.sheets.map(sheet => sheet.tables?.length ?? 0),
    [1, 0, 1],
  );
});

test("a workbook of 60,000 changes is streamed as one sheet, the issues behind the changes", async () => {
  const change = aChange("create");
  const plan = { ...aPlan({ issues: [anIssue()] }), changes: () => Iterator.from(repeated(change, 60_000)) };
  let chunks = 0;
  const parts: Uint8Array[] = [];
  for await (const chunk of planReport(plan, "xlsx", masked)) {
    chunks++;
    parts.push(Buffer.from(chunk as Uint8Array));
  }
  assert.ok(chunks > 3);
  const book = await readXlsx(Buffer.concat(parts));
  assert.deepEqual(
    book.sheets.map(sheet => [sheet.name, sheet.rows.length]),
    [["Changes", 60_002]],
  );
  assert.equal(book.sheets[0]?.rows.at(-1)?.[8], "issue");
});

function* repeated(change: Change, times: number): Generator<Change> {
  for (let at = 0; at < times; at++) yield change;
}

test("no workbook holds a formula, and every text comes back, whatever the list holds", async () => {
  await fc.assert(
    fc.asyncProperty(any.plan, any.hostileText, async (plan, user) => {
      const made = { ...plan, changes: () => [aChange("create", { user })] };
      const bytes = await bytesOf(planReport(made, "xlsx", masked));
      const parts = entriesOf(bytes);
      for (const [name, xml] of parts) {
        if (name.startsWith("xl/worksheets/")) assert.doesNotMatch(xml, /<f[ >/]|<c [^>]*t="(?!inlineStr")/);
        assert.doesNotMatch(xml, noXml);
      }
      const book = await readXlsx(bytes);
      const shown = user.toWellFormed().replace(noXml, "\ufffd").replace(/\r\n?/g, "\n");
      const cell = book.sheets[0]?.rows[1]?.[4];
      if (!user.includes("_x")) assert.equal(cell ?? "", shown);
    }),
    { numRuns: 60 },
  );
});

test("a cell longer than Excel's limit is cut and says so", async () => {
  const message = "x".repeat(40_000);
  const bytes = await bytesOf(
    runReport(aRun({ outcomes: [anOutcome("failed", { message })] }), "xlsx", masked),
  );
  const cell = String((await readXlsx(bytes)).sheets[0]?.rows[1]?.[13]);
  assert.deepEqual([cell.length, cell.at(-1)], [32_767, "…"]);
});

test("the HTML of a run is one page that loads nothing and runs nothing", async () => {
  const html = await textOf(
    runReport(aRun({ outcomes: [anOutcome("applied"), anOutcome("failed")] }), "html", masked),
  );
  assert.match(
    html,
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'">/,
  );
  assert.doesNotMatch(html, /<script|<link|<img|<iframe|\son\w+=|\sstyle=|src=|@import|url\(/i);
  assert.match(html, /<title>Apply for Contoso Ltd\. \(contoso\.com\): done<\/title>/);
  assert.match(html, /<details open><summary><span class="dot bad"><\/span>failed/);
  assert.match(html, /<details><summary><span class="dot good"><\/span>applied/);
});

/** What is left of a page when its own markup is taken away: nothing that could be markup. */
const ownTag =
  /<\/?(?:html|head|meta|title|style|body|main|header|h1|h2|p|b|nav|ul|li|a|span|svg|rect|details|summary|div|table|thead|tbody|tr|th|td|small|footer|dl|dt|dd)(?: (?:[a-z-]+(?:="[^"<>]*")?))*>|<!doctype html>/gi;

test("no text of the list becomes markup in the HTML", async () => {
  await fc.assert(
    fc.asyncProperty(any.plan, fc.array(any.outcome, { maxLength: 4 }), async (plan, outcomes) => {
      const pages = [
        await textOf(planReport(plan, "html", masked)),
        await textOf(runReport(aRun({ outcomes, issues: [...plan.issues()] }), "html", masked)),
      ];
      for (const html of pages) {
        const body = html.replace(/<style>[\s\S]*?<\/style>/, "");
        const rest = body.replace(ownTag, "");
        assert.doesNotMatch(rest, /[<>"']/);
        assert.doesNotMatch(rest, /[\u202a-\u202e\u2066-\u2069]|(?![\n])\p{Cc}/u);
        assert.equal((body.match(/<tr>/g) ?? []).length, (body.match(/<\/tr>/g) ?? []).length);
      }
    }),
    { numRuns: 60 },
  );
});

test("a group of the HTML shows ten thousand rows and says how many more there are", async () => {
  const plan = aPlan({ changes: Array.from({ length: 10_003 }, () => aChange("create")) });
  const html = await textOf(planReport(plan, "html", masked));
  assert.equal((html.match(/<tr><td>/g) ?? []).length, 10_000);
  assert.match(html, /… and 3 more; a report as \.xlsx or \.csv has every row\./);
});

test("the Markdown of a plan is tables for a pull request", async () => {
  const text = await textOf(
    planReport(aPlan({ changes: [aChange("delete", { rows: [2, 5] })], issues: [anIssue()] }), "md", masked),
  );
  assert.match(text, /^# Plan for Contoso Ltd\. \(contoso\.com\)\n\n\*\*To do: 1 delete\.\*\*/);
  assert.ok(text.includes("| 2, 5 | adele@contoso.com | mobile | +•• ••••••••23 |  | the cell is blank |\n"));
  assert.ok(
    text.includes(
      "| 14 | alex@contoso.com | mobile | invalid-phone: not a phone number that exists | “•••45” is too short. Correct the cell. |\n",
    ),
  );
});

test("no text of the list leaves its cell of the Markdown, nor becomes markup, a link or a mention", async () => {
  await fc.assert(
    fc.asyncProperty(any.hostileText, fc.array(any.hostileText, { maxLength: 3 }), async (user, messages) => {
      const plan = aPlan({
        changes: [aChange("create", { userPrincipalName: user || "x" })],
        issues: messages.map(message => anIssue({ message })),
      });
      const lines = (await textOf(planReport(plan, "md", masked))).split("\n");
      const row = lines.find(line => line.startsWith("| 2 |"));
      assert.equal((row?.match(/(?<!\\)\|/g) ?? []).length, 7);
      for (const line of lines.filter(each => each.startsWith("| 14 |"))) {
        assert.equal((line.match(/(?<!\\)\|/g) ?? []).length, 6);
        assert.doesNotMatch(line, /<|(?<!\\)[`*_[\]]|https?:\/\/|(?:^|[^\w.])@/);
      }
    }),
  );
});

for (const format of planReportFormats) {
  test(`a plan's ${format} with masked numbers holds no number`, async () => {
    const bytes = await bytesOf(
      planReport(
        aPlan({ changes: [aChange("update"), aChange("refused"), aChange("delete")] }),
        format,
        masked,
      ),
    );
    assert.doesNotMatch(contents(bytes, format), /7700900|6123456/);
  });
}
for (const format of runReportFormats) {
  test(`a run's ${format} with masked numbers holds no number`, async () => {
    const outcomes = [anOutcome("failed", { message: "Found +44 7700 900123." }, aChange("update"))];
    assert.doesNotMatch(
      contents(await bytesOf(runReport(aRun({ outcomes }), format, masked)), format),
      /7700|6123456/,
    );
  });
}

function contents(bytes: Buffer, format: string): string {
  return format === "xlsx" ? [...entriesOf(bytes).values()].join("\n") : bytes.toString("utf8");
}
