import assert from "node:assert/strict";
import { test } from "node:test";
import { type Policy, policies } from "../../src/model/change.ts";
import { type PhoneType, phoneTypes } from "../../src/model/phone.ts";
import { type Line, runCli } from "../support/cli.ts";
import { csv, prepop, rehearse } from "../support/rehearse.ts";
import { aTenant, type Phones } from "../support/tenant.ts";

/** The table of policies, cell by cell, for each of the three phone types, through the command line. */

const listed: Readonly<Record<PhoneType, string>> = {
  mobile: "+31 612345678",
  alternateMobile: "+31 612345679",
  office: "+31 201234567",
};
const other = "+31 687654321";
const anna = "anna@contoso.com";

type Cell = "number" | "blank" | "unreadable" | "unmapped";
type Slot = "empty" | "same" | "other";
/** The kind of the change, nothing, or a kind with the reason of a refusal. */
type Expected = "create" | "update" | "delete" | "unchanged" | "kept" | "refused otherNumber" | "nothing";

type Row = {
  readonly cell: Cell;
  readonly slot: Slot;
  readonly expected: Readonly<Record<Policy, Expected>>;
};

const nothing = { add: "nothing", update: "nothing", mirror: "nothing", remove: "nothing" } as const;

const table: readonly Row[] = [
  {
    cell: "number",
    slot: "empty",
    expected: { add: "create", update: "create", mirror: "create", remove: "unchanged" },
  },
  {
    cell: "number",
    slot: "same",
    expected: { add: "unchanged", update: "unchanged", mirror: "unchanged", remove: "delete" },
  },
  {
    cell: "number",
    slot: "other",
    expected: { add: "kept", update: "update", mirror: "update", remove: "refused otherNumber" },
  },
  { cell: "blank", slot: "empty", expected: nothing },
  { cell: "blank", slot: "same", expected: { ...nothing, mirror: "delete" } },
  { cell: "unreadable", slot: "empty", expected: nothing },
  { cell: "unreadable", slot: "same", expected: nothing },
  { cell: "unmapped", slot: "empty", expected: nothing },
  { cell: "unmapped", slot: "same", expected: nothing },
];

const outcomeOf: Readonly<Record<Expected, string>> = {
  create: "applied",
  update: "applied",
  delete: "applied",
  unchanged: "alreadySo",
  kept: "skipped",
  "refused otherNumber": "refused",
  nothing: "",
};

/** The case's column; where it is not mapped, another one that nobody holds anything in. */
function rosterOf(type: PhoneType, cell: Cell): string {
  const beside = type === "office" ? "mobile" : "office";
  if (cell === "unmapped") return csv(`userPrincipalName,${beside}`, `${anna},`);
  const text = { number: listed[type], blank: "", unreadable: "12" }[cell];
  return csv(`userPrincipalName,${type}`, `${anna},${text}`);
}

/** An alternate mobile needs a mobile, which the user has and the roster does not speak of. */
function heldIn(type: PhoneType, slot: Slot): Phones {
  const mobile = type === "alternateMobile" ? { mobile: "+31 611111111" } : {};
  if (slot === "empty") return mobile;
  return { ...mobile, [type]: slot === "same" ? listed[type] : other };
}

function phoneAfter(held: string | undefined, type: PhoneType, expected: Expected): string | undefined {
  switch (expected) {
    case "create":
    case "update":
      return listed[type];
    case "delete":
      return undefined;
    default:
      return held;
  }
}

for (const policy of policies) {
  test(`policy ${policy} does to each slot what the table says`, async t => {
    for (const { cell, slot, expected } of table) {
      for (const type of phoneTypes) {
        await t.test(`${type}: ${cell} cell, ${slot} slot: ${expected[policy]}`, async () => {
          const held = heldIn(type, slot);
          await using tenant = await aTenant()
            .withUser(anna, held, { otherMethods: ["password", "microsoftAuthenticator"] })
            .start();
          const wanted = expected[policy];
          const { plan, apply } = await rehearse(tenant, rosterOf(type, cell), ["--policy", policy]);

          assert.deepEqual(changesOf(plan.of("change")), wanted === "nothing" ? [] : [wanted]);
          assert.deepEqual(
            apply.of("outcome").map(line => line.outcome),
            wanted === "nothing" ? [] : [outcomeOf[wanted]],
          );
          assert.equal(tenant.phones(anna)[type], phoneAfter(held[type], type, wanted));
          const { [type]: _, ...others } = tenant.phones(anna);
          const { [type]: __, ...othersBefore } = held;
          assert.deepEqual(others, othersBefore, "another phone of the user was touched");
        });
      }
    }
  });
}

const rowsInError: readonly { readonly name: string; readonly header: string; readonly row: string }[] = [
  { name: "its user is no user", header: "userPrincipalName,mobile,office", row: "anna,,+31 201234567" },
  { name: "its user is unknown", header: "userPrincipalName,mobile,office", row: "ann@contoso.com,," },
  {
    name: "its other key is somebody else's",
    header: "userPrincipalName,employeeId,mobile,office",
    row: `${anna},9,,+31 201234567`,
  },
];

