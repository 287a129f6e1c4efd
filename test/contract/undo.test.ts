import assert from "node:assert/strict";
import { test } from "node:test";
import { Interrupted } from "../../src/engine/stop.ts";
import { phoneTypes } from "../../src/model/phone.ts";
import type { FaultRule } from "../../src/sandbox/faults/rules.ts";
import type { CliPlace, CliRun, Line } from "../support/cli.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant, upn } from "../support/tenant.ts";

/** After an undo every user has the numbers, SMS states and default method of the start; what cannot be is said. */

const app = { otherMethods: ["password", "microsoftAuthenticator"] } as const;
const usable = { smsPolicy: { usableForSignIn: true } } as const;
const free = ["--max-change", "100%"];

/** What an undo is to bring back, user by user. */
function standing(tenant: Tenant): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(tenant.sandbox.users(), ({ userPrincipalName, phones, defaultMethod }) => {
      const held = phoneTypes.flatMap(type => {
        const phone = phones[type];
        return phone ? [`${type} ${phone.phoneNumber} ${phone.smsSignInState}`] : [];
      });
      return [userPrincipalName, [...held, `default ${defaultMethod ?? "none"}`].join(", ")];
    }),
  );
}

async function apply(tenant: Tenant, roster: string, ...options: readonly string[]): Promise<CliRun> {
  const run = await prepop(tenant, [
    "apply",
    roster,
    "--yes",
    "--json",
    "--show-numbers",
    ...options,
    ...free,
  ]);
  assert.ok(run.exitCode === 0 || run.exitCode === 3, run.stderr);
  return run;
}

function undo(
  tenant: Tenant,
  run: CliRun,
  options: readonly string[] = [],
  place: Partial<CliPlace> = {},
): Promise<CliRun> {
  const argv = ["undo", String(run.summary.run), "--yes", "--json", "--show-numbers", ...free, ...options];
  return prepop(tenant, argv, place);
}

function said(run: CliRun): string[] {
  return run.of("outcome").map(({ user, kind, phoneType, outcome, code }: Line) => {
    const name = String(user).split("@")[0];
    return [name, kind, phoneType, outcome, ...(code === null ? [] : [code])].join(" ");
  });
}

const header = "userPrincipalName,mobile,alternateMobile,office";

/** Creates, updates, deletes, SMS changes and switched defaults, each for a user of its own, and all of them for Zoe. */
async function mixed(): Promise<{ readonly tenant: Tenant; readonly roster: string }> {
  const tenant = await aTenant()
    .with(usable)
    .withUser("create@contoso.com")
    .withUser("update@contoso.com", { mobile: "+31 612345601" }, app)
    .withUser("notenabled@contoso.com", { mobile: "+31 612345602" }, app)
    .withUser("delete@contoso.com", { mobile: "+31 612345603", alternateMobile: "+31 612345604" }, app)
    .withUser("default@contoso.com", { mobile: "+31 612345605" }, { ...app, defaultMethod: "sms" })
    .withUser(
      "phones@contoso.com",
      { mobile: "+31 612345606", alternateMobile: "+31 612345607", office: "+31 201234567" },
      { defaultMethod: "voiceOffice" },
    )
    .withUser("zoe@contoso.com", { mobile: "+31 612345608", alternateMobile: "+31 612345609" }, app)
    .withUser("same@contoso.com", { mobile: "+31 612345610" })
    .start();
  await prepop(tenant, ["phone", "disable-sms", "notenabled@contoso.com", "--yes", "--json"]);
  const roster = csv(
    header,
    "create@contoso.com,+31612345611,+31612345612,+31201234511",
    "update@contoso.com,+31612345613,,",
    "notenabled@contoso.com,+31612345614,,",
    "delete@contoso.com,,,",
    "default@contoso.com,,,",
    "phones@contoso.com,+31612345615,,",
    "zoe@contoso.com,+31612345616,,+31201234512",
  );
  return { tenant, roster };
}

const everything = ["--policy", "mirror", "--sms-sign-in", "disable", "--max-delete", "20"];

