import { regionOf } from "../decide/region.ts";
import { PrepopError } from "../model/errors.ts";
import type { RosterOptions } from "../model/options.ts";
import { openRoster, type Roster, type RosterSource } from "../roster/open.ts";
import type { Call } from "./command.ts";

/** The roster that a command names; `-` is standard input. */
export function sourceOf(call: Call): RosterSource {
  const [path = "-"] = call.arguments;
  return path === "-" ? { kind: "stdin", stream: call.surroundings.stdin } : { kind: "file", path };
}

/** Opens the roster, hands it on and closes it whatever happens. */
export async function withRoster<Result>(
  call: Call,
  options: RosterOptions & { readonly requirePhones?: boolean },
  use: (roster: Roster) => Promise<Result>,
): Promise<Result> {
  refuseUnknownRegion(options.region);
  const roster = await openRoster(sourceOf(call), options);
  try {
    return await use(roster);
  } finally {
    await roster.close();
  }
}

/** A country that is none would make every number without a country code an issue. */
export function refuseUnknownRegion(region: string | undefined): void {
  if (region === undefined || regionOf(region).kind === "region") return;
  throw new PrepopError("PREPOP_USAGE", {
    why: `--region ${region} is no country with telephone numbers`,
    fix: "Give its two letters, such as NL.",
  });
}
