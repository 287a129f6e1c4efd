import type { Call, CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";
import type { Profiles } from "../profiles.ts";

const name = { name: "<name>", summary: "the profile" };

export const profiles: readonly CommandSpec[] = [
  {
    name: "profiles",
    summary: "list the tenants that were signed in to",
    arguments: [],
    options: everywhere,
    examples: ["prepop profiles", "prepop profiles use contoso.com"],
    async run(call) {
      const { output, home, known } = await open(call);
      const { isPersonKind } = await import("../../model/profile.ts");
      const { profileLine, profilesText } = await import("../../report/profileText.ts");
      const { hasTokens } = await import("../tokenFile.ts");
      const listed = [];
      for (const profile of known.all) {
        const signedIn = isPersonKind(profile.auth) ? await hasTokens(home, profile.name) : undefined;
        listed.push({ profile, isDefault: profile.name === known.default, signedIn });
      }
      for (const { profile, isDefault, signedIn } of listed) {
        await output.line({ ...profileLine(profile, isDefault), signedIn: signedIn ?? null });
      }
      for (const line of profilesText(listed)) await output.say(line);
      await output.line({ type: "summary", command: "profiles", exitCode: 0, profiles: known.all.length });
      return 0;
    },
  },
  {
    name: "profiles use",
    summary: "use a profile where none is named",
    arguments: [name],
    options: everywhere,
    examples: ["prepop profiles use contoso.com"],
    async run(call) {
      const { output, home, known } = await open(call);
      const { needProfile, writeProfiles } = await import("../profiles.ts");
      const profile = needProfile(known, call.arguments[0] ?? "");
      await writeProfiles(home, { ...known, default: profile.name });
      await output.say(`${profile.name} is used from now on where no profile is named.`);
      await output.line({ type: "summary", command: "profiles use", exitCode: 0, profile: profile.name });
      return 0;
    },
  },
  {
    name: "profiles remove",
    summary: "forget a profile and its tokens",
    arguments: [name],
    options: everywhere,
    examples: ["prepop profiles remove contoso.com"],
    async run(call) {
      const { output, home, known } = await open(call);
      const { needProfile, withoutProfile, writeProfiles } = await import("../profiles.ts");
      const { forgetTokens } = await import("../tokenFile.ts");
      const { platformSeal } = await import("../tokenSeal.ts");
      const profile = needProfile(known, call.arguments[0] ?? "");
      const { env, platform } = call.surroundings;
      await forgetTokens(home, profile.name, platformSeal(env, platform));
      await writeProfiles(home, withoutProfile(known, profile.name));
      await output.say(`${profile.name} is forgotten. Nothing changed in the tenant.`);
      if (profile.setup !== undefined) {
        const name = `--name "${profile.setup.displayName}"`;
        await output.say(`Its application is still there: \`prepop setup --remove ${name}\` deletes it.`);
      }
      await output.line({ type: "summary", command: "profiles remove", exitCode: 0, profile: profile.name });
      return 0;
    },
  },
];

async function open(call: Call) {
  const { openOutput } = await import("../output.ts");
  const { homeFolder } = await import("../../ledger/home.ts");
  const { readProfiles } = await import("../profiles.ts");
  const home = homeFolder(call.surroundings.env, call.surroundings.platform);
  const known: Profiles = await readProfiles(home);
  return { output: openOutput(call, () => performance.now()), home, known };
}
