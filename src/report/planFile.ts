/**
 * The plan file (interface.md, plan --out): JSON Lines, a header, one change a line, the issues, and a trailer with the
 * digest. It holds full numbers, because it is what apply sends. A file that was cut off, edited into something else or
 * made by another version is refused line by line; whether it is the plan that was shown is for the digest to say.
 */
import type { Change } from "../model/change.ts";
import { PrepopError } from "../model/errors.ts";
import type { RowIssue } from "../model/issue.ts";
import { type Plan, type PlanHeader, planFormatVersion } from "../model/plan.ts";
import { countField, field, fieldsOf, Misfit, textField } from "./planFields.ts";
import { readChange, readHeader, readIssue } from "./planRecords.ts";
import { Tally } from "./planTally.ts";

/** What stands in a plan file, in this order: one header, changes and issues, one trailer. */
export type PlanFileItem =
  | { readonly kind: "header"; readonly header: PlanHeader }
  | { readonly kind: "change"; readonly change: Change }
  | { readonly kind: "issue"; readonly issue: RowIssue }
  | { readonly kind: "trailer"; readonly digest: string };

/** The lines of a plan file, without line ends. */
export function* encodePlan(plan: Plan): Iterable<string> {
  yield JSON.stringify({ type: "plan", ...plan.header });
  let changes = 0;
  let issues = 0;
  for (const change of plan.changes()) {
    changes++;
    yield JSON.stringify({ type: "change", ...flat(change) });
  }
  for (const issue of plan.issues()) {
    issues++;
    yield JSON.stringify({ type: "issue", ...flat(issue) });
  }
  yield JSON.stringify({ type: "trailer", changes, issues, digest: plan.digest });
}

/** The row reference is written as the fields of the JSON Lines: row, and sheet, table and property where there are any. */
function flat<Value extends Change | RowIssue>({ ref, ...value }: Value): object {
  return { ...value, row: ref.row, sheet: ref.sheet, table: ref.table, property: ref.property };
}

/**
 * Reads the lines of a plan file one by one. Nothing may be acted on before the trailer has come: only it says that the
 * file is whole.
 * @throws PrepopError PREPOP_PLAN_FORMAT, and no other error whatever the lines hold
 */
export function* decodeLines(
  lines: Iterable<string>,
  file: string,
): Generator<PlanFileItem, void, undefined> {
  const reader = planReader(file);
  for (const line of lines) {
    const item = reader.next(line);
    if (item) yield item;
  }
  reader.end();
}

/** The same for lines that arrive over time: first the header, then the entries, then the digest of the trailer. */
export type PlanFile = {
  header(): Promise<PlanHeader>;
  /** To be walked once, after header(). */
  entries(): AsyncIterable<Extract<PlanFileItem, { kind: "change" | "issue" }>>;
  /** After entries() has ended. */
  digest(): string;
};

/** @throws PrepopError PREPOP_PLAN_FORMAT from each of its methods */
export function readPlanFile(lines: AsyncIterable<string>, file: string): PlanFile {
  const reader = planReader(file);
  const items = decodeArriving(lines, reader);
  let digest: string | undefined;
  return {
    async header() {
      const first = await items.next();
      if (first.done || first.value.kind !== "header")
        throw misplaced(file, "its header does not come first");
      return first.value.header;
    },
    async *entries() {
      for await (const item of items) {
        if (item.kind === "change" || item.kind === "issue") yield item;
        else if (item.kind === "trailer") digest = item.digest;
      }
    },
    digest() {
      if (digest === undefined) throw misplaced(file, "it was not read to its end");
      return digest;
    },
  };
}

async function* decodeArriving(
  lines: AsyncIterable<string>,
  reader: PlanReader,
): AsyncGenerator<PlanFileItem, void, undefined> {
  for await (const line of lines) {
    const item = reader.next(line);
    if (item) yield item;
  }
  reader.end();
}

type PlanReader = {
  /** One line; undefined for a blank one. */
  next(line: string): PlanFileItem | undefined;
  /** No line is left. */
  end(): void;
};

/**
 * start: nothing was read; only a header may come. open: the header was read; changes, issues or the trailer may come.
 * closed: the trailer was read; nothing but blank lines may come.
 */
type Place = "start" | "open" | "closed";

function planReader(file: string): PlanReader {
  let place: Place = "start";
  let line = 0;
  const tally = new Tally();
  return {
    next(text) {
      line++;
      const json = line === 1 ? text.replace(/^\ufeff/, "") : text;
      if (json.trim() === "") return undefined;
      try {
        const item = readLine(json, place, tally);
        place = item.kind === "trailer" ? "closed" : "open";
        return item;
      } catch (error) {
        if (error instanceof Misfit) throw misplaced(file, `line ${line}: ${error.message}`);
        throw error;
      }
    },
    end() {
      if (place === "closed") return;
      throw misplaced(
        file,
        place === "start" ? "it is empty" : "its last line is missing, so it was cut off",
      );
    },
  };
}

function misplaced(file: string, why: string): PrepopError {
  return new PrepopError("PREPOP_PLAN_FORMAT", { file, why });
}

function readLine(json: string, place: Place, tally: Tally): PlanFileItem {
  const fields = fieldsOf(parse(json), "it");
  const type = field(fields, "type");
  if (place === "closed") throw new Misfit("something follows the last line");
  if (place === "start") {
    if (type !== "plan") throw new Misfit("it is no plan");
    const version = field(fields, "formatVersion");
    if (version !== planFormatVersion) {
      throw new Misfit(`formatVersion is not ${planFormatVersion}, the one this version of prepop reads`);
    }
    const header = readHeader(fields);
    tally.expect(header);
    return { kind: "header", header };
  }
  switch (type) {
    case "change": {
      const change = readChange(fields);
      tally.change(change);
      return { kind: "change", change };
    }
    case "issue":
      tally.issue();
      return { kind: "issue", issue: readIssue(fields) };
    case "trailer":
      tally.compare(countField(fields, "changes"), countField(fields, "issues"));
      return { kind: "trailer", digest: textField(fields, "digest", /^[0-9a-f]{64}$/) };
    default:
      throw new Misfit("its type is not change, issue or trailer");
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Misfit("it is not JSON, or it was cut off", { cause: error });
  }
}
