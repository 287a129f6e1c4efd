import type { Cursor, Graph } from "../graph/connect.ts";
import type { DirectoryProfile, ProfileProperty } from "../model/directoryProfile.ts";
import { GraphFault } from "../model/fault.ts";
import type { Patience } from "./patience.ts";

/** Whose profiles are read; everybody's where nothing is said. */
export type WhoseProfiles = {
  /** Only members of these groups: object ids or unique names. */
  readonly groups?: readonly string[];
  /** OData, as Graph has it for users. */
  readonly filter?: string;
};

/**
 * Reads everybody, or who fits the filter, or the members of the groups, page by page; a user in two groups comes twice.
 * With both, or where the members of a group are not shown with their numbers, the users are read and only the members
 * taken.
 */
export async function* readProfiles(
  { groups = [], filter }: WhoseProfiles,
  wanted: readonly ProfileProperty[],
  graph: Graph,
  patience: Patience,
): AsyncGenerator<readonly DirectoryProfile[]> {
  const users = (): ProfileCursor =>
    patiently(
      graph.profiles(filter === undefined ? { of: "everybody" } : { of: "filter", filter }),
      patience,
    );
  if (groups.length === 0) return yield* pagesOf(users());
  const members = new Set<string>();
  for (const group of groups) {
    const shown = filter === undefined ? await membersOf(group, wanted, graph, patience) : undefined;
    if (shown) yield* pagesOf(shown);
    else
      for (const id of await patience.read(() => Array.fromAsync(graph.groupUserIds(group)))) members.add(id);
  }
  if (members.size === 0) return;
  for await (const page of pagesOf(users())) yield page.filter(({ user }) => members.has(user.id));
}

type ProfileCursor = Cursor<readonly DirectoryProfile[]>;

async function* pagesOf(cursor: ProfileCursor): AsyncGenerator<readonly DirectoryProfile[]> {
  for (let page = await cursor.next(); page; page = await cursor.next()) yield page;
}

/** Waits and asks again for the page that failed, and not from the beginning. */
function patiently(cursor: ProfileCursor, patience: Patience): ProfileCursor {
  return { next: () => patience.read(() => cursor.next()) };
}

/** The members of a group with their numbers; undefined where the service does not show them so. */
async function membersOf(
  group: string,
  wanted: readonly ProfileProperty[],
  graph: Graph,
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