test("undo brings back numbers, SMS sign-in and default methods after a mixed run", async () => {
  const { tenant, roster } = await mixed();
  await using _ = tenant;
  const start = standing(tenant);
  const run = await apply(tenant, roster, ...everything);
  assert.equal(run.exitCode, 0, run.stdout);
  const between = standing(tenant);
  assert.equal(between["default@contoso.com"], "default push");
  assert.equal(between["phones@contoso.com"], "mobile +31 612345615 notEnabled, default sms");

  const undone = await undo(tenant, run);
  assert.deepEqual(standing(tenant), start, undone.stdout);
  assert.equal(undone.exitCode, 0);
  assert.equal(undone.summary.undoes, run.summary.run);
  assert.equal(undone.summary.command, "undo");

  const again = await undo(tenant, undone, ["--max-delete", "20"]);
  assert.deepEqual(standing(tenant), between, "the undo of the undo does not give what the run had made");
  assert.equal(again.exitCode, 0, again.stdout);
  const third = await undo(tenant, again);
  assert.deepEqual(standing(tenant), start);
  assert.equal(third.exitCode, 0, third.stdout);
});

const anna = "anna@contoso.com";
const start = "+31 612345601";
const listed = "+31 612345602";
const other = "+31 612345603";

type Refusal = {
  readonly name: string;
  /** What Anna has at the start, and what is in her cell. */
  readonly held?: string;
  readonly cell: string;
  readonly policy?: string;
  /** What happens between the run and its undo. */
  readonly between: (tenant: Tenant) => unknown;
  readonly says: string;
  readonly exit: number;
  /** What she has in the end. */
  readonly left: string | undefined;
  readonly message?: RegExp;
};

const refusals: readonly Refusal[] = [
  {
    name: "a number that somebody else changed since",
    held: start,
    cell: listed,
    between: tenant => tenant.sandbox.setPhone(anna, "mobile", other),
    says: "anna refused mobile refused PREPOP_ROW_PLAN_REFUSED",
    exit: 3,
    left: other,
    message: /somebody else changed it since/,
  },
  {
    name: "a created number that somebody else changed since",
    cell: listed,
    between: tenant => tenant.sandbox.setPhone(anna, "mobile", other),
    says: "anna refused mobile refused PREPOP_ROW_PLAN_REFUSED",
    exit: 3,
    left: other,
    message: /somebody else changed it since/,
  },
  {
    name: "a number that a later run changed",
    held: start,
    cell: listed,
    between: tenant => prepop(tenant, ["phone", "update", anna, "mobile", other, "--yes", "--json"]),
    says: "anna refused mobile refused PREPOP_ROW_PLAN_REFUSED",
    exit: 3,
    left: other,
    message: /a later run changed this phone/,
  },
  {
    name: "a number of which a later run changed the SMS sign-in",
    held: start,
    cell: listed,
    between: tenant => prepop(tenant, ["phone", "disable-sms", anna, "--yes", "--json"]),
    says: "anna refused mobile refused PREPOP_ROW_PLAN_REFUSED",
    exit: 3,
    left: listed,
    message: /a later run changed this phone/,
  },
  {
    name: "a number that was so before the run",
    held: listed,
    cell: listed,
    between: () => undefined,
    says: "anna refused mobile refused PREPOP_ROW_PLAN_REFUSED",
    exit: 3,
    left: listed,
    message: /the run did not change it/,
  },
];

for (const { name, held, cell, policy = "mirror", between, says, exit, left, message } of refusals) {
  test(`undo refuses ${name}`, async () => {
    await using tenant = await aTenant()
      .with(usable)
      .withUser(anna, held === undefined ? {} : { mobile: held }, app)
      .start();
    const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},${cell}`), "--policy", policy);
    await between(tenant);
    const from = tenant.sandbox.log.length;
    const undone = await undo(tenant, run);
    assert.deepEqual(said(undone), [says]);
    assert.equal(undone.exitCode, exit);
    assert.equal(tenant.phones(anna).mobile, left);
    assert.deepEqual(tenant.writes(from), []);
    if (message) assert.match(String(undone.of("outcome")[0]?.message), message);
  });
}

test("what is as it was before the run already needs nothing, so a second undo does nothing", async () => {
  await using tenant = await aTenant().with(usable).withUser(anna, { mobile: start }, app).start();
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},${listed}`), "--policy", "update");
  await undo(tenant, run);
  const from = tenant.sandbox.log.length;
  const again = await undo(tenant, run);
  assert.deepEqual(said(again), ["anna unchanged mobile alreadySo"]);
  assert.equal(again.exitCode, 0);
  assert.deepEqual(tenant.writes(from), []);
});

