import { rightsToRemove, rightsToSetUp } from "../../decide/setup/consent.ts";
import { choosePermissions, documentedOffer } from "../../decide/setup/permissions.ts";
import { printedCalls, printedRemoval } from "../../decide/setup/printedCalls.ts";
import { type Cloud, clouds } from "../../model/clouds.ts";
import type { SetupWish } from "../../model/setup.ts";
import { portalSteps } from "../../report/setupPrint.ts";
import { pageOf } from "../../report/textOptions.ts";
import type { Call } from "../command.ts";
import type { Output } from "../output.ts";

/** Shows what a setup would send, and the same by hand; it asks nobody anything, so it knows of no tenant. */
export async function printSetup(
  call: Call,
  output: Output,
  { wish, cloud }: { readonly wish: SetupWish; readonly cloud: Cloud },
): Promise<number> {
  const removes = call.options.remove === true;
  const { permissions } = choosePermissions(wish.mode, wish.features, offerOf(cloud));
  const calls = removes ? printedRemoval() : printedCalls(wish, permissions);
  const steps = removes ? removalSteps(wish) : portalSteps({ wish, cloud, permissions });
  const rights = removes ? rightsToRemove(true) : rightsToSetUp(wish.mode);
  const page = pageOf(output);
  for (const line of page.say(`Whoever does this needs: ${rights.join(", ")}.`)) await output.say(line);
  await output.say("");
  await output.say(`Calls of ${clouds[cloud].graph}`);
  for (const { method, path, headers = {}, body, why } of calls) {
    await output.line({ type: "call", method, path, ...(body === undefined ? {} : { body }), headers, why });
    await output.say("");
    for (const line of page.say(`# ${why}`, "dim", "# ")) await output.say(line);
    await output.say(`${method} ${path}`);
    for (const [name, value] of Object.entries(headers)) await output.say(`${name}: ${value}`);
    if (body !== undefined) await output.say(JSON.stringify(body, undefined, 2));
  }
  await output.say("");
  await output.say("By hand");
  await output.say("");
  for (const [index, text] of steps.entries()) {
    await output.line({ type: "portal", step: index + 1, text });
    for (const line of page.mark(`${index + 1}.`, text, "strong")) await output.say(line);
  }
  await output.line({
    type: "summary",
    command: call.command,
    exitCode: 0,
    printed: calls.length,
    permissions: permissions.map(({ name }) => name),
    rights,
  });
  return 0;
}

/** Outside the global cloud the permissions of single methods are documented nowhere, so the wide one is shown. */
function offerOf(cloud: Cloud): ReturnType<typeof documentedOffer> {
  const { roles, scopes } = documentedOffer();
  const kept = (all: ReadonlyMap<string, string>) =>
    new Map([...all].filter(([name]) => cloud === "global" || !name.startsWith("UserAuthMethod-Phone.")));
  return { roles: kept(roles), scopes: kept(scopes) };
}

function removalSteps({ displayName }: SetupWish): readonly string[] {
  return [
    `Entra ID > App registrations > All applications > ${displayName} > Delete.`,
    "Entra ID > Enterprise apps > Microsoft Graph Command Line Tools > Permissions: revoke what was granted for the setup and is not used otherwise.",
    "prepop profiles remove NAME, and delete its file in the folder certificates of PREPOP_HOME.",
  ];
}
