import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { apiDefinition } from "../../../src/connector/definition.ts";
import { workflowDefinition } from "../../../src/connector/flow/definition.ts";
import {
  type Dialect,
  logicApp,
  logicAppIdentity,
  powerAutomate,
} from "../../../src/connector/flow/dialect.ts";
import { defaultFlow, type FlowOptions } from "../../../src/connector/flow/options.ts";
import { defaultConnector } from "../../../src/connector/options.ts";
import { sameNumber } from "../../../src/model/phone.ts";
import { openSandbox, type SandboxConfig, type UnservedSandbox } from "../../../src/sandbox/sandbox.ts";
import type { SeedUser } from "../../../src/sandbox/user.ts";
import type { Value } from "../../support/flow/expression.ts";
import { type FlowRun, runFlow } from "../../support/flow/run.ts";
import { services } from "../../support/flow/services.ts";
import { virtualClock } from "../../support/virtualClock.ts";

type Row = { readonly [header: string]: Value };

type Flow = {
  readonly run: FlowRun;
  readonly sandbox: UnservedSandbox;
  readonly calls: number;
  /** How long it took, s. */
  readonly seconds: number;
  /** What the flow says of each row that it tried. */
  readonly results: readonly { readonly user: string; readonly outcome: string; readonly status: number }[];
  readonly outcomes: Readonly<Record<string, string>>;
  phone(user: string): string | undefined;
};

type Case = {
  readonly rows: readonly Row[];
  readonly users: readonly (string | SeedUser)[];
  readonly config?: SandboxConfig;
  readonly options?: Partial<FlowOptions>;
  readonly dialect?: (options: FlowOptions) => Dialect;
  readonly callsPerMinute?: number;
};

/** Builds the flow, as it would be imported, and runs it. */
async function flow({
  rows,
  users,
  config,
  options,
  dialect = powerAutomate,
  callsPerMinute = 500,
}: Case): Promise<Flow> {
  const clock = virtualClock();
  const sandbox = openSandbox({ latencyMs: 200, ...config, users, clock: clock.sandbox });
  const settings = { ...defaultFlow, graph: sandbox.url, ...options };
  const world = services({
    sandbox,
    clock,
    table: rows,
    swagger: apiDefinition(defaultConnector),
    callsPerMinute,
  });
  const began = clock.now();
  const made = workflowDefinition(settings, dialect(settings));
  const run = await runFlow(made as never, world, {
    $connections: {
      excelonlinebusiness: { connectionId: "excel" },
      entraphonemethods: { connectionId: "phones" },
    },
  });
  const results = (run.body("Results") ?? []) as unknown as Flow["results"];
  return {
    run,
    sandbox,
    calls: world.calls(),
    seconds: (clock.now() - began) / 1000,
    results,
    outcomes: Object.fromEntries(results.map(({ user, outcome }) => [user, outcome])),
    phone: user => sandbox.user(user)?.phones.mobile?.phoneNumber,
  };
}

const name = (index: number): string => `user${index}@contoso.com`;
const numberOf = (index: number): string => `+44 7700${String(900_000 + (index % 1000)).padStart(6, "0")}`;
const row = (index: number, number: Value = numberOf(index)): Row => ({
  userPrincipalName: name(index),
  telephoneNumber: number,
});
const summaryOf = ({ run }: Flow) => run.actions.get("Summary")?.outputs as Readonly<Record<string, number>>;

const faults: SandboxConfig["faults"] = [
  { kind: "committedThen504", probability: 0.03 },
  { kind: "committedThen409", probability: 0.01 },
  { kind: "committedThenTimeout", probability: 0.01 },
  { kind: "committedThenReset", probability: 0.01 },
  { kind: "timeoutBefore", probability: 0.01 },
  { kind: "resetBefore", probability: 0.01 },
  { kind: "throttled", probability: 0.03 },
  { kind: "unavailable", probability: 0.02, retryAfter: "missing" },
  { kind: "unreadableBody", body: "html", probability: 0.01, match: { effect: "write" } },
];

describe("1,300 rows with faults: every phone is right and every row is reported truthfully", () => {
  const dialects = { powerAutomate, logicApp, logicAppIdentity };
  for (const policy of ["add", "update"] as const) {
    for (const [kind, dialect] of Object.entries(dialects)) {
      test(`${kind}, ${policy}`, async () => {
        const count = 1300;
        // Every tenth user has a phone: the same, or another one.
        const users = Array.from({ length: count }, (_, index) => ({
          userPrincipalName: name(index),
          ...(index % 10 === 0
            ? { phones: { mobile: index % 20 === 0 ? numberOf(index) : "+44 7700900999" } }
            : {}),
        }));
        const rows = users.map((_, index) => row(index));
        const made = await flow({
          rows,
          users,
          options: { policy },
          dialect,
          config: { faults, stalenessMs: 2000 },
        });

        assert.equal(made.results.length, count);
        const counts = summaryOf(made);
        assert.equal(counts.rowsInTable, count);
        assert.equal(counts.withoutResult, 0);
        for (const { user, outcome } of made.results) {
          const index = Number(/\d+/.exec(user)?.[0]);
          const right = sameNumber(made.phone(user) ?? "", numberOf(index));
          const kept = policy === "add" && index % 20 === 10;
          if (kept) {
            assert.equal(made.phone(user), "+44 7700900999", user);
            assert.ok(outcome === "refused" || outcome === "inDoubt", `${user} ${outcome}`);
          } else {
            assert.ok(right, `${user} has ${made.phone(user)}, ${outcome}`);
            assert.notEqual(outcome, "refused", user);
            assert.notEqual(outcome, "failed", user);
          }
        }
        const unresolved = made.results.filter(({ outcome }) =>
          /refused|failed|inDoubt/.test(outcome),
        ).length;
        assert.equal(made.run.status, unresolved > 0 ? "Failed" : "Succeeded");
        assert.deepEqual((made.run.body("Unresolved") as readonly Value[]).length, unresolved);
        if (policy === "update") assert.equal(unresolved, 0);
        else assert.equal(unresolved, 65);
      });
    }
  }
});