test("runs are undone one after the other, the newest first", async () => {
  await using tenant = await aTenant().with(usable).withUser(anna, { mobile: start }, app).start();
  const before = standing(tenant);
  const first = await apply(
    tenant,
    csv("userPrincipalName,mobile", `${anna},${listed}`),
    "--policy",
    "update",
  );
  const second = await apply(
    tenant,
    csv("userPrincipalName,mobile", `${anna},${other}`),
    "--policy",
    "update",
  );
  assert.equal((await undo(tenant, first)).exitCode, 3);
  assert.equal((await undo(tenant, second)).exitCode, 0);
  assert.equal(tenant.phones(anna).mobile, listed);
  // The later run and its undo cancel each other.
  const undone = await undo(tenant, first);
  assert.equal(undone.exitCode, 0, undone.stdout);
  assert.deepEqual(standing(tenant), before);
});

test("a number that the run could only read masked is not brought back", async () => {
  await using tenant = await aTenant()
    .with({ maskedReads: true })
    .withUser(anna, { mobile: start }, app)
    .withUser("bob@contoso.com", {}, app)
    .start();
  const roster = csv("userPrincipalName,mobile", `${anna},+44 7700900123`, `bob@contoso.com,${listed}`);
  const run = await apply(tenant, roster, "--policy", "update", "--overwrite-masked");
  const undone = await undo(tenant, run);
  assert.deepEqual(said(undone), [
    "anna refused mobile refused PREPOP_ROW_PLAN_REFUSED",
    "bob refused mobile refused PREPOP_ROW_PLAN_REFUSED",
  ]);
  const [ofAnna, ofBob] = undone.of("outcome");
  assert.match(String(ofAnna?.message), /could only read the number before masked/);
  assert.match(String(ofBob?.message), /the number read now is masked/);
});

test("a phone that the run switched the default from, and did not delete, is named", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile: start }, { ...app, defaultMethod: "sms" })
    .start();
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "updateSignInPreferences") tenant.sandbox.setPhone(anna, "alternateMobile", other);
  });
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},`), "--policy", "mirror");
  assert.match(String(said(run)), /^anna delete mobile failed/);
  tenant.sandbox.interfere(undefined);
  const undone = await undo(tenant, run);
  assert.equal(undone.exitCode, 3);
  assert.match(String(undone.of("outcome")[0]?.message), /switched the user's default sign-in method/);
});

test("a default method that the run took away is named where its phone came back without it", async () => {
  await using tenant = await aTenant()
    .withUser(anna, { mobile: start, office: "+31 201234567" }, { ...app, defaultMethod: "sms" })
    .start();
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},`), "--policy", "mirror");
  assert.equal(tenant.sandbox.user(anna)?.defaultMethod, "push");
  // So it is when an undo died between the phone and the default, too.
  tenant.sandbox.setPhone(anna, "mobile", start);
  const undone = await undo(tenant, run);
  assert.equal(undone.exitCode, 3);
  assert.equal(undone.summary.defaultsKept, 1);
  assert.match(String(said(undone)), /^anna refused mobile refused/);
  assert.match(String(undone.of("outcome")[0]?.message), /the phone is back, its default is not/);
});

test("a default method that was chosen since the run stays, and the undo says so", async () => {
  await using tenant = await aTenant()
    .withUser(
      anna,
      { mobile: start, office: "+31 201234567" },
      { otherMethods: ["password", "microsoftAuthenticator", "softwareOath"], defaultMethod: "sms" },
    )
    .start();
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},`), "--policy", "mirror");
  assert.equal(tenant.sandbox.user(anna)?.defaultMethod, "push");
  await setDefault(tenant, "oath");
  const undone = await undo(tenant, run);
  assert.equal(undone.exitCode, 0);
  assert.equal(undone.summary.defaultsKept, 1);
  assert.equal(tenant.phones(anna).mobile, start);
  assert.equal(tenant.sandbox.user(anna)?.defaultMethod, "oath");
  assert.match(undone.stderr, /the default method is not switched back/);
  const [line] = undone.of("outcome");
  assert.equal(line?.code, "PREPOP_ROW_DEFAULT_KEPT");
  assert.match(String(line?.message), /oath/);
});

async function setDefault(tenant: Tenant, method: string): Promise<void> {
  const answer = await fetch(
    `${tenant.sandbox.url}/beta/users/${tenant.id(anna)}/authentication/signInPreferences`,
    {
      method: "PATCH",
      headers: { authorization: `Bearer ${tenant.sandbox.token}`, "content-type": "application/json" },
      body: JSON.stringify({ userPreferredMethodForSecondaryAuthentication: method }),
    },
  );
  assert.equal(answer.status, 204);
}

test("users whom an undo leaves without any method are counted and named first", async () => {
  await using tenant = await aTenant().withUser(anna).withUser("bob@contoso.com", {}, app).start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`, `bob@contoso.com,${other}`);
  const run = await apply(tenant, roster);
  const refused = await prepop(tenant, ["undo", String(run.summary.run)], { typed: "n" });
  assert.equal(refused.exitCode, 6);
  assert.match(
    refused.stdout.split("\n").slice(0, 3).join(" "),
    /1 user would be left without any method.*anna@contoso\.com/,
  );
  assert.match(refused.stdout, /createdDateTime/);
  assert.equal(tenant.phones(anna).mobile, listed);

  const undone = await undo(tenant, run);
  assert.equal(undone.exitCode, 0);
  assert.equal(undone.summary.leftWithoutMethod, 1);
  assert.match(undone.stderr, /1 user would be left without any method.*anna@contoso\.com/);
  assert.deepEqual(tenant.phones(anna), {});
});

