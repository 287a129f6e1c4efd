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
    const back = { from: switched.to, to: switched.from };
    // Another one was chosen since: it is looked at again after the create, and the outcome names it.
    if (now !== switched.to) kept = true;
    else now = switched.from;
    return { ...change, switchDefault: back };
  });
  // Of a phone that does not come back by a create, the default does not either.
  const left = [...taken].filter(([, switched]) => switched?.from !== now);
  const asTheRunLeftIt = new Set(left.flatMap(([type, switched]) => (switched?.to === now ? [type] : [])));
  const named = restored.map(change =>
    change.kind === "unchanged" && asTheRunLeftIt.has(change.phoneType)
      ? { ...change, kind: "refused" as const, reason: "defaultNotBack" as const }
      : change,
  );
  return { changes: named, defaultMethod: now ?? undefined, kept: kept || left.length > 0 };
}

function takenBy({ entry, outcome }: UndoEntry): Change["switchDefault"] {
  return entry.kind === "delete" && outcome === "applied" ? entry.switchDefault : undefined;
}
