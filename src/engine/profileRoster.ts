import type { Cursor, ProfileQuery } from "../graph/connect.ts";
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
import { tenantOf } from "./tenantOf.ts";
import { forbidden } from "./worldErrors.ts";

/** Whose profiles make the roster, and which of their numbers. */
export type ProfileRosterRequest = {
  /** Only members of these groups: object ids or unique names. */
  readonly groups?: readonly string[];
  /** OData, as Graph has it for users. */
  readonly filter?: string;
  /** Default: mobilePhone is the mobile, the business phone the office phone. */
  readonly columns?: ProfileColumns;
  readonly watch?: Watch;
};

/**
 * Makes a roster of the numbers that the directory itself has of its users (`--from profile`). It reads page by page into
 * a sealed spool. A row is a user with a number, and its place among them by name; who has none is counted.
 * @throws PrepopError PREPOP_TENANT_MISMATCH, PREPOP_AUTH_FORBIDDEN, PREPOP_AUTH_PROFILES_HIDDEN, PREPOP_GROUP_NOT_FOUND,
 *   PREPOP_DIRECTORY_FILTER, PREPOP_DIRECTORY_UNREADABLE
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
    await readInto(tally, request, edges, patience);
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

/**
 * Reads everybody, or who fits the filter, or the members of the groups. With both, or where the members of a group are
 * not shown with their numbers, the users are read and only the members taken.
 */
async function readInto(
  tally: Tally,
  request: ProfileRosterRequest,
  edges: Edges,
  patience: Patience,
): Promise<void> {
  const { groups = [], filter, watch } = request;
  const { graph } = edges;
  const everybody: ProfileQuery = filter === undefined ? { of: "everybody" } : { of: "filter", filter };
  const read = async (cursor: ProfileCursor, members?: ReadonlySet<string>): Promise<void> => {
    for (let page = await cursor.next(); page; page = await cursor.next()) {
      for (const profile of page) if (members?.has(profile.user.id) ?? true) tally.add(profile);
      watch?.({ phase: "reading", done: tally.reading().users });
    }
  };
  if (groups.length === 0) return await read(patiently(graph.profiles(everybody), patience));
  const members = new Set<string>();
  for (const group of groups) {
    const direct = filter === undefined ? await membersOf(group, tally.wanted, edges, patience) : undefined;
    if (direct) await read(direct);
    else
      for (const id of await patience.read(() => Array.fromAsync(graph.groupUserIds(group)))) members.add(id);
  }
  if (members.size > 0) await read(patiently(graph.profiles(everybody), patience), members);
}

type ProfileCursor = Cursor<readonly DirectoryProfile[]>;

function patiently(cursor: ProfileCursor, patience: Patience): ProfileCursor {
  return { next: () => patience.read(() => cursor.next()) };
}

/** The members of a group with their numbers; undefined where the service does not show them so. */
async function membersOf(
  group: string,
  wanted: readonly ProfileProperty[],
  { graph }: Edges,
  patience: Patience,
): Promise<ProfileCursor | undefined> {
  const cursor = patiently(graph.profiles({ of: "group", group }), patience);
  let first: readonly DirectoryProfile[] | undefined;
  try {
    first = await cursor.next();
  } catch (error) {
    // A refusal is one of the caller, and the other way would meet it again.
    if (error instanceof GraphFault && error.fault.status !== 403) return undefined;
    throw error;
  }
  const hidden = first?.length && !first.some(each => wanted.some(property => each[property] !== undefined));
  if (hidden) return undefined;
  return {
    next: async () => {
      const page = first;
      first = undefined;
      return page ?? (await cursor.next());
    },
  };
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
  if (fault.status === 403) return forbidden(fault, error);
  const request = fault.requestId === undefined ? "" : ` (request-id ${fault.requestId})`;
  const why = fault.message.replace(/\.$/, "");
  return new PrepopError("PREPOP_DIRECTORY_UNREADABLE", { why, request }, error);
}