test("an undo is guarded like an apply", async t => {
  await using tenant = await aTenant()
    .withUsers(12, () => ({}))
    .start();
  const rows = Array.from(
    { length: 12 },
    (_, at) => `user${String(at + 1).padStart(2, "0")}@contoso.com,+31 6123456${at + 10}`,
  );
  const run = await apply(tenant, csv("userPrincipalName,mobile", ...rows));
  const name = String(run.summary.run);
  const cases: readonly (readonly [string, readonly string[], string, number])[] = [
    ["without a yes", ["--json"], "PREPOP_USAGE_NEEDS_YES", 1],
    ["too much change", ["--json", "--yes"], "PREPOP_GUARD_MAX_CHANGE", 6],
    ["too many deletes", ["--json", "--yes", "--force"], "PREPOP_GUARD_MAX_DELETE", 6],
    [
      "no domain typed",
      ["--json", "--yes", "--force", "--max-delete", "12"],
      "PREPOP_GUARD_CONFIRM_TENANT",
      6,
    ],
    [
      "another digest",
      [
        "--json",
        "--yes",
        "--force",
        "--max-delete",
        "12",
        "--confirm-tenant",
        "contoso.com",
        "--digest",
        "0",
      ],
      "PREPOP_PLAN_DIGEST",
      8,
    ],
  ];
  const from = tenant.sandbox.log.length;
  for (const [what, options, code, exit] of cases) {
    await t.test(what, async () => {
      const refused = await prepop(tenant, ["undo", name, ...options]);
      assert.equal(refused.of("error")[0]?.code, code);
      assert.equal(refused.exitCode, exit);
    });
  }
  assert.deepEqual(tenant.writes(from), []);
  const good = [
    "undo",
    name,
    "--json",
    "--yes",
    "--force",
    "--max-delete",
    "12",
    "--confirm-tenant",
    "contoso.com",
  ];
  assert.equal((await prepop(tenant, good)).exitCode, 0);
});

