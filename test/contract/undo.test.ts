import assert from "node:assert/strict";
import { test } from "node:test";
import { phoneTypes } from "../../src/model/phone.ts";
import type { CliPlace, CliRun, Line } from "../support/cli.ts";
import { csv, prepop } from "../support/rehearse.ts";
import { aTenant, type Tenant } from "../support/tenant.ts";

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
