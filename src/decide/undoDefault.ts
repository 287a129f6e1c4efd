import type { Change, DefaultMethod } from "../model/change.ts";
import type { UndoEntry } from "./undo.ts";

export type UndoDefaultInput = {
  /** In the order in which they are sent. */
  readonly changes: readonly Change[];
  readonly entries: readonly UndoEntry[];
  /** What signInPreferences says; undefined where it cannot be read. */
  readonly preferences: { readonly default?: DefaultMethod } | undefined;
};

export type UndoneDefault = {
  readonly changes: readonly Change[];
  /** The default method when the creates are done. */
  readonly defaultMethod: DefaultMethod | undefined;
  /** A default that the run took away does not come back. */
  readonly kept: boolean;
};

/** Whether the run took a default method away by what it deleted. */
export function tookDefault(entries: readonly UndoEntry[]): boolean {
  return entries.some(each => takenBy(each) !== undefined);
}

/**
 * Has the creates of an undo make their phones the default again where the run took that away. What the user, or an
 * administrator, chose since the run stays.
 */
export function undoDefault({ changes, entries, preferences }: UndoDefaultInput): UndoneDefault {
  if (!preferences) return { changes, defaultMethod: undefined, kept: tookDefault(entries) };
  let now = preferences.default ?? null;
  let kept = false;
  const taken = new Map(
    entries.flatMap(each => (takenBy(each) ? [[each.entry.phoneType, takenBy(each)]] : [])),
  );
  const restored = changes.map(change => {
    const switched = change.kind === "create" ? taken.get(change.phoneType) : undefined;
    if (!switched?.from) return change;
    taken.delete(change.phoneType);
    if (now === switched.from) return change;
    if (now !== switched.to) {
      kept = true;
      return change;
    }
    const back = { from: now, to: switched.from };
    now = switched.from;
    return { ...change, switchDefault: back };
  });
  // Of a phone that does not come back by a create, the default does not either.
  for (const switched of taken.values()) kept ||= switched?.from !== now;
  return { changes: restored, defaultMethod: now ?? undefined, kept };
}

function takenBy({ entry, outcome }: UndoEntry): Change["switchDefault"] {
  return entry.kind === "delete" && outcome === "applied" ? entry.switchDefault : undefined;
}
