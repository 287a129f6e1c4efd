import { listPlaceOf } from "../decide/listPlace.ts";
import { PrepopError } from "../model/errors.ts";
import type { ListPlace } from "../model/sharedList.ts";
import type { Call } from "./command.ts";

/**
 * The list in Microsoft 365 that a command names; undefined for a file and for standard input.
 * @throws PrepopError PREPOP_USAGE for an address that cannot be one
 */
export function listPlace({ arguments: [named = "-"] }: Call): ListPlace | undefined {
  const place = listPlaceOf(named);
  if (place?.kind !== "unusable") return place;
  throw new PrepopError("PREPOP_USAGE", {
    why: `The address cannot be that of a list: ${place.why}`,
    fix: "Copy the file's address from the browser or its sharing link, or give drive:ID/item:ID.",
  });
}
