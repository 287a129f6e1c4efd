import { basename, dirname, extname, join } from "node:path";
import { worstExitCode } from "../decide/verdict.ts";
import { PrepopError } from "../model/errors.ts";
import { tenantsText } from "../report/tenantsText.ts";
import type { Call, CommandSpec } from "./command.ts";
import { openOutput } from "./output.ts";
import { needProfile, readProfiles } from "./profiles.ts";
import { knownError, showError } from "./showError.ts";

/** What came of one of several tenants. */
export type TenantEnd = {
  readonly profile: string;
  /** Undefined for one that was not begun, because the person interrupted. */
  readonly exitCode: number | undefined;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
};

/**
 * Runs a command for one tenant after the other: each with its own sign-in, plan, question, guards, run and summary. What
 * goes wrong in one is said there and keeps none of the others from running. The last line tells all of them together.
 * @throws PrepopError for what is wrong with the call itself, before the first tenant
 */
export async function runForEach(
  spec: CommandSpec,
  call: Call,
  ofOne: (call: Call) => Promise<Call>,
): Promise<number> {
  const profiles = await profilesOf(spec, call);
  const output = openOutput(call, () => performance.now());
  const ends: TenantEnd[] = [];
  for (const [at, profile] of profiles.entries()) {
    if (call.surroundings.signal.aborted) {
      ends.push({ profile, exitCode: undefined });
      continue;
    }
    const heading = `Profile ${profile} (${at + 1} of ${profiles.length})`;
    await output.say(at === 0 ? heading : `\n${heading}`);
    if (output.json) output.note(heading);
    const options = { ...call.options, profile, ...ownFiles(call, profile) };
    ends.push(await runOne(spec, { ...call, options, among: profile }, ofOne, at === 0));
  }
  const codes = ends.map(({ exitCode }) => exitCode ?? interrupted);
  const exitCode = worstExitCode(codes, spec.severalTenants?.writes ?? false);
  for (const line of tenantsText(ends, output)) await output.say(line);
  await output.line({
    type: "summary",
    command: spec.name,
    exitCode,
    profiles: ends.map(({ profile, exitCode, error }) => ({
      profile,
      exitCode: exitCode ?? null,
      ...(error === undefined ? {} : { code: error.code }),
    })),
  });
  return exitCode;
}

/** Of a tenant that was not begun, because the person asked to stop. */
const interrupted = 130;

/** A mistake in the command line is the same for all of them, so the first one that finds it ends the whole. */
async function runOne(
  spec: CommandSpec,
  call: Call,
  ofOne: (call: Call) => Promise<Call>,
  isFirst: boolean,
): Promise<TenantEnd> {
  const profile = call.among ?? "";
  try {
    return { profile, exitCode: await spec.run(await ofOne(call)) };
  } catch (error) {
    const known = knownError(error);
    if (isFirst && known?.code.startsWith("PREPOP_USAGE")) throw known;
    const { options, surroundings } = call;
    const place = { command: spec.name, json: options.json === true, among: profile, surroundings };
    // The lines of this tenant are out before its error is.
    await new Promise(resolve => setImmediate(resolve));
    const exitCode = await showError(error, place);
    if (known === undefined) return { profile, exitCode };
    const { code, message, hint } = known;
    return { profile, exitCode, error: { code, message, hint } };
  }
}

/** @throws PrepopError PREPOP_USAGE, PREPOP_PROFILE_NOT_FOUND: a name that is wrong is told before the first tenant */
async function profilesOf(spec: CommandSpec, call: Call): Promise<readonly string[]> {
  const { homeFolder } = await import("../ledger/home.ts");
  const { env, platform } = call.surroundings;
  if (spec.severalTenants === undefined) {
    throw usage(`\`prepop ${spec.name}\` works in one tenant at a time`, "Name one profile.");
  }
  const ofOneOnly = await oneTenantOnly(spec, call);
  if (ofOneOnly !== undefined) throw usage(ofOneOnly, "Name one profile, or leave it out.");
  const known = await readProfiles(homeFolder(env, platform));
  const names = String(call.options.profile).split(",");
  const profiles = names
    .map(name => name.trim())
    .filter(name => name !== "")
    .map(name => needProfile(known, name).name);
  const twice = profiles.find((name, at) => profiles.indexOf(name) !== at);
  if (twice !== undefined) throw usage(`The profile ${twice} is named twice`, "Name it once.");
  return profiles;
}

/** What belongs to a single tenant, or can be read only once. */
async function oneTenantOnly(
  { name }: CommandSpec,
  { arguments: [named], options }: Call,
): Promise<string | undefined> {
  if (options.sandbox === true) return "--sandbox is one tenant, and no profile";
  if (options.digest !== undefined) return "--digest is that of one plan";
  if (named === undefined) return undefined;
  if (named === "-") return "Standard input can be read only once";
  if (name === "resume") return "A run is of one tenant";
  const { isSavedPlan } = await import("./savedPlanFile.ts");
  return (await isSavedPlan(named)) ? "A saved plan is of one tenant" : undefined;
}

/** Each tenant has its own plan file and report: `result.xlsx` becomes `result-contoso.com.xlsx`. */
function ownFiles({ options }: Call, profile: string): Readonly<Record<string, string>> {
  const own = (path: unknown): string | undefined => {
    if (typeof path !== "string") return undefined;
    const ending = extname(path);
    return join(dirname(path), `${basename(path, ending)}-${profile}${ending}`);
  };
  const files = { out: own(options.out), report: own(options.report) };
  return Object.fromEntries(
    Object.entries(files).filter((each): each is [string, string] => each[1] !== undefined),
  );
}

function usage(why: string, fix: string): PrepopError {
  return new PrepopError("PREPOP_USAGE", { why, fix });
}