test("the question is answered on a terminal", async () => {
  await using tenant = await aTenant().withUser(anna, {}, app).start();
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},${listed}`));
  const undone = await prepop(tenant, ["undo", String(run.summary.run).slice(0, 8)], { typed: "y" });
  assert.equal(undone.exitCode, 0, undone.stderr);
  assert.match(undone.stdout, /Plan undo/);
  assert.deepEqual(tenant.phones(anna), {});
});

test("an interrupted run is undone only after it is marked ended", async () => {
  await using tenant = await aTenant().withUsers(3).start();
  const rows = [1, 2, 3].map(at => `user0${at}@contoso.com,+31 61234560${at}`);
  const roster = csv("userPrincipalName,mobile", ...rows);
  const stopped = await interrupted(tenant, [
    "apply",
    roster,
    "--yes",
    "--json",
    "--rate",
    "1",
    "--no-batch",
  ]);
  assert.equal(stopped.exitCode, 130);
  const written = tenant.writes().length;
  assert.ok(written > 0 && written < 3);

  const early = await undo(tenant, stopped);
  assert.equal(early.exitCode, 6);
  assert.equal(early.of("error")[0]?.code, "PREPOP_RUN_NOT_ENDED");

  const ended = await prepop(tenant, ["runs", "end", String(stopped.summary.run), "--json"]);
  assert.equal(ended.exitCode, 0);
  assert.equal(ended.summary.state, "ended");
  const undone = await undo(tenant, stopped);
  assert.equal(undone.exitCode, 0, undone.stdout);
  for (const at of [1, 2, 3]) assert.deepEqual(tenant.phones(`user0${at}@contoso.com`), {});
  const resumed = await prepop(tenant, ["resume", String(stopped.summary.run), "--yes", "--json"]);
  assert.match(String(resumed.summary.message), /finished/);
});

/** Runs a command that is interrupted as soon as the tenant received a write. */
async function interrupted(tenant: Tenant, argv: readonly string[]): Promise<CliRun> {
  const stop = new AbortController();
  const from = tenant.writes().length;
  tenant.sandbox.interfere(() => {
    if (tenant.writes().length > from) stop.abort(new Interrupted());
  });
  const run = await prepop(tenant, argv, { signal: stop.signal });
  tenant.sandbox.interfere(undefined);
  return run;
}

test("an interrupted undo is resumed, or undone again", async t => {
  for (const way of ["resume", "undo"] as const) {
    await t.test(way, async () => {
      await using tenant = await aTenant()
        .with(usable)
        .withUsers(4, at => ({ phones: { mobile: `+31 61234561${at}` } }))
        .start();
      const before = standing(tenant);
      const rows = [1, 2, 3, 4].map(at => `user0${at}@contoso.com,+31 61234562${at}`);
      const run = await apply(tenant, csv("userPrincipalName,mobile", ...rows), "--policy", "update");
      const argv = ["undo", String(run.summary.run), "--yes", "--json", "--rate", "1", "--no-batch", ...free];
      const stopped = await interrupted(tenant, argv);
      assert.equal(stopped.exitCode, 130, stopped.stdout);
      assert.notDeepEqual(standing(tenant), before);
      const rest =
        way === "undo"
          ? await undo(tenant, run)
          : await prepop(tenant, ["resume", String(stopped.summary.run), "--yes", "--json"]);
      assert.equal(rest.exitCode, 0, rest.stdout);
      assert.deepEqual(standing(tenant), before);
      const state = (await prepop(tenant, ["runs", "--json"]))
        .of("run")
        .find(({ id }) => id === stopped.summary.run)?.state;
      assert.equal(state, way === "undo" ? "superseded" : "done");
    });
  }
});

test("what is in doubt is read back before it is undone", async () => {
  await using tenant = await aTenant().with(usable).withUser(anna, { mobile: start }, app).start();
  const before = standing(tenant);
  const lost = { kind: "committedThen409", match: { operation: "updatePhone" } } as const;
  const lag = { kind: "staleReads", ms: 600_000 } as const;
  tenant.sandbox.interfere(({ operation }) => {
    if (operation === "updatePhone") tenant.sandbox.setFaults([lost, lag]);
  });
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},${listed}`), "--policy", "update");
  assert.deepEqual(said(run), ["anna update mobile inDoubt PREPOP_ROW_IN_DOUBT"]);
  tenant.sandbox.interfere(undefined);

  const early = await undo(tenant, run);
  assert.match(String(early.of("outcome")[0]?.message), /still in doubt/);
  assert.equal(early.exitCode, 3);
  tenant.sandbox.setFaults([]);
  const undone = await undo(tenant, run);
  assert.equal(undone.exitCode, 0, undone.stdout);
  assert.match(undone.stderr, /in doubt were read back/);
  assert.deepEqual(standing(tenant), before);
});

test("a user who cannot be read is refused, and the others are undone", async () => {
  await using tenant = await aTenant().withUser(anna, {}, app).withUser("bob@contoso.com", {}, app).start();
  const roster = csv("userPrincipalName,mobile", `${anna},${listed}`, `bob@contoso.com,${other}`);
  const run = await apply(tenant, roster);
  tenant.sandbox.deleteUser(anna);
  const undone = await undo(tenant, run);
  assert.deepEqual(said(undone).toSorted(), [
    "anna refused mobile refused PREPOP_ROW_PLAN_REFUSED",
    "bob delete mobile applied",
  ]);
});

test("an alternate mobile that came since keeps the mobile, and one without a mobile is not created", async () => {
  await using tenant = await aTenant()
    .withUser(anna, {}, app)
    .withUser("bob@contoso.com", { mobile: start, alternateMobile: other }, app)
    .start();
  const roster = csv(
    "userPrincipalName,mobile,alternateMobile",
    `${anna},${listed},`,
    `bob@contoso.com,${start},`,
  );
  const run = await apply(tenant, roster, "--policy", "mirror");
  tenant.sandbox.setPhone(anna, "alternateMobile", other);
  tenant.sandbox.setPhone("bob@contoso.com", "mobile", undefined);
  const undone = await undo(tenant, run);
  const messages = undone.of("outcome").map(({ user, message }) => `${user}: ${message}`);
  assert.match(messages.join("\n"), /anna.*Graph keeps a mobile phone while/);
  assert.match(messages.join("\n"), /bob.*only of a user who has a mobile/);
});

