import assert from "node:assert/strict";
import { test } from "node:test";
import { changeHash, type DigestHead, digest } from "../../src/decide/digest.ts";
import type { Change } from "../../src/model/change.ts";
import { changeOf } from "./build.ts";

const head: DigestHead = { tenantId: "T-1", policy: "update", smsSignIn: "leave" };
const change = changeOf("update");
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString("hex");

/** Saved plans and interrupted runs are known by it, so it may not change unnoticed. */
test("a digest is the same in every release", () => {
  assert.equal(hex(changeHash(change)), "10b5e638fdb311184e4e888a6554cdfaee4f3087db91d4e71286fe7deb90be7f");
  assert.equal(
    digest(head, [changeHash(change)]),
    "c99bb7ad8c1d50ce1891fe8cef0f0e70cba72add1697c67fe5e185a2bf443c18",
  );
  assert.equal(digest(head, []), "60cf2323431f8bd773bebc8686bf3884718202d4a958add8d4fa89f1b1d1e451");
});

const bound: Partial<Change>[] = [
  { kind: "create" },
  { user: "Bob" },
  { userPrincipalName: "bob@contoso.com" },
  { userId: "user-2" },
  { phoneType: "office" },
  { from: null },
  { to: null },
  { switchDefault: { from: "sms", to: "push" } },
];
for (const more of bound) {
  test(`another ${Object.keys(more)[0]} is another change`, () => {
    assert.notEqual(hex(changeHash({ ...change, ...more })), hex(changeHash(change)));
  });
}

const free: Partial<Change>[] = [
  { reason: "smsSignIn" },
  { ref: { row: 99 } },
  { rows: [99] },
  { basis: "report" },
];
for (const more of free) {
  test(`${Object.keys(more)[0]} is not part of what is bound`, () => {
    assert.equal(hex(changeHash({ ...change, ...more })), hex(changeHash(change)));
  });
}

const heads: Partial<DigestHead>[] = [{ tenantId: "T-2" }, { policy: "mirror" }, { smsSignIn: "enable" }];
for (const more of heads) {
  test(`another ${Object.keys(more)[0]} is another plan`, () => {
    assert.notEqual(digest({ ...head, ...more }, [changeHash(change)]), digest(head, [changeHash(change)]));
  });
}

test("a switch of the default is bound beside the rest, not in its place", () => {
  const switched = changeOf("delete", { switchDefault: { from: "sms", to: "push" } });
  assert.notEqual(hex(changeHash({ ...switched, userId: "user-2" })), hex(changeHash(switched)));
  const other: Change = { ...switched, switchDefault: { from: "sms", to: "oath" } };
  assert.notEqual(hex(changeHash(other)), hex(changeHash(switched)));
});

test("each change counts", () => {
  const second = changeHash(changeOf("create"));
  assert.notEqual(digest(head, [changeHash(change), second]), digest(head, [changeHash(change)]));
  assert.notEqual(digest(head, [changeHash(change), second]), digest(head, [second]));
});
