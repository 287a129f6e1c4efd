import type { Cloud } from "../../model/clouds.ts";
import { setupFeatures, usualFeatures } from "../../model/setup.ts";
import type { CommandSpec } from "../command.ts";
import { country, everywhere, writing } from "../groups.ts";
import { features } from "../setup/wish.ts";

export const setup: CommandSpec = {
  name: "setup",
  summary: "register an application for prepop in a tenant, with consent and a certificate",
  arguments: [],
  options: [
    {
      flags: "--application",
      summary: "an application that acts by itself: servers, schedules, full numbers (default)",
    },
    { flags: "--delegated", summary: "an application that people sign in to, each with her own role" },
    {
      flags: "--features <features>",
      summary: `beyond users and phones: any of ${setupFeatures.join(", ")}, or none (default: ${usualFeatures.join(",")})`,
      parse: features,
    },
    { flags: "--secret", summary: "a secret, shown once, instead of a certificate" },
    { flags: "--name <name>", summary: "what it is called in the tenant (default: prepop phone methods)" },
    {
      flags: "--adopt <app-id>",
      summary: "use this application of the same name, which another machine has set up",
    },
    { flags: "--print", summary: "show the calls and the steps in the portal, and do nothing" },
    { flags: "--remove", summary: "take everything back" },
    { flags: "--keep-grants", summary: "with --remove: leave what the sign-in left on Microsoft's client" },
    { flags: "--profile <name>", summary: "the profile to make or remove (default: the tenant's domain)" },
    {
      flags: "--auth <kind>",
      summary: "how you sign in (default: the AZURE_ variables, else browser or device-code)",
      choices: ["browser", "device-code", "azure-cli"],
    },
    { flags: "--tenant <tenant>", summary: "the tenant's id or domain (default: yours)" },
    {
      flags: "--cloud <cloud>",
      summary: "the cloud that the tenant is in",
      choices: ["global", "usgov", "usgov-dod", "china"],
    },
    {
      flags: "--region <country>",
      summary: "country of numbers that carry none, for this tenant",
      parse: country,
    },
    ...writing,
    ...everywhere,
  ],
  examples: [
    "prepop setup",
    "prepop setup --delegated --features policy,groups,report,methods",
    "prepop setup --print > steps.txt",
    "prepop setup --remove --profile contoso.com",
  ],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { homeFolder } = await import("../../ledger/home.ts");
    const { readProfiles } = await import("../profiles.ts");
    const { needYes } = await import("../settings.ts");
    const { defaultSetup, earlierSetup, wishOf } = await import("../setup/wish.ts");
    const output = openOutput(call, () => performance.now());
    const home = homeFolder(call.surroundings.env, call.surroundings.platform);
    const profiles = await readProfiles(home);
    const before = earlierSetup(call, profiles);
    const wish = wishOf(call, (before ?? defaultSetup(profiles))?.setup);
    const cloud = (call.options.cloud as Cloud | undefined) ?? before?.cloud ?? "global";
    if (call.options.print === true) {
      const { printSetup } = await import("../setup/printSetup.ts");
      return await printSetup(call, output, { wish, cloud });
    }
    needYes(call);
    const given = { call, home, output, cloud, wish, before };
    if (call.options.remove === true) {
      const { removeFromTenant } = await import("../setup/removeFromTenant.ts");
      return await removeFromTenant(given);
    }
    const { setUpTenant } = await import("../setup/setUpTenant.ts");
    return await setUpTenant(given);
  },
};
