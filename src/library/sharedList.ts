import { listPlaceOf } from "../decide/listPlace.ts";
import { patienceFor } from "../engine/plan.ts";
import { openSharedRoster } from "../engine/sharedRoster.ts";
import { cloudNames, clouds, lacks } from "../model/clouds.ts";
import { defaultPace } from "../model/defaults.ts";
import { PrepopError } from "../model/errors.ts";
import type { OpenOptions, Roster } from "../roster/open.ts";
import { type AroundSettings, edgesOf } from "./settings.ts";

/** Opens the list in Microsoft 365 that a source names; undefined for one that is a file. */
export async function openListNamed(
  source: string,
  options: OpenOptions,
  around: AroundSettings | undefined,
): Promise<Roster | undefined> {
  const place = listPlaceOf(source);
  if (place === undefined) return undefined;
  if (place.kind === "unusable")
    throw usage(`The address cannot be that of a list: ${place.why}`, "Correct it.");
  if (around === undefined) {
    throw usage(
      "A list in Microsoft 365 needs a Graph to read it",
      "Give one: readRoster(address, {}, { graph }).",
    );
  }
  const edges = edgesOf(around);
  const cloud = cloudNames.find(name => clouds[name].graph === around.graph.origin);
  const hasExcel = cloud === undefined || !lacks(cloud, "workbook");
  const patience = patienceFor(edges, defaultPace.maxWaitMs);
  return await openSharedRoster({ place, options, hasExcel, onNotice: () => undefined }, edges, patience);
}

function usage(why: string, fix: string): PrepopError {
  return new PrepopError("PREPOP_USAGE", { why, fix });
}
