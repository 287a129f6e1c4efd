import { patienceFor } from "../engine/plan.ts";
import { openProfileRoster, type ProfileRosterRequest } from "../engine/profileRoster.ts";
import { openSharedRoster } from "../engine/sharedRoster.ts";
import { lacks } from "../model/clouds.ts";
import { PrepopError } from "../model/errors.ts";
import type { PlanOptions } from "../model/options.ts";
import { phoneTypes } from "../model/phone.ts";
import type { ListPlace } from "../model/sharedList.ts";
import type { OpenOptions, Roster } from "../roster/open.ts";
import type { Call } from "./command.ts";
import { listPlace } from "./listPlace.ts";
import { type OpenEdges, openEdges } from "./openEdges.ts";
import { refuseUnknownRegion, withRoster } from "./openInput.ts";
import type { Output } from "./output.ts";
import { profileOptions } from "./profileOptions.ts";
import { paceOf, planOptions, rosterOptions } from "./settings.ts";
import { cloudInUse } from "./signIn.ts";

/**
 * Opens the list of a command that plans, and the tenant, hands both on and closes them whatever happens. A file comes
 * first: one that cannot be used is told without a sign-in. What is in the cloud, a list in Microsoft 365 or the directory's
 * own profiles, comes after it.
 */
export async function withPlanInput<Result>(
  call: Call,
  output: Output,
  use: (opened: Roster, open: OpenEdges) => Promise<Result>,
): Promise<Result> {
  const options = planOptions(call);
  const profiles = profileOptions(call);
  if (profiles !== undefined) {
    refuseUnknownRegion(call.options.region as string | undefined);
    return await withEdges(call, output, open =>
      withProfiles(call, profiles, open, output, opened => use(opened, open)),
    );
  }
  const reading = { ...rosterOptions(call), requirePhones: options.policy !== "remove" };
  const place = listPlace(call);
  if (place !== undefined) {
    refuseUnknownRegion(reading.region);
    return await withEdges(call, output, open =>
      withSharedList({ call, place, reading, open, output }, async opened => {
        requireTypes(options, opened);
        return await use(opened, open);
      }),
    );
  }
  return await withRoster(call, reading, async opened => {
    requireTypes(options, opened);
    return await withEdges(call, output, open => use(opened, open));
  });
}

/** A list in Microsoft 365, how it is to be read, and with what. */
export type SharedListCall = {
  readonly call: Call;
  readonly place: ListPlace;
  readonly reading: OpenOptions;
  readonly open: OpenEdges;
  readonly output: Output;
};

/** Opens a list in Microsoft 365 as a roster, hands it on and closes it. */
export async function withSharedList<Result>(
  { call, place, reading, open: { edges }, output }: SharedListCall,
  use: (opened: Roster) => Promise<Result>,
): Promise<Result> {
  const patience = patienceFor(edges, paceOf(call).maxWaitMs);
  const hasExcel = !lacks(await cloudInUse(call), "workbook");
  const request = { place, options: reading, hasExcel, onNotice: output.note, watch: output.progress };
  const opened = await openSharedRoster(request, edges, patience);
  output.settle();
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** Reads the profiles of the tenant as a roster, hands it on and closes it. */
export async function withProfiles<Result>(
  call: Call,
  profiles: ProfileRosterRequest,
  { edges }: OpenEdges,
  output: Output,
  use: (opened: Roster) => Promise<Result>,
): Promise<Result> {
  const patience = patienceFor(edges, paceOf(call).maxWaitMs);
  const watch = output.progress;
  const opened = await openProfileRoster({ ...profiles, watch }, edges, patience);
  output.settle();
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** Opens the tenant, hands it on and closes it. */
export async function withEdges<Result>(
  call: Call,
  output: Output,
  use: (open: OpenEdges) => Promise<Result>,
): Promise<Result> {
  const open = await openEdges(call, output);
  try {
    return await use(open);
  } finally {
    await open.close();
  }
}

/** A list without phone columns does not say which phones to remove. */
function requireTypes({ policy, types }: PlanOptions, { columns }: Roster): void {
  if (policy === "remove" && types === undefined && !phoneTypes.some(type => columns[type])) {
    throw new PrepopError("PREPOP_ROSTER_TYPES_NEEDED");
  }
}
