import assert from "node:assert/strict";
import { test } from "node:test";
import { createFinder, type Lookups } from "../../src/engine/finder.ts";
import { GraphFault } from "../../src/model/fault.ts";
import type { User } from "../../src/model/user.ts";

/** Users who are asked for at the same time are looked up together, and nobody is lost by it. */

const user = (key: string): User => ({ id: `id-of-${key}`, userPrincipalName: key });
const keys = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `user${index}@contoso.com`);

/** A directory that knows everybody but `missing`, and what was asked of it. */
function directory(missing: readonly string[] = [], many?: Lookups["many"]) {
  const asked: string[] = [];
  const groups: (readonly string[])[] = [];
  const lookups: Lookups = {
    async one(key) {
      asked.push(key);
      return missing.includes(key) ? { kind: "none" } : { kind: "one", user: user(key) };
    },
    async many(group, match) {
      groups.push(group);
      return many
        ? await many(group, match)
        : group.map(key => (missing.includes(key) ? undefined : user(key)));
    },
  };
  return { find: createFinder(lookups), asked, groups };
}

test("forty are looked up in three requests, each gets the answer to his own key", async () => {
  const { find, asked, groups } = directory();
  const found = await Promise.all(keys(40).map(key => find(key, "upn")));
  assert.deepEqual(
    found,
    keys(40).map(key => ({ kind: "one", user: user(key) })),
  );
  assert.deepEqual(
    groups.map(group => group.length),
    [15, 15, 10],
  );
  assert.deepEqual(asked, []);
});

test("who is not among the answers is looked up by himself", async () => {
  const [absent = "", late = ""] = keys(2);
  const { find, asked } = directory([absent], async group =>
    group.map(key => (key === absent || key === late ? undefined : user(key))),
  );
  const found = await Promise.all(keys(15).map(key => find(key, "upn")));
  assert.deepEqual(found[0], { kind: "none" });
  assert.deepEqual(found[1], { kind: "one", user: user(late) });
  assert.deepEqual(asked, [absent, late]);
});

test("a few, a mail address, a guest and a name with a quote are looked up one by one", async () => {
  const { find, asked, groups } = directory();
  await Promise.all(keys(7).map(key => find(key, "upn")));
  await Promise.all(keys(20).map(key => find(key, "mail")));
  const odd = keys(20).map((key, at) => (at % 2 === 0 ? `o'${key}` : `a_b.com#EXT#@${at}`));
  await Promise.all(odd.map(key => find(key, "upn")));
  assert.equal(groups.length, 0);
  assert.equal(asked.length, 47);
});

test("long names make smaller groups", async () => {
  const { find, groups } = directory();
  const long = keys(30).map(key => `${"x".repeat(90)}${key}`);
  await Promise.all(long.map(key => find(key, "upn")));
  for (const group of groups) assert.ok(group.join().length <= 1_500, `${group.length}`);
  assert.ok(groups.every(group => group.length >= 8));
});

const http = (status: number) => async () => {
  throw new GraphFault({ kind: "http", status, message: "No." });
};

const broken: readonly (readonly [name: string, many: Lookups["many"], groups: number])[] = [
  ["knows nobody", async group => group.map(() => undefined), 1],
  ["is refused", http(400), 1],
  ["is not there", http(501), 1],
  ["fails for now", http(503), 2],
];
for (const [name, many, count] of broken) {
  test(`where the filter ${name}, everybody is found all the same`, async () => {
    const { find, asked, groups } = directory([], many);
    const first = await Promise.all(keys(15).map(key => find(key, "upn")));
    const second = await Promise.all(keys(15).map(key => find(key, "upn")));
    assert.ok([...first, ...second].every(({ kind }) => kind === "one"));
    assert.equal(asked.length, 30);
    assert.equal(groups.length, count);
  });
}

for (const [name, fault] of [
  ["throttled", { kind: "http", status: 429, message: "" }],
  ["not signed in", { kind: "http", status: 401, message: "" }],
  ["never answered", { kind: "timeout", message: "" }],
] as const) {
  test(`a group that is ${name} is a failure of each of its look-ups, who may try again`, async () => {
    let failures = 1;
    const { find } = directory([], async group => {
      if (failures-- > 0) throw new GraphFault(fault);
      return group.map(user);
    });
    const first = await Promise.allSettled(keys(15).map(key => find(key, "upn")));
    assert.ok(first.every(each => each.status === "rejected" && each.reason instanceof GraphFault));
    const second = await Promise.all(keys(15).map(key => find(key, "upn")));
    assert.ok(second.every(({ kind }) => kind === "one"));
  });
}
