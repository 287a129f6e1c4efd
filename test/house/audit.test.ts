import assert from "node:assert/strict";
import { test } from "node:test";
import { advisoriesVerdict, signaturesVerdict } from "../../script/auditVerdict.ts";

const advisories = (counts: object, packages: object = {}): string =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities: packages, metadata: { vulnerabilities: counts } });

const table: readonly (readonly [
  what: string,
  verdict: ReturnType<typeof advisoriesVerdict>,
  kind: string,
  says: RegExp,
])[] = [
  [
    "nothing",
    advisoriesVerdict(advisories({ low: 0, high: 0, critical: 0 })),
    "passed",
    /no high or critical/,
  ],
  [
    "a moderate advisory",
    advisoriesVerdict(advisories({ moderate: 3, high: 0, critical: 0 })),
    "passed",
    /no high/,
  ],
  [
    "a high advisory",
    advisoriesVerdict(
      advisories({ high: 1, critical: 0 }, { leftpad: { severity: "high" }, x: { severity: "low" } }),
    ),
    "failed",
    /0 critical, 1 high: leftpad$/,
  ],
  ["a critical advisory", advisoriesVerdict(advisories({ critical: 2 })), "failed", /2 critical/],
  [
    "a registry without an audit",
    advisoriesVerdict(
      'npm warn\n{"message":"405 Method Not Allowed - POST https://example.com/-/npm","statusCode":405}',
    ),
    "skipped",
    /npm audit is skipped: .*405 Method Not Allowed - POST \(address\)/,
  ],
  ["nothing printed", advisoriesVerdict(""), "skipped", /npm audit is skipped/],
  ["half an answer", advisoriesVerdict('{"metadata":{"vuln'), "skipped", /printed no answer/],
  ["good signatures", signaturesVerdict('{"invalid":[],"missing":[]}'), "passed", /every package is signed/],
  [
    "a wrong signature",
    signaturesVerdict('{"invalid":[{"name":"x"}],"missing":[]}'),
    "failed",
    /1 wrong, 0 missing: x/,
  ],
  ["a missing signature", signaturesVerdict('{"invalid":[],"missing":[{"name":"y"}]}'), "failed", /y$/],
  [
    "a registry that cannot be reached",
    signaturesVerdict('{"error":{"code":"ENOTFOUND","summary":"request to https://example.com failed"}}'),
    "skipped",
    /npm audit signatures is skipped: .*request to \(address\) failed/,
  ],
];

for (const [what, verdict, kind, says] of table) {
  test(`the audit with ${what} is ${kind}`, () => {
    assert.equal(verdict.kind, kind, verdict.text);
    assert.match(verdict.text, says);
  });
}
