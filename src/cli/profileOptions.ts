import type { ProfileRosterRequest } from "../engine/profileRoster.ts";
import {
  defaultProfileColumns,
  type ProfileColumns,
  type ProfileProperty,
  profileProperties,
} from "../model/directoryProfile.ts";
import { PrepopError } from "../model/errors.ts";
import { type PhoneType, phoneTypes } from "../model/phone.ts";
import type { Call } from "./command.ts";

/**
 * What `--from profile` asks for; undefined where a roster is named.
 * @throws PrepopError PREPOP_USAGE for none or both, and for options that mean nothing beside it
 */
export function profileOptions(call: Call): ProfileRosterRequest | undefined {
  const { options } = call;
  const [roster] = call.arguments;
  if (options.from === undefined) {
    if (options.filter !== undefined) {
      throw usage("--filter says which profiles to read, and this is no list of them", "Add --from profile.");
    }
    if (roster === undefined) {
      throw usage("No roster is named", "Give a file, - for standard input, or --from profile.");
    }
    return undefined;
  }
  if (roster !== undefined) {
    throw usage("A roster and --from profile are two lists", "Leave one of them out.");
  }
  const given = ofFilesOnly.filter(([name]) => options[name] !== undefined).map(([, flag]) => flag);
  if (given.length > 0) {
    throw usage(`${given.join(", ")} cannot go with --from profile, which reads no file`, "Leave it out.");
  }
  const groups = options.group as readonly string[] | undefined;
  const filter = options.filter as string | undefined;
  return {
    columns: columnsOf(options.column as Readonly<Record<string, string>> | undefined),
    ...(groups === undefined ? {} : { groups }),
    ...(filter === undefined ? {} : { filter }),
  };
}

const ofFilesOnly = [
  ["sheet", "--sheet"],
  ["table", "--table"],
  ["headerRow", "--header-row"],
  ["format", "--format"],
  ["match", "--match"],
  ["inspect", "--inspect"],
] as const;

/** Both properties where nothing is said, else exactly those that are named. */
function columnsOf(named: Readonly<Record<string, string>> | undefined): ProfileColumns {
  if (named === undefined) return defaultProfileColumns;
  const columns: { [Type in PhoneType]?: ProfileProperty } = {};
  for (const [kind, header] of Object.entries(named)) {
    const type = phoneTypes.find(each => each === kind);
    const property = profileProperties.find(
      each => each.toLowerCase() === header.trim().replace("[0]", "").toLowerCase(),
    );
    if (type === undefined || property === undefined) {
      throw usage(
        `--column ${kind}=${header} is no number of a profile`,
        "With --from profile, KIND is mobile, alternateMobile or office, and HEADER mobilePhone or businessPhones.",
      );
    }
    if (Object.values(columns).includes(property)) {
      throw usage(`${property} is named for two phones, and is only one`, "Name it once.");
    }
    columns[type] = property;
  }
  return columns;
}

function usage(why: string, fix: string): PrepopError {
  return new PrepopError("PREPOP_USAGE", { why, fix });
}
