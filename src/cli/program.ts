import { Command, CommanderError, Option } from "commander";
import { PrepopError } from "../model/errors.ts";
import type { Call, CommandSpec } from "./command.ts";
import { commands } from "./commands.ts";
import { withoutNumbers } from "./masked.ts";
import type { OptionSpec } from "./option.ts";
import { showError } from "./showError.ts";
import type { Surroundings } from "./surroundings.ts";

/** Runs one command line (without node and script) and returns the exit code. It never exits the process. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode = 0;
  const json = argv.includes("--json");
  const told: string[] = [];
  const program = new Command("prepop")
    .description(
      "Gives every user of a Microsoft Entra tenant the right phone authentication methods, from a list.",
    )
    .version(surroundings.version)
    .showSuggestionAfterError(true)
    .addHelpText("after", "\nStart: prepop plan phones.xlsx --sandbox   (no tenant needed)\n");
  for (const spec of commands) {
    addCommand(program, spec, async (args, options) => {
      const call = { command: spec.name, arguments: args, options, surroundings };
      if (namesSeveral(call)) {
        const { runForEach } = await import("./severalTenants.ts");
        exitCode = await runForEach(spec, call, each => withDefaults(spec, each));
      } else exitCode = await spec.run(await withDefaults(spec, call));
    });
  }
  for (const each of allOf(program)) {
    each.exitOverride().configureOutput({
      writeOut: text => surroundings.stdout.write(text),
      writeErr: text => told.push(text),
    });
  }
  const command = nameOf(argv);
  try {
    await program.parseAsync([...argv], { from: "user" });
    await linesOut();
    return exitCode;
  } catch (error) {
    await linesOut();
    if (!(error instanceof CommanderError)) return await showError(error, { command, json, surroundings });
    if (error.exitCode === 0) return 0;
    if (error.code === "commander.help") {
      surroundings.stderr.write(told.join(""));
      return 1;
    }
    return await showError(usageError(error), { command, json, surroundings });
  }
}

/** `--profile a,b`; the name of a profile holds no comma. */
function namesSeveral({ options }: Call): boolean {
  return typeof options.profile === "string" && options.profile.includes(",");
}

/** The profile in use may say which country numbers are of that carry none. */
async function withDefaults(spec: CommandSpec, call: Call): Promise<Call> {
  const knows = (name: string) => spec.options.some(({ flags }) => flags.startsWith(`--${name} `));
  if (call.options.region !== undefined || !knows("region") || !knows("profile") || makesProfiles(spec)) {
    return call;
  }
  const { homeFolder } = await import("../ledger/home.ts");
  const { profileInUse } = await import("./signIn.ts");
  const { env, platform } = call.surroundings;
  const region = (await profileInUse(call, homeFolder(env, platform)))?.region;
  return region === undefined ? call : { ...call, options: { ...call.options, region } };
}

/** Of these commands, --profile may name a profile that there is not yet. */
function makesProfiles({ name }: CommandSpec): boolean {
  return name === "login" || name === "setup";
}

/** Lines are gathered for one turn of the loop (output.ts): after the next one they are all out. */
function linesOut(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  action: (args: string[], options: Record<string, unknown>) => Promise<void>,
): void {
  const words = spec.name.split(" ");
  const last = words.pop() ?? "";
  let parent = program;
  for (const word of words) {
    parent =
      parent.commands.find(known => known.name() === word) ??
      parent.command(word).description(groups[word] ?? "");
  }
  const command = parent.command(last).description(spec.summary);
  for (const { name, summary } of spec.arguments) command.argument(name, summary);
  const isLong = spec.options.length > longHelp;
  for (const option of spec.options) command.addOption(toOption(option, isLong));
  command.addHelpText("after", `\nExamples:\n${spec.examples.map(each => `  ${each}`).join("\n")}`);
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, spec.arguments.length).filter(each => each !== undefined);
    // `runs` has --json of its own, which commander would keep from `runs show`.
    await action(args as string[], command.optsWithGlobals());
  });
}

const groups: Readonly<Record<string, string>> = {
  profiles: "the tenants that were signed in to",
  phone: "look at and change single phones",
  connector: "the connector for Power Automate and Logic Apps",
  flow: "the flow for Power Automate, or the Logic App",
  sandbox: "an invented tenant to rehearse against",
};

/** A help of more options than this is read by headings. */
const longHelp = 12;

function toOption({ flags, summary, parse, choices, hidden, heading }: OptionSpec, isLong: boolean): Option {
  const option = new Option(flags, summary);
  if (isLong && heading !== undefined) option.helpGroup(`${heading}:`);
  if (choices) option.choices(choices);
  if (parse) option.argParser(parse);
  if (hidden) option.hideHelp();
  return option;
}

function allOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

function nameOf(argv: readonly string[]): string {
  const words = argv.filter(word => !word.startsWith("-"));
  const two = words.slice(0, 2).join(" ");
  return commands.some(({ name }) => name === two) ? two : (words[0] ?? "");
}

function usageError(error: CommanderError): PrepopError {
  const [first = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const why = withoutNumbers(first.replace(/[.\s]+$/, ""));
  const suggestion = more.join(" ").replace(/[()]/g, "").trim();
  const fix = [suggestion, "`--help` shows what there is."].filter(part => part !== "").join(" ");
  return new PrepopError("PREPOP_USAGE", { why: why.charAt(0).toUpperCase() + why.slice(1), fix });
}
