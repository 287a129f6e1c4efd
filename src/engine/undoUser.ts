import { keepMethods } from "../decide/leftMethods.ts";
import { hasEffect, refuseUnread, takeBack, type UndoEntry, undoOrder } from "../decide/undo.ts";
import { tookDefault, undoDefault } from "../decide/undoDefault.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Change } from "../model/change.ts";
import { type Fault, GraphFault } from "../model/fault.ts";
import type { Edges } from "./edges.ts";
import type { Patience } from "./patience.ts";

/** The entries of one user. */
export type UserEntries = readonly [UndoEntry, ...UndoEntry[]];

/** What is planned for one user. */
export type UndoneUser = {
  readonly changes: readonly Change[];
  readonly userPrincipalName: string;
  readonly rows: number;
  readonly phonesHeld: number;
  readonly masked: boolean;
  readonly methodsUnknown: boolean;
  readonly leftWithoutMethod: boolean;
  readonly smsUnknown: boolean;
  readonly defaultKept: boolean;
  /** What came of reading him. */
  readonly read: "notNeeded" | "done" | Fault;
};

/** Reads what a user has now, as far as it is needed, and plans what takes his entries back. */
export async function undoUser(
  entries: UserEntries,
  { runId, ledger }: { readonly runId: string; readonly ledger: Ledger },
  { graph }: Pick<Edges, "graph">,
  patience: Patience,
): Promise<UndoneUser> {
  const { userId, userPrincipalName } = entries[0].entry;
  const plain = {
    userPrincipalName,
    rows: new Set(entries.flatMap(({ entry }) => entry.rows)).size,
    phonesHeld: 0,
    masked: false,
    methodsUnknown: false,
    leftWithoutMethod: false,
    smsUnknown: false,
    defaultKept: false,
  };
  const input = { runId, entries, later: [], existing: undefined };
  if (!hasEffect(entries)) return { ...plain, ...takeBack(input), read: "notNeeded" };

  try {
    const { phones, masked } = await patience.read(() => graph.listPhones(userId));
    const later = ledger.laterWrites(runId, userId);
    const back = takeBack({ ...input, later, existing: phones });
    const sorted = undoOrder(back.changes, entries);
    const deletes = sorted.some(change => change.kind === "delete");
    const wantsDefault = deletes || tookDefault(entries);
    const [preferences, methods] = await Promise.all([
      wantsDefault ? patience.read(() => graph.signInPreferences(userId)) : undefined,
      deletes ? patience.read(() => graph.listMethods(userId)) : undefined,
    ]);
    const restored = undoDefault({ changes: sorted, entries, preferences });
    const left = keepMethods({
      changes: restored.changes,
      methods,
      defaultMethod: restored.defaultMethod,
      allowLastMethod: true,
    });
    return {
      ...plain,
      changes: undoOrder(left.changes, entries),
      phonesHeld: phones.length,
      masked,
      methodsUnknown: deletes && (methods === undefined || preferences === undefined),
      leftWithoutMethod: left.leftWithoutMethod,
      smsUnknown: back.smsUnknown,
      defaultKept: restored.kept,
      read: "done",
    };
  } catch (error) {
    if (!(error instanceof GraphFault)) throw error;
    const { fault } = error;
    const reason = fault.status === 403 ? "forbidden" : "unreadable";
    return { ...plain, changes: refuseUnread(input, reason), read: fault };
  }
}