for (const policy of policies) {
  test(`a row in error changes nothing under ${policy}, whatever its cells say`, async t => {
    for (const { name, header, row } of rowsInError) {
      await t.test(name, async () => {
        const held = { mobile: listed.mobile };
        await using tenant = await aTenant()
          .withUser(anna, held, { employeeId: "7", otherMethods: ["password", "microsoftAuthenticator"] })
          .start();
        const { plan } = await rehearse(tenant, csv(header, row), [
          ...["--policy", policy],
          ...(header.includes("employeeId") ? ["--column", "employeeId=employeeId"] : []),
        ]);
        assert.deepEqual(plan.of("change"), []);
        assert.equal(plan.exitCode, 3);
        assert.deepEqual(tenant.phones(anna), held);
      });
    }
  });
}

test("remove takes slots away where the list has no phone column and --types names them", async () => {
  const held = { mobile: listed.mobile, alternateMobile: listed.alternateMobile, office: listed.office };
  await using tenant = await aTenant()
    .withUser(anna, held, { otherMethods: ["password", "microsoftAuthenticator"] })
    .start();
  const roster = csv("userPrincipalName", anna);
  const refused = await prepop(tenant, ["plan", roster, "--policy", "remove", "--json"]);
  assert.equal(refused.exitCode, 7);
  assert.equal(refused.of("error")[0]?.code, "PREPOP_ROSTER_TYPES_NEEDED");

  await rehearse(tenant, roster, ["--policy", "remove", "--types", "mobile,alternateMobile"]);
  assert.deepEqual(tenant.phones(anna), { office: listed.office });
});

test("a row whose phone cells are all blank is missing-phone where a blank cell asks for nothing", async t => {
  for (const policy of policies) {
    await t.test(policy, async () => {
      await using tenant = await aTenant().withUser(anna).withUser("bert@contoso.com").start();
      const roster = csv(
        "userPrincipalName,mobile,office",
        `${anna},,`,
        `bert@contoso.com,${listed.mobile},`,
      );
      const { plan } = await rehearse(tenant, roster, ["--policy", policy]);
      const missing = plan.of("issue").filter(line => line.code === "missing-phone");
      assert.deepEqual(
        missing.map(line => line.row),
        policy === "add" || policy === "update" ? [2] : [],
      );
    });
  }
  const check = await runCli(["check", csv("userPrincipalName,mobile,office", `${anna},,`), "--json"], {
    env: {},
  });
  assert.equal(check.exitCode, 3);
  assert.match(check.stdout, /missing-phone/);
});

test("users who are not in the roster are never touched", async t => {
  for (const policy of policies) {
    await t.test(policy, async () => {
      const held = { mobile: other, office: listed.office };
      await using tenant = await aTenant().withUser(anna).withUser("bert@contoso.com", held).start();
      await rehearse(tenant, csv("userPrincipalName,mobile,office", `${anna},${listed.mobile},`), [
        ...["--policy", policy],
      ]);
      assert.deepEqual(tenant.phones("bert@contoso.com"), held);
    });
  }
});

const alternates: readonly {
  readonly name: string;
  readonly policy: Policy;
  readonly held: Phones;
  readonly row: string;
  readonly issue: boolean;
  readonly after: Phones;
}[] = [
  {
    name: "no mobile and none comes",
    policy: "update",
    held: {},
    row: `,${listed.alternateMobile}`,
    issue: true,
    after: {},
  },
  {
    name: "the mobile comes with it",
    policy: "add",
    held: {},
    row: `${listed.mobile},${listed.alternateMobile}`,
    issue: false,
    after: { mobile: listed.mobile, alternateMobile: listed.alternateMobile },
  },
  {
    name: "the mobile is there",
    policy: "add",
    held: { mobile: other },
    row: `,${listed.alternateMobile}`,
    issue: false,
    after: { mobile: other, alternateMobile: listed.alternateMobile },
  },
  {
    name: "the same row removes the mobile",
    policy: "mirror",
    held: { mobile: other },
    row: `,${listed.alternateMobile}`,
    issue: true,
    after: {},
  },
  {
    name: "the mobile's cell is unreadable",
    policy: "update",
    held: {},
    row: `12,${listed.alternateMobile}`,
    issue: true,
    after: {},
  },
];

test("an alternate mobile goes only beside a mobile", async t => {
  for (const { name, policy, held, row, issue, after } of alternates) {
    await t.test(name, async () => {
      await using tenant = await aTenant()
        .withUser(anna, held, { otherMethods: ["password", "microsoftAuthenticator"] })
        .start();
      const roster = csv("userPrincipalName,mobile,alternateMobile", `${anna},${row}`);
      const { plan } = await rehearse(tenant, roster, ["--policy", policy]);
      const codes = plan.of("issue").map(line => line.code);
      assert.equal(codes.includes("alternate-without-mobile"), issue, codes.join());
      assert.deepEqual(tenant.phones(anna), after);
    });
  }
});

function changesOf(lines: readonly Line[]): readonly string[] {
  return lines.map(line => (line.kind === "refused" ? `refused ${line.reason}` : String(line.kind)));
}
