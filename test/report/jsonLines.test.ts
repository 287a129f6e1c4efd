import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PhoneNumber } from "../../src/model/phone.ts";
import { changeLine, issueLine, outcomeLine, phoneLine, rowLine } from "../../src/report/jsonLines.ts";
import * as any from "./arbitraries.ts";
import { aChange, anIssue } from "./build.ts";

test("a change has the fields of the interface, in their order, with its numbers masked", () => {
  assert.equal(
    JSON.stringify(changeLine(aChange("update", { rows: [2, 9] }), false)),
    '{"type":"change","kind":"update","user":"adele@contoso.com","userPrincipalName":"adele@contoso.com","userId":"3fa85f64-5717-4562-b3fc-2c963f66afa6","phoneType":"mobile","from":"+•• ••••••••23","to":"+•• •••••••78","reason":"otherNumber","row":2,"rows":[2,9]}',
  );
});

test("a change with --show-numbers has them whole, and null for an empty slot", () => {
  const line = changeLine(aChange("create"), true);
  assert.deepEqual([line.from, line.to], [null, "+31 612345678"]);
});

test("a delete that switches the default method says so", () => {
  const switchDefault = { from: "sms", to: "push" } as const;
  assert.deepEqual(changeLine(aChange("delete", { switchDefault }), false).switchDefault, switchDefault);
});

test("an outcome has null where there is nothing to say", () => {
  assert.equal(
    JSON.stringify(outcomeLine(aChange("create"), { outcome: "applied", attempts: 1 }, false)),
    '{"type":"outcome","outcome":"applied","kind":"create","user":"adele@contoso.com","userPrincipalName":"adele@contoso.com","userId":"3fa85f64-5717-4562-b3fc-2c963f66afa6","phoneType":"mobile","to":"+•• •••••••78","attempts":1,"requestId":null,"code":null,"message":null,"row":2,"rows":[2]}',
  );
});

test("an issue leaves out the sheet and the phone type that it does not have", () => {
  const { phoneType: _, ...bare } = anIssue({ user: null, code: "missing-user", message: "No user." });
  assert.equal(
    JSON.stringify(issueLine(bare)),
    '{"type":"issue","code":"missing-user","level":"error","row":14,"user":null,"message":"No user."}',
  );
  assert.equal(issueLine(anIssue({ ref: { row: 3, sheet: "HR" } })).sheet, "HR");
});

test("a checked row has what its cells parse to, also when it has an issue", () => {
  const row = {
    ref: { row: 2, sheet: "Sheet1" },
    user: "adele@contoso.com",
    phones: { mobile: "+31 612345678" as PhoneNumber },
    issues: [anIssue({ ref: { row: 2 } })],
  };
  assert.equal(
    JSON.stringify(rowLine(row, false)),
    '{"type":"row","row":2,"sheet":"Sheet1","user":"adele@contoso.com","phones":{"mobile":"+•• •••••••78"},"issues":[{"code":"invalid-phone","level":"error","phoneType":"mobile","message":"“•••45” is too short. Correct the cell."}]}',
  );
});

test("a phone of a user has its state, or null where Graph does not say it", () => {
  const phone = {
    id: "3179e48a-750b-4051-897c-87b9720928f7",
    phoneType: "mobile",
    phoneNumber: "+31 612345678",
    smsSignInState: undefined,
  } as const;
  assert.deepEqual(phoneLine({ id: "id-1", userPrincipalName: "adele@contoso.com" }, phone, false), {
    type: "phone",
    user: "adele@contoso.com",
    userId: "id-1",
    phoneType: "mobile",
    phoneNumber: "+•• •••••••78",
    smsSignInState: null,
    id: "3179e48a-750b-4051-897c-87b9720928f7",
  });
});

const users: readonly (readonly [name: string, user: string, shown: string])[] = [
  ["a name stays as it is, for joining", "user0012@contoso.com", "user0012@contoso.com"],
  ["an employee id stays as it is", "00123456", "00123456"],
  ["a number in the wrong column is hidden", "+31 6 12345678", "+•• • ••••••78"],
];
for (const [name, user, shown] of users) {
  test(`the roster's user: ${name}`, () =>
    assert.equal(changeLine(aChange("create", { user }), false).user, shown));
}

test("a number that slipped into a message is hidden", () => {
  const outcome = { outcome: "refused", attempts: 1, message: "Found +44 7700 900123 (entry 12)." } as const;
  assert.equal(outcomeLine(aChange("create"), outcome, false).message, "Found +•• •••• ••••23 (entry 12).");
  assert.equal(outcomeLine(aChange("create"), outcome, true).message, "Found +44 7700 900123 (entry 12).");
});

test("no masked line holds more than the last two digits of any number", () => {
  const digits = (text: unknown): number => (String(text ?? "").match(/\p{Nd}/gu) ?? []).length;
  fc.assert(
    fc.property(any.change, any.canonicalNumber, (change, number) => {
      const line = changeLine(change, false);
      const said = outcomeLine(
        change,
        { outcome: "failed", attempts: 1, message: `Graph: ${number} is bad` },
        false,
      );
      for (const text of [line.from, line.to, said.to, said.message])
        assert.ok(digits(text) <= 2, String(text));
    }),
  );
});