test("an unknown run is told before any request", async () => {
  await using tenant = await aTenant().withUser(anna).start();
  const undone = await prepop(tenant, ["undo", "nothing", "--yes", "--json"]);
  assert.equal(undone.exitCode, 1);
  assert.equal(undone.of("error")[0]?.code, "PREPOP_RUN_NOT_FOUND");
  assert.equal(tenant.sandbox.stats().requests, 0);
});

/** Anna's mobile, which was her default, is deleted; then undone under a fault. */
async function undoDefaultUnder(
  fault: FaultRule,
): Promise<{ readonly tenant: Tenant; readonly undone: CliRun }> {
  const tenant = await aTenant()
    .withUser(anna, { mobile: start }, { ...app, defaultMethod: "sms" })
    .start();
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},`), "--policy", "mirror");
  assert.equal(tenant.sandbox.user(anna)?.defaultMethod, "push");
  tenant.sandbox.setFaults([fault]);
  return { tenant, undone: await undo(tenant, run) };
}

test("the default method comes back also where the answer to the create was lost", async () => {
  const { tenant, undone } = await undoDefaultUnder({
    kind: "committedThen504",
    match: { operation: "createPhone" },
  });
  await using _ = tenant;
  assert.deepEqual(said(undone)[0], "anna create mobile applied");
  assert.equal(tenant.sandbox.user(anna)?.defaultMethod, "sms");
});

test("the default method is switched again after a busy answer", async () => {
  const { tenant, undone } = await undoDefaultUnder({
    kind: "unavailable",
    times: 2,
    match: { operation: "updateSignInPreferences" },
  });
  await using _ = tenant;
  assert.equal(undone.exitCode, 0);
  assert.equal(tenant.sandbox.user(anna)?.defaultMethod, "sms");
});

test("a default method that the service does not take back is said of the phone", async () => {
  const { tenant, undone } = await undoDefaultUnder({
    kind: "forbidden",
    match: { operation: "updateSignInPreferences" },
  });
  await using _ = tenant;
  assert.deepEqual(said(undone)[0], "anna create mobile applied PREPOP_ROW_DEFAULT_KEPT");
  assert.match(String(undone.of("outcome")[0]?.message), /not switched back to sms/);
  assert.equal(tenant.phones(anna).mobile, start);
  assert.equal(tenant.sandbox.user(anna)?.defaultMethod, "push");
});

test("a state of SMS sign-in that the service refuses is said", async () => {
  await using tenant = await aTenant()
    .with(usable)
    .withUser(anna, { mobile: start }, app)
    .withUser("bob@contoso.com", {}, app)
    .start();
  assert.equal(tenant.sms(anna), "ready");
  const run = await apply(tenant, csv("userPrincipalName,mobile", `${anna},${listed}`), "--policy", "update");
  // Somebody else signs in with Anna's old number by now.
  tenant.sandbox.setPhone("bob@contoso.com", "mobile", start);
  const undone = await undo(tenant, run);
  assert.deepEqual(said(undone), [
    "anna update mobile applied phoneNumberNotUnique",
    "anna enableSms mobile refused phoneNumberNotUnique",
  ]);
  assert.equal(undone.exitCode, 3);
  assert.equal(tenant.phones(anna).mobile, start);
});

test("where the tenant does not say its domains, an undo of many is confirmed by the one that the run knew", async () => {
  await using tenant = await aTenant()
    .with({ capabilities: { organization: 403 } })
    .withUsers(12, () => ({ otherMethods: ["password"] }))
    .start();
  const rows = Array.from({ length: 12 }, (_, at) => `${upn(at + 1)},+31 6123456${10 + at}`);
  const run = await apply(tenant, csv("userPrincipalName,mobile", ...rows));
  const options = ["--json", "--yes", "--force", "--max-delete", "12", "--confirm-tenant"];
  const refused = await prepop(tenant, ["undo", String(run.summary.run), ...options, "fabrikam.com"]);
  assert.equal(refused.of("error")[0]?.code, "PREPOP_GUARD_CONFIRM_TENANT");
  const undone = await prepop(tenant, ["undo", String(run.summary.run), ...options, "contoso.com"]);
  assert.equal(undone.exitCode, 0, undone.stderr);
});
