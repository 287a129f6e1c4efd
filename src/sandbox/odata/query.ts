/** The query of a URL: OData options by lower-case name with their `$`, decoded. */
export type Query = ReadonlyMap<string, string>;

const none: Query = new Map();

/** Reads the part of a URL after `?`. Names are taken without regard to case, with or without `$`. */
export function parseQuery(text: string): Query {
  if (text === "") return none;
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    const lower = name.toLowerCase();
    query.set(options.has(lower) ? `$${lower}` : lower, value);
  }
  return query;
}

/** Graph lets the `$` be left out before its own options. */
const options: ReadonlySet<string> = new Set([
  "select",
  "filter",
  "top",
  "skip",
  "skiptoken",
  "count",
  "orderby",
  "expand",
  "search",
]);

/** The names in `$select`, or undefined when it is absent. */
export function selectOf(query: Query): string[] | undefined {
  const text = query.get("$select");
  if (text === undefined) return undefined;
  return text.split(",").flatMap(name => (name.trim() === "" ? [] : [name.trim()]));
}

/** A record with only the selected properties. */
export function picked(
  record: Readonly<Record<string, unknown>>,
  select: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  if (select === undefined) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => select.includes(name)));
}
