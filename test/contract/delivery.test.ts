import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import type { CliRun } from "../support/cli.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, upn } from "../support/tenant.ts";

/** `plan` says what would make its numbers useless, as far as this caller may know it. */

const list = csv(
  "userPrincipalName,mobile,office",
  ...[1, 2, 3].map(index => `${upn(index)},+31 61234560${index},+31 20123456${index}`),
);

async function planned(config: SandboxConfig, argv: readonly string[] = ["--json"]): Promise<CliRun> {
  await using tenant = await aTenant().withUsers(3).with(config).start();
  return await prepop(tenant, ["plan", list, ...argv]);
}

const own = { telecomProvider: "own" } as const;
const endsOn = "2027-02-01";
const office = { voicePolicy: { officePhones: false } } as const;

const cases: readonly {
  readonly name: string;
  readonly config: SandboxConfig;
  readonly argv?: readonly string[];
  readonly delivery: object;
}[] = [
  {
    name: "all is well",
    config: own,
    delivery: { sms: "on", voice: "on", outside: 0, provider: "own", endsOn },
  },
  {
    name: "no provider",
    config: {},
    delivery: { sms: "on", voice: "on", outside: 0, provider: "none", endsOn },
  },
  {
    name: "a provider on trial",
    config: { telecomProvider: "evaluation" },
    delivery: { sms: "on", voice: "on", outside: 0, provider: "trial", endsOn },
  },
  {
    name: "both policies off",
    config: { ...own, smsPolicy: { state: "disabled" }, voicePolicy: { state: "disabled" } },
    delivery: { sms: "off", voice: "off", outside: 6, provider: "own", endsOn },
  },
  {
    name: "calls off: office phones get nothing",
    config: { ...own, voicePolicy: { state: "disabled" } },
    delivery: { sms: "on", voice: "off", outside: 3, provider: "own", endsOn },
  },
  {
    name: "calls not to office phones",
    config: { ...own, ...office },
    delivery: { sms: "on", voice: "on", outside: 3, provider: "own", endsOn },
  },
  {
    name: "texts for one user only, and calls off",
    config: { ...own, smsPolicy: { users: [upn(2)] }, voicePolicy: { state: "disabled" } },
    delivery: { sms: "on", voice: "off", outside: 5, provider: "own", endsOn },
  },
  {
    name: "the groups of the policy may not be read",
    config: {
      ...own,
      smsPolicy: { users: [upn(2)] },
      voicePolicy: { state: "disabled" },
      capabilities: { groups: 403 },
    },
    delivery: { sms: "on", voice: "off", provider: "own", endsOn },
  },
  {
    name: "the policies may not be read",
    config: { capabilities: { policies: 403 } },
    delivery: { sms: "unknown", voice: "unknown", provider: "unknown", endsOn },
  },
  {
    name: "a cloud without a date",
    config: {},
    argv: ["--cloud", "usgov"],
    delivery: { sms: "on", voice: "on", outside: 0, provider: "none" },
  },
];

for (const { name, config, argv = [], delivery } of cases) {
  test(`${name}: the summary says so`, async () => {
    const run = await planned(config, ["--json", ...argv]);
    assert.equal(run.exitCode, 2);
    assert.deepEqual(run.summary.delivery, delivery);
    const without = run.stderr.split("\n").filter(line => /policy/.test(line));
    assert.ok(without.length <= 1, run.stderr);
  });
}

test("a person reads it in one paragraph right below the first line", async () => {
  const run = await planned(office, []);
  assert.match(
    run.stdout.replace(/\s+/g, " "),
    /0ec81195-112f-56df-a114-92cdaeb941c1 ! No code reaches 3 of these 6 numbers: .* From 2027-02-01 on these numbers get no SMS and voice codes: .* no telecom provider/,
  );
});

test("it costs two requests, and none where nothing can be useless", async () => {
  const policies = async (argv: readonly string[]): Promise<number> => {
    await using tenant = await aTenant()
      .withUsers(3, index => ({ phones: { mobile: `+31 61234560${index}` } }))
      .start();
    const run = await prepop(tenant, ["plan", list, ...argv, "--json"]);
    assert.ok(run.exitCode <= 3);
    return tenant.sandbox.log.filter(({ operation }) => operation?.includes("Policy")).length;
  };
  assert.equal(await policies([]), 2);
  assert.equal(await policies(["--sms-sign-in", "disable"]), 2);
  assert.equal(await policies(["--policy", "remove", "--sms-sign-in", "disable"]), 0);
});

test("a plan that writes no number does not speak of it", async () => {
  await using tenant = await aTenant()
    .withUsers(1, () => ({ phones: { mobile: "+31 612345601" } }))
    .start();
  const run = await prepop(tenant, [
    "plan",
    csv("userPrincipalName,mobile", `${upn(1)},+31 612345601`),
    "--json",
  ]);
  assert.equal("delivery" in run.summary, false);
});

test("a saved plan keeps it, so that apply asks with it", async () => {
  await using tenant = await aTenant().withUsers(3).start();
  const file = `${tenant.home}.plan`;
  await prepop(tenant, ["plan", list, "--out", file]);
  const run = await prepop(tenant, ["apply", file], { typed: "no" });
  assert.match(
    stripVTControlCharacters(run.stdout).replace(/\s+/g, " "),
    /! From 2027-02-01 on these numbers get no SMS and voice codes/,
  );
});