test("1,300 rows keep to 500 calls a minute and are done in some minutes", async () => {
  const users = Array.from({ length: 1300 }, (_, index) => name(index));
  const made = await flow({ rows: users.map((_, index) => row(index)), users });
  assert.equal(made.run.status, "Succeeded");
  assert.ok(made.seconds > 120 && made.seconds < 600, `${made.seconds} s`);
});

describe("what is said of one row", () => {
  const kim = name(1);
  const mobile = numberOf(1);
  const user = (number?: string): SeedUser => ({
    userPrincipalName: kim,
    ...(number === undefined ? {} : { phones: { mobile: number } }),
  });
  const once = (kind: string, more: object = {}) =>
    ({ faults: [{ kind, match: { effect: "write" }, ...more }] }) as SandboxConfig;
  type Said = {
    readonly what: string;
    readonly has?: string;
    readonly config?: SandboxConfig;
    readonly options?: Partial<FlowOptions>;
    readonly outcome: string;
    readonly left: string | undefined;
    readonly number?: string;
  };
  const update = { policy: "update" as const };
  const cases: readonly Said[] = [
    { what: "an empty slot is filled", outcome: "applied", left: mobile },
    { what: "the same number stays", has: mobile, outcome: "inPlace", left: mobile },
    {
      what: "another number is kept under add",
      has: "+44 7700900999",
      outcome: "refused",
      left: "+44 7700900999",
    },
    {
      what: "another number is replaced under update",
      has: "+44 7700900999",
      options: update,
      outcome: "applied",
      left: mobile,
    },
    {
      what: "the same number is not sent under update",
      has: mobile,
      options: update,
      outcome: "alreadySo",
      left: mobile,
    },
    {
      what: "a number without its space is the same",
      number: mobile.replace(" ", ""),
      has: mobile,
      outcome: "inPlace",
      left: mobile,
    },
    {
      what: "a write whose answers are all lost is found",
      config: once("committedThen504"),
      outcome: "inPlace",
      left: mobile,
    },
    {
      what: "an update whose answers are all lost is found",
      has: "+44 7700900999",
      options: update,
      config: once("committedThenTimeout"),
      outcome: "inPlace",
      left: mobile,
    },
    {
      what: "a number taken for SMS sign-in, and stored all the same, is in place",
      config: { ...once("committedThen409") },
      outcome: "inPlace",
      left: mobile,
    },
    {
      what: "a write that never got through is in doubt",
      config: once("unavailable"),
      outcome: "inDoubt",
      left: undefined,
    },
    {
      what: "a number that Graph refuses has failed",
      number: "+44 not a number",
      outcome: "failed",
      left: undefined,
    },
    {
      what: "a write that Graph forbids has failed",
      config: { faults: [{ kind: "forbidden" }] },
      outcome: "failed",
      left: undefined,
    },
    {
      what: "a lost write that reads show late is found at the end of the horizon",
      config: { ...once("committedThen504", { times: 1 }), stalenessMs: 30_000 },
      outcome: "inPlace",
      left: mobile,
    },
    {
      what: "masked reads settle nothing",
      has: "+44 7700900999",
      config: { maskedReads: true },
      outcome: "inDoubt",
      left: "+44 7700900999",
    },
    {
      what: "a masked number is not replaced",
      has: "+44 7700900999",
      options: update,
      config: { maskedReads: true },
      outcome: "refused",
      left: "+44 7700900999",
    },
    {
      what: "nothing is sent where the phones cannot be read",
      has: "+44 7700900999",
      options: update,
      config: { faults: [{ kind: "forbidden", match: { effect: "read" } }] },
      outcome: "failed",
      left: "+44 7700900999",
    },
  ];
  for (const { what, has, config = {}, options = {}, outcome, left, number = mobile } of cases) {
    test(what, async () => {
      const made = await flow({ rows: [row(1, number)], users: [user(has)], config, options });
      assert.equal(made.outcomes[kim], outcome);
      assert.equal(made.phone(kim)?.replace(" ", ""), left?.replace(" ", ""));
    });
  }

  test("a user who is not there has failed", async () => {
    const made = await flow({ rows: [row(1)], users: [] });
    assert.deepEqual(made.results, [{ user: kim, outcome: "failed", status: 404 }]);
    assert.deepEqual(made.run.error, {
      code: "Unresolved",
      message: "1 of 1 rows are not resolved. The steps Unresolved and Results_set_aside say which.",
    });
  });

  test("a guest's name reaches Graph whole", async () => {
    const guest = "ann_fabrikam.com#EXT#@contoso.com";
    const rows = [{ userPrincipalName: guest, telephoneNumber: mobile }];
    for (const dialect of [powerAutomate, logicApp, logicAppIdentity]) {
      const made = await flow({ rows, users: [guest], dialect });
      assert.equal(made.outcomes[guest], "applied");
    }
  });
});

