import { canonicalExisting } from "../decide/phoneNumber.ts";
import type { Graph } from "../graph/connect.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { GraphFault } from "../model/fault.ts";
import { numberKey } from "../model/phone.ts";
import type { Entry, Outcome, Run } from "../model/run.ts";

/** Users whose phones are read at most to find who holds a taken number. */
const mostUsersRead = 1_000;
/** Entries looked through at most. */
const mostEntries = 100_000;
const readsSideBySide = 100;

export const numberTaken = "phoneNumberNotUnique";

/** Finds out who uses a number for SMS sign-in: a user of this run, another one of the tenant, or a deleted one. */
export type HolderSearch = { find(number: string, notUserId: string): Promise<string | undefined> };

/**
 * Looks in the roster, then in the tenant, then among the deleted users (rules.md, SMS sign-in). Each place is read
 * once a run and only when a number was taken; what cannot be read there is not searched.
 */
export function createHolderSearch(run: Run, ledger: Ledger, graph: Graph): HolderSearch {
  const roster = once(() => Promise.resolve(holdersInRun(run, ledger)));
  const tenant = once(() => holdersInTenant(graph));
  const deleted = once(() => deletedHolders(graph));
  return {
    async find(number, notUserId) {
      const key = numberKey(number);
      for (const place of [roster, tenant]) {
        const holder = (await place()).get(key)?.find(each => each.userId !== notUserId);
        if (holder) return holder.name;
      }
      const { byNumber, count } = await deleted();
      const name = byNumber.get(key);
      if (name !== undefined) return `the deleted user ${name}`;
      return count === 0 ? undefined : `one of ${count} deleted users, perhaps: their methods cannot be read`;
    },
  };
}

/** The outcome with the holder's name in its message, where one was found. */
export async function nameHolder(entry: Entry, outcome: Outcome, search: HolderSearch): Promise<Outcome> {
  if (outcome.code !== numberTaken || entry.to === null) return outcome;
  const holder = await search.find(entry.to, entry.userId);
  return holder === undefined
    ? outcome
    : { ...outcome, message: `${outcome.message ?? ""} Held by ${holder}.`.trim() };
}

type Holder = { readonly userId: string; readonly name: string };
type Holders = ReadonlyMap<string, readonly Holder[]>;

function holdersInRun(run: Run, ledger: Ledger): Holders {
  const holders = new Map<string, Holder[]>();
  let seen = 0;
  for (const { entry } of ledger.outcomes(run.id)) {
    if (++seen > mostEntries) break;
    if (entry.phoneType !== "mobile" || entry.kind === "delete") continue;
    const number = entry.kind === "kept" ? entry.from : entry.to;
    if (number !== null) add(holders, number, { userId: entry.userId, name: entry.userPrincipalName });
  }
  return holders;
}

async function holdersInTenant(graph: Graph): Promise<Holders> {
  const holders = new Map<string, Holder[]>();
  const candidates: Holder[] = [];
  await whereItAnswers(async () => {
    for await (const page of graph.registrations()) {
      for (const { id, userPrincipalName, hasMobile } of page) {
        if (hasMobile) candidates.push({ userId: id, name: userPrincipalName });
      }
      if (candidates.length >= mostUsersRead) break;
    }
  });
  const searched = candidates.slice(0, mostUsersRead);
  for (let from = 0; from < searched.length; from += readsSideBySide) {
    const some = searched.slice(from, from + readsSideBySide);
    await Promise.all(
      some.map(holder =>
        whereItAnswers(async () => {
          const { phones } = await graph.listPhones(holder.userId);
          for (const phone of phones)
            if (phone.phoneType === "mobile") add(holders, phone.phoneNumber, holder);
        }),
      ),
    );
  }
  return holders;
}

async function deletedHolders(
  graph: Graph,
): Promise<{ byNumber: ReadonlyMap<string, string>; count: number }> {
  const byNumber = new Map<string, string>();
  let count = 0;
  await whereItAnswers(async () => {
    for await (const page of graph.deletedUsers()) {
      count += page.length;
      for (const { userPrincipalName, profileNumbers } of page) {
        for (const number of profileNumbers)
          byNumber.set(numberKey(canonicalExisting(number)), userPrincipalName);
      }
      if (count >= mostUsersRead) break;
    }
  });
  return { byNumber, count };
}

function add(holders: Map<string, Holder[]>, number: string, holder: Holder): void {
  const key = numberKey(number);
  const known = holders.get(key);
  if (known) known.push(holder);
  else holders.set(key, [holder]);
}

/** The search only adds a name to a message: where Graph does not answer, the message goes without. */
async function whereItAnswers(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof GraphFault)) throw error;
  }
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
