import { PrepopError } from "../../model/errors.ts";
import type { AuthKind } from "../../model/profile.ts";
import type { CommandSpec } from "../command.ts";
import { country, everywhere } from "../groups.ts";
import { repeat } from "../option.ts";

/** How the kinds of sign-in are called on the command line. */
const kinds: Readonly<Record<string, AuthKind>> = {
  browser: "browser",
  "device-code": "deviceCode",
  certificate: "certificate",
  secret: "secret",
  "managed-identity": "managedIdentity",
  "azure-cli": "azureCli",
  workload: "workload",
};

export const login: CommandSpec = {
  name: "login",
  summary: "sign in to a tenant and remember it as a profile",
  arguments: [],
  options: [
    { flags: "--profile <name>", summary: "the name to remember it by (default: the tenant's domain)" },
    {
      flags: "--auth <kind>",
      summary: "how to sign in (default: what the AZURE_ variables hold, else browser or device-code)",
      choices: Object.keys(kinds),
    },
    { flags: "--tenant <tenant>", summary: "the tenant's id or domain (default: AZURE_TENANT_ID)" },
    {
      flags: "--client-id <id>",
      summary: "the application (default: AZURE_CLIENT_ID; for people Microsoft Graph Command Line Tools)",
    },
    { flags: "--certificate <file>", summary: "PEM file with certificate and key" },
    { flags: "--federated-token-file <file>", summary: "file with the token of a pipeline or cluster" },
    {
      flags: "--scope <permission>",
      summary: "delegated permission to ask for instead of the usual ones (repeatable)",
      parse: repeat,
    },
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
    { flags: "--default", summary: "use this profile where none is named" },
    ...everywhere,
  ],
  examples: [
    "prepop login",
    "prepop login --auth device-code --tenant contoso.com --region NL",
    "prepop login --auth certificate --tenant contoso.com --client-id ID --certificate app.pem",
  ],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { homeFolder } = await import("../../ledger/home.ts");
    const { findProfile, readProfiles, withProfile, writeProfiles } = await import("../profiles.ts");
    const { canShowPages, howToAsk } = await import("../howToAsk.ts");
    const { draftOf, signInNow } = await import("../signInNow.ts");
    const output = openOutput(call, () => performance.now());
    const { env, platform } = call.surroundings;
    const home = homeFolder(env, platform);
    const profiles = await readProfiles(home);
    const name = call.options.profile as string | undefined;
    const before = name === undefined ? undefined : findProfile(profiles, name);
    const asked = kinds[String(call.options.auth)];
    const draft = draftOf(call, before, asked, canShowPages(call));
    if (env.PREPOP_ACCESS_TOKEN) {
      output.note("PREPOP_ACCESS_TOKEN is set and comes first; unset it to use this sign-in.");
    }
    const profile = await signInNow(draft, {
      call,
      home,
      note: output.note,
      before,
      names: profiles.all,
      ...howToAsk(call, output),
    });
    const made = withProfile(profiles, profile);
    const next = call.options.default === true ? { ...made, default: profile.name } : made;
    await writeProfiles(home, next);
    const { profileLine, profileText } = await import("../../report/profileText.ts");
    const isDefault = next.default === profile.name;
    await output.line(profileLine(profile, isDefault));
    for (const line of profileText(profile, isDefault)) await output.say(line);
    await output.line({ type: "summary", command: "login", exitCode: 0, profile: profile.name });
    return 0;
  },
};

export const logout: CommandSpec = {
  name: "logout",
  summary: "forget the tokens of a profile",
  arguments: [],
  options: [
    { flags: "--profile <name>", summary: "the profile (default: the default one)" },
    { flags: "--all", summary: "every profile" },
    ...everywhere,
  ],
  examples: ["prepop logout", "prepop logout --profile contoso.com", "prepop logout --all"],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { homeFolder } = await import("../../ledger/home.ts");
    const { needProfile, readProfiles } = await import("../profiles.ts");
    const { forgetTokens } = await import("../tokenFile.ts");
    const { platformSeal } = await import("../tokenSeal.ts");
    const output = openOutput(call, () => performance.now());
    const { env, platform } = call.surroundings;
    const home = homeFolder(env, platform);
    const profiles = await readProfiles(home);
    const named = (call.options.profile as string | undefined) ?? profiles.default;
    if (named === undefined && call.options.all !== true) {
      throw new PrepopError("PREPOP_USAGE", {
        why: "There is no default profile, so it has to be said which one is meant",
        fix: "Add --profile NAME or --all; `prepop profiles` lists them.",
      });
    }
    const chosen = call.options.all === true ? profiles.all : [needProfile(profiles, named ?? "")];
    let forgotten = 0;
    for (const { name } of chosen) {
      const had = await forgetTokens(home, name, platformSeal(env, platform));
      forgotten += had ? 1 : 0;
      await output.say(had ? `Signed out of ${name}.` : `No tokens were kept for ${name}.`);
    }
    await output.line({
      type: "summary",
      command: "logout",
      exitCode: 0,
      profiles: chosen.length,
      forgotten,
    });
    return 0;
  },
};
