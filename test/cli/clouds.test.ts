import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Cloud, cloudNames, clouds } from "../../src/model/clouds.ts";
import { type CliRun, runCli } from "../support/cli.ts";
import { csv } from "../support/rehearse.ts";
import { aTenant, type Tenant } from "../support/tenant.ts";

/** What each cloud lacks is said before anything is sent, and nothing else is refused. */

const kim = "kim@contoso.com";
const list = csv("userPrincipalName,mobile", `${kim},+31 612345678`);

/** Commands that want SMS sign-in switched. */
const smsCommands: readonly (readonly string[])[] = [
  ["plan", list, "--sms-sign-in", "enable"],
  ["plan", list, "--sms-sign-in", "disable"],
  ["apply", list, "--sms-sign-in", "enable", "--yes"],
  ["apply", list, "--sms-sign-in", "disable", "--yes"],
  ["phone", "create", kim, "mobile", "+31612345678", "--sms-sign-in", "enable", "--yes"],
  ["phone", "enable-sms", kim, "--yes"],
  ["phone", "disable-sms", kim, "--yes"],
];

const run = (tenant: Tenant, argv: readonly string[]): Promise<CliRun> =>
  runCli([...argv, "--json"], { env: tenant.env, clock: tenant.clock });

const lacking: Readonly<Record<Cloud, boolean>> = {
  global: false,
  usgov: false,
  "usgov-dod": false,
  china: true,
};

for (const cloud of cloudNames) {
  for (const argv of smsCommands) {
    const name = argv.filter(word => word !== list && word !== kim).join(" ");
    test(`${cloud}: ${name} is ${lacking[cloud] ? "refused before anything is sent" : "not refused"}`, async () => {
      await using tenant = await aTenant()
        .withUser(kim, argv[1]?.endsWith("-sms") ? { mobile: "+31 612345678" } : {})
        .with({ smsPolicy: { usableForSignIn: true } })
        .start();
      const done = await run(tenant, [...argv, "--cloud", cloud]);
      const codes = done.of("error").map(({ code }) => code);
      if (!lacking[cloud]) {
        assert.ok(!codes.includes("PREPOP_CLOUD_LACKS"), done.stderr);
        assert.ok(tenant.sandbox.log.length > 0);
        return;
      }
      assert.deepEqual(codes, ["PREPOP_CLOUD_LACKS"]);
      assert.equal(done.exitCode, 1);
      assert.match(
        done.stderr,
        /^prepop: The cloud of China \(21Vianet\) has no SMS sign-in\.\n(Leave --sms-sign-in out|There is nothing to switch on or off there)\.$/m,
      );
      assert.deepEqual(tenant.sandbox.log, []);
    });
  }

  test(`${cloud}: a list without SMS sign-in is planned and applied`, async () => {
    await using tenant = await aTenant().withUser(kim).start();
    const done = await run(tenant, ["apply", list, "--cloud", cloud, "--yes"]);
    assert.equal(done.exitCode, 0, done.stderr);
    assert.equal(tenant.phones(kim).mobile, "+31 612345678");
  });

  test(`${cloud}: doctor names the cloud and what it lacks`, async () => {
    await using tenant = await aTenant().withUser(kim).start();
    const done = await run(tenant, ["doctor", "--cloud", cloud]);
    const check = done.of("check").find(each => each.name === "cloud");
    assert.equal(check?.status, lacking[cloud] ? "warn" : "ok");
    assert.ok(String(check?.message).toLowerCase().includes(clouds[cloud].title.toLowerCase()));
  });
}

test("the embedded sandbox can play a cloud that lacks SMS sign-in", async () => {
  await using tenant = await aTenant().start();
  const done = await run(tenant, ["plan", list, "--sandbox", "--cloud", "china", "--sms-sign-in", "enable"]);
  assert.deepEqual(
    done.of("error").map(({ code }) => code),
    ["PREPOP_CLOUD_LACKS"],
  );
});

test("a saved plan that switches SMS sign-in is refused in a cloud without it", async () => {
  await using tenant = await aTenant()
    .withUser(kim)
    .with({ smsPolicy: { usableForSignIn: true } })
    .start();
  const file = join(tenant.home, "tonight.plan");
  await run(tenant, ["plan", list, "--sms-sign-in", "enable", "--out", file]);
  const from = tenant.sandbox.log.length;
  const done = await run(tenant, ["apply", file, "--cloud", "china", "--yes"]);
  assert.equal(done.exitCode, 1);
  assert.deepEqual(
    done.of("error").map(({ code }) => code),
    ["PREPOP_CLOUD_LACKS"],
  );
  assert.equal(tenant.sandbox.log.length, from);
});
