import type { Cloud } from "../../model/clouds.ts";
import type { Check, Health } from "../../model/health.ts";
import type { Actor, Tenant } from "../../model/user.ts";
import { block, ok } from "./check.ts";
import { checkLists } from "./listChecks.ts";
import { checkMachine, type Machine } from "./machineChecks.ts";
import { checkRights } from "./rights.ts";
import { checkTenant } from "./tenantChecks.ts";

/** Signed in, with what was found out; or not, with the reason. */
export type Examined =
  | { readonly kind: "signedIn"; readonly tenant: Tenant; readonly actor: Actor; readonly health: Health }
  | { readonly kind: "signedOut"; readonly message: string; readonly hint: string };

/**
 * What `doctor` says: one check a line, in the order in which one would put things right.
 * @param today ISO day
 */
export function diagnose(
  examined: Examined,
  machine: Machine,
  cloud: Cloud,
  today: string,
): readonly Check[] {
  if (examined.kind === "signedOut") {
    const withoutClock = checkMachine(machine).filter(({ name }) => name !== "clock");
    return [block("sign-in", examined.message, examined.hint), ...withoutClock];
  }
  const { tenant, actor, health } = examined;
  const who = actor.kind === "application" ? `the application ${actor.name}` : actor.name;
  const where = [tenant.domain, tenant.id].filter(part => part !== undefined).join(", ");
  return [
    ok("sign-in", `Signed in to ${tenant.displayName ?? "the tenant"} (${where}) as ${who}.`),
    ...checkRights(health),
    checkLists(health.token, cloud),
    ...checkTenant(health, cloud, today),
    ...checkMachine(machine),
  ];
}
