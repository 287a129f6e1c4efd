import { openProfileSpool, type ProfileSpool } from "../ledger/profileSpool.ts";
import {
  type DirectoryProfile,
  defaultProfileColumns,
  type ProfileColumns,
  type ProfileProperty,
  type ProfileReading,
  profileProperties,
} from "../model/directoryProfile.ts";
import { PrepopError } from "../model/errors.ts";
import { GraphFault } from "../model/fault.ts";
import { type PhoneType, phoneTypes } from "../model/phone.ts";
import type { RosterCell, RosterRow } from "../model/row.ts";
import type { Roster } from "../roster/open.ts";
import type { Edges, Watch } from "./edges.ts";
import type { Patience } from "./patience.ts";
import { readProfiles, type WhoseProfiles } from "./profileReading.ts";
import { tenantOf } from "./tenantOf.ts";

/** Whose profiles make the roster, and which of their numbers. */
export type ProfileRosterRequest = WhoseProfiles & {
  /** Default: mobilePhone is the mobile, the business phone the office phone. */
  readonly columns?: ProfileColumns;
  readonly watch?: Watch;
};

/**
 * Makes a roster of the numbers that the directory itself has of its users (`--from profile`). It reads page by page into
 * a sealed spool. A row is a user with a number, and its place among them by name; who has none is counted.
 * @throws PrepopError PREPOP_TENANT_MISMATCH, PREPOP_AUTH_PROFILES_REFUSED, PREPOP_AUTH_PROFILES_HIDDEN,
 *   PREPOP_GROUP_NOT_FOUND, PREPOP_DIRECTORY_FILTER, PREPOP_DIRECTORY_UNREADABLE
 */
export async function openProfileRoster(
  request: ProfileRosterRequest,
  edges: Edges,
  patience: Patience,
): Promise<Roster> {
  const { columns = defaultProfileColumns } = request;
  // Not even a name is read from a tenant that is not the one that was meant.
  await tenantOf(edges, patience);
  const spool = openProfileSpool();
  try {
    const tally = createTally(spool, columns);
    const { watch } = request;
    for await (const page of readProfiles(request, tally.wanted, edges.graph, patience)) {
      for (const profile of page) tally.add(profile);
      watch?.({ phase: "reading", done: tally.reading().users });
    }
    return rosterOf(spool, tally, columns);
  } catch (error) {
    spool.close();
    throw profilesError(error);
  }
}

type Tally = ReturnType<typeof createTally>;

/** Takes each user once, keeps who has a number, and notes which properties are shown and which are filled at all. */
function createTally(spool: ProfileSpool, columns: ProfileColumns) {
  const wanted = profileProperties.filter(property => Object.values(columns).includes(property));
  const shown = new Set<ProfileProperty>();
  const filled = new Set<ProfileProperty>();
  const reading = { users: 0, withoutNumber: 0, furtherPhones: 0 };
  return {
    wanted,
    shown,
    filled,
    add(profile: DirectoryProfile): void {
      const full = wanted.filter(property => numberOf(profile, property) !== "");
      const isNew =
        full.length > 0 ? spool.add(onlyOf(profile, wanted)) : spool.addWithoutNumber(profile.user.id);
      if (!isNew) return;
      reading.users++;
      if (full.length === 0) reading.withoutNumber++;
      if (full.includes("businessPhones") && (profile.businessPhones?.length ?? 0) > 1)
        reading.furtherPhones++;
      for (const property of full) filled.add(property);
      for (const property of wanted) if (profile[property] !== undefined) shown.add(property);
    },
    reading: (): ProfileReading => ({ ...reading }),
  };
}

function onlyOf(profile: DirectoryProfile, wanted: readonly ProfileProperty[]): DirectoryProfile {
  const kept = wanted.map(property => [property, profile[property]]);
  return { user: profile.user, ...Object.fromEntries(kept) };
}

/**
 * The number that a property holds, as it is written there. Graph takes only one business phone, though it is a list:
 * https://learn.microsoft.com/graph/api/resources/user (read 2026-11-23).
 */
function numberOf({ mobilePhone, businessPhones }: DirectoryProfile, property: ProfileProperty): string {
  const text = property === "mobilePhone" ? mobilePhone : businessPhones?.[0];
  return text === undefined || text.trim() === "" ? "" : text;
}

function rosterOf(spool: ProfileSpool, tally: Tally, columns: ProfileColumns): Roster {
  const { wanted, shown, filled } = tally;
  const profile = tally.reading();
  if (profile.users > 0 && shown.size === 0) {
    throw new PrepopError("PREPOP_AUTH_PROFILES_HIDDEN", { properties: wanted.join(", ") });
  }
  return {
    name: "the profiles of the directory",
    hash: spool.hash(),
    columns: {
      user: { header: "userPrincipalName" },
      region: { header: "usageLocation" },
      ...Object.fromEntries(Object.entries(columns).map(([type, property]) => [type, { header: property }])),
    },
    fromProfile: { ...profile, columns },
    async *batches() {
      let batch: RosterRow[] = [];
      let row = 0;
      for (const each of spool.profiles()) {
        batch.push(rowOf(each, ++row, columns, filled));
        if (batch.length === batchSize) {
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) yield batch;
    },
    hiddenRows: () => 0,
    close: async () => spool.close(),
  };
}

const batchSize = 500;

/**
 * A property that nobody has filled, or that is not shown, is no column: to be without permission looks the same, and
 * under mirror an empty cell removes a phone.
 */
function rowOf(
  profile: DirectoryProfile,
  row: number,
  columns: ProfileColumns,
  filled: ReadonlySet<ProfileProperty>,
): RosterRow {
  const { user } = profile;
  const cells: { [Type in PhoneType]?: RosterCell } = {};
  for (const type of phoneTypes) {
    const property = columns[type];
    if (property === undefined || !filled.has(property) || profile[property] === undefined) continue;
    cells[type] = text(numberOf(profile, property));
  }
  return {
    ref: { row },
    hidden: false,
    cells: { user: text(user.userPrincipalName), region: text(user.usageLocation ?? ""), ...cells },
    found: user,
    properties: columns,
  };
}

const text = (value: string): RosterCell => ({ text: value, stored: "text" });

function profilesError(error: unknown): unknown {
  if (!(error instanceof GraphFault)) return error;
  const { fault } = error;
  const request = fault.requestId === undefined ? "" : ` (request-id ${fault.requestId})`;
  const code = fault.status === 403 ? "PREPOP_AUTH_PROFILES_REFUSED" : "PREPOP_DIRECTORY_UNREADABLE";
  return new PrepopError(code, { why: fault.message.replace(/\.$/, ""), request }, error);
}
