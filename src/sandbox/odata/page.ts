import { type Refusal, refuse } from "../exchange.ts";
import type { Query } from "./query.ts";

/** One page of a collection and where the next begins. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: number | undefined };

/** How a page is asked for: where it starts and how long it is. */
export type PageRequest = { readonly start: number; readonly size: number };

/** The page that a query asks for, or why it cannot be had. */
export function pageRequest(query: Query, sizes: { standard: number; most: number }): PageRequest | Refusal {
  const top = query.get("$top");
  const size = top === undefined ? sizes.standard : Number(top);
  if (!Number.isInteger(size) || size < 1 || size > sizes.most) {
    return refuse("pageSize", { top: top ?? "", most: sizes.most });
  }
  const token = query.get("$skiptoken");
  const start = token === undefined ? 0 : readSkipToken(token);
  return start === undefined ? refuse("skipToken") : { start, size };
}

/**
 * Takes a page from a list, from a position on. Positions stay true while the list only grows at its end, so a reader
 * misses and repeats nothing when users are created between two pages.
 */
export function takePage<Item>(
  list: readonly Item[],
  { start, size }: PageRequest,
  wanted: (item: Item) => boolean,
): Page<Item> {
  const items: Item[] = [];
  for (let at = start; at < list.length; at++) {
    const item = list[at] as Item;
    if (!wanted(item)) continue;
    if (items.length === size) return { items, next: at };
    items.push(item);
  }
  return { items, next: undefined };
}

/** The absolute link to the next page: the same request with another `$skiptoken`. */
export function nextLink(origin: string, url: string, next: number): string {
  const [path = "", search = ""] = url.split("?");
  const kept = search.split("&").filter(part => part !== "" && !/^(%24|\$)?skiptoken=/i.test(part));
  return `${origin}${path}?${[...kept, `$skiptoken=${writeSkipToken(next)}`].join("&")}`;
}

// Opaque on purpose: a client that counts on the inside of a token breaks at the real service too.
function writeSkipToken(position: number): string {
  return Buffer.from(`m~${position.toString(36)}`).toString("base64url");
}

function readSkipToken(token: string): number | undefined {
  const match = /^m~([0-9a-z]+)$/.exec(Buffer.from(token, "base64url").toString());
  const position = Number.parseInt(match?.[1] ?? "", 36);
  return Number.isNaN(position) ? undefined : position;
}
