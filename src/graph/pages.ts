import { PrepopError } from "../model/errors.ts";
import { type Answer, readOf, unreadable } from "./answer.ts";
import { type Call, get, type Wire } from "./wire.ts";

/** One page of a list. */
export type Page = {
  readonly values: readonly unknown[];
  /** The path of the next page, below the origin. */
  readonly next: string | undefined;
  readonly answer: Answer;
};

/** More pages than any list here has: a million users come in 1,002. */
const mostPages = 20_000;

/**
 * Walks a list page by page. The next link is followed as it came, on the same origin only.
 * @throws GraphFault unreadable for a page that is none, a link that comes twice, or a list without end
 * @throws PrepopError PREPOP_GRAPH_FOREIGN_LINK
 */
export async function* pages(call: Call, origin: string, first: Wire): AsyncGenerator<Page> {
  const cursor = pageCursor(call, origin, first);
  for (let page = await cursor.next(); page !== undefined; page = await cursor.next()) yield page;
}

/** A walk that can be gone on with after a fault: a page that could not be read is asked for again. */
export type Cursor<Found> = {
  /** Undefined after the last one. */
  next(): Promise<Found | undefined>;
};

/** The same walk for whoever waits between two tries of one page. */
export function pageCursor(call: Call, origin: string, first: Wire): Cursor<Page> {
  const seen = new Set<string>();
  let path: string | undefined = first.path;
  let last: Page | undefined;
  return {
    async next() {
      if (path === undefined) return undefined;
      if (last !== undefined && seen.has(path))
        throw unreadable(last.answer, "The list leads back to a page that was already read.");
      if (last !== undefined && seen.size >= mostPages)
        throw unreadable(last.answer, `The list has more than ${mostPages} pages.`);
      last = pageOf(await call({ ...first, path }), origin);
      seen.add(path);
      path = last.next;
      return last;
    },
  };
}

/** All entries of a list, with the answer of its last page. */
export async function wholeList(call: Call, origin: string, path: string): Promise<Omit<Page, "next">> {
  const values: unknown[] = [];
  let last: Page | undefined;
  for await (const page of pages(call, origin, get(path))) {
    for (const value of page.values) values.push(value);
    last = page;
  }
  if (last === undefined) throw new RangeError("A list has at least one page.");
  return { values, answer: last.answer };
}

/** Reads one page. */
export function pageOf(answer: Answer, origin: string): Page {
  const { value: values, "@odata.nextLink": link } = readOf(answer);
  if (!Array.isArray(values)) throw unreadable(answer, "The body holds no list.");
  return {
    values,
    next: link === undefined || link === null ? undefined : nextPath(link, origin, answer),
    answer,
  };
}

function nextPath(link: unknown, origin: string, answer: Answer): string {
  const url = typeof link === "string" && link !== "" ? URL.parse(link, origin) : null;
  if (typeof link !== "string" || url === null)
    throw unreadable(answer, "The link to the next page is no link.");
  if (url.origin !== origin || url.username !== "" || url.password !== "") {
    throw new PrepopError("PREPOP_GRAPH_FOREIGN_LINK", { origin: url.origin });
  }
  // Verbatim where it can be sent: to write a skip token another way may make another token of it.
  const rest = link.startsWith(`${origin}/`) ? link.slice(origin.length) : url.pathname + url.search;
  return /^[\x21-\x7e]+$/.test(rest) && !rest.includes("#") ? rest : url.pathname + url.search;
}