describe("the table", () => {
  test("more rows than one page are all read", async () => {
    const users = Array.from({ length: 300 }, (_, index) => name(index));
    const made = await flow({ rows: users.map((_, index) => row(index)), users });
    assert.equal(summaryOf(made).applied, 300);
  });

  test("a table that may be longer than what was read fails the run", async () => {
    const users = Array.from({ length: 260 }, (_, index) => name(index));
    const made = await flow({ rows: users.map((_, index) => row(index)), users, options: { mostRows: 256 } });
    assert.equal(made.run.status, "Failed");
    assert.match(made.run.error?.message ?? "", /may hold more than 256 rows/);
  });

  test("rows without a number are left alone", async () => {
    const made = await flow({
      rows: [row(1), row(2, ""), row(3, "  "), row(4, null)],
      users: [1, 2, 3, 4].map(name),
    });
    assert.equal(made.run.status, "Succeeded");
    assert.deepEqual(made.outcomes, { [name(1)]: "applied" });
  });

  test("rows that cannot be written are set aside with their reason, and fail the run", async () => {
    const rows = [
      row(1),
      row(2, "07700 900123"),
      row(3, 447700900123),
      { userPrincipalName: "", telephoneNumber: numberOf(4) },
      row(5),
      { ...row(5, numberOf(6)), userPrincipalName: name(5).toUpperCase() },
    ];
    const made = await flow({ rows, users: [1, 2, 3, 5].map(name) });
    assert.equal(made.run.status, "Failed");
    assert.deepEqual(made.outcomes, { [name(1)]: "applied" });
    assert.deepEqual(made.run.body("Results_set_aside"), [
      { user: name(2), outcome: "refused", code: "region-needed" },
      { user: name(3), outcome: "refused", code: "region-needed" },
      { user: "", outcome: "refused", code: "missing-user" },
      { user: name(5), outcome: "refused", code: "conflict" },
      { user: name(5).toUpperCase(), outcome: "refused", code: "conflict" },
    ]);
    assert.equal(made.phone(name(5)), undefined);
  });

  test("a name that is part of another name is not taken for it", async () => {
    const users = ["an@contoso.com", "jan@contoso.com", "an@contoso.com.example"];
    const rows = users.map((userPrincipalName, index) => ({
      userPrincipalName,
      telephoneNumber: numberOf(index),
    }));
    const made = await flow({ rows, users });
    assert.deepEqual(Object.values(made.outcomes), ["applied", "applied", "applied"]);
  });

  test("a column that is named otherwise fails the run and says so", async () => {
    const made = await flow({
      rows: [{ userPrincipalName: name(1), Mobile: numberOf(1) }],
      users: [name(1)],
    });
    assert.equal(made.run.status, "Failed");
    assert.match(made.run.error?.message ?? "", /No row has a number in the column telephoneNumber/);
  });

  test("an empty table is a run without work", async () => {
    const made = await flow({ rows: [], users: [] });
    assert.equal(made.run.status, "Succeeded");
    assert.deepEqual(made.results, []);
  });

  test("columns with other names, and with a quote in them, are read", async () => {
    const rows = [{ "User's name": name(1), "Phone number": numberOf(1) }];
    const options = { userColumn: "User's name", phoneColumn: "Phone number" };
    assert.deepEqual((await flow({ rows, users: [name(1)], options })).outcomes, { [name(1)]: "applied" });
  });
});

test("no step that shows what it does holds a number", async () => {
  const made = await flow({ rows: [row(1)], users: [name(1)] });
  const definition = workflowDefinition(defaultFlow, powerAutomate(defaultFlow)) as unknown as {
    readonly actions: Readonly<
      Record<
        string,
        {
          readonly runtimeConfiguration?: {
            readonly secureData?: { readonly properties: readonly string[] };
          };
        }
      >
    >;
  };
  for (const [step, { inputs, outputs }] of made.run.actions) {
    const secured = definition.actions[step]?.runtimeConfiguration?.secureData?.properties ?? [];
    if (!secured.includes("outputs")) assert.doesNotMatch(JSON.stringify(outputs), /7700/, step);
    if (!secured.includes("inputs")) assert.doesNotMatch(JSON.stringify(inputs), /7700/, step);
  }
});
