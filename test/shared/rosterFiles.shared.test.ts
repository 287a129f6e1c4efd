import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import type { InspectLine } from "../../src/model/inspect.ts";
import { columnKinds } from "../../src/model/row.ts";
import { inspectRoster } from "../../src/roster/inspect.ts";
import { openRoster } from "../../src/roster/open.ts";

type Row = {
  readonly row: number;
  readonly user: string;
  readonly rawUser?: string;
  readonly cells: Readonly<Record<string, string>>;
  readonly types?: Readonly<Record<string, string>>;
};
type Table = {
  readonly name: string;
  readonly sheet: string;
  readonly ref: string;
  readonly totalsRow?: boolean;
  readonly headers?: readonly string[];
  readonly dataRows?: number;
};
type Entry = {
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly layout?: {
    readonly sheet?: string;
    readonly headerRow: number;
    readonly columns: Readonly<Record<string, { readonly header: string; readonly column: string | null }>>;
  };
  readonly tables?: readonly Table[];
  readonly inspect?: {
    readonly sheets: readonly {
      readonly name: string;
      readonly state: string;
      readonly hiddenRows?: readonly number[];
    }[];
    readonly tables: readonly Table[];
    readonly cells: Readonly<Record<string, string | number | boolean | null>>;
    readonly firstVisibleSheet: string;
  };
  readonly rows?: readonly Row[];
  readonly fileError?: string;
  readonly acceptFileError?: readonly string[];
};

const shared = process.env.PREPOP_SHARED;
const folder = join(shared ?? "", "data", "roster");
const skip =
  shared === undefined || !existsSync(folder) ? "PREPOP_SHARED does not name the shared folder" : false;
const entries: readonly Entry[] = skip
  ? []
  : JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")).entries;

describe("the shared rosters with answers", { skip }, () => {
  for (const entry of entries) {
    const { file, options } = entry;
    const source = { kind: "file", path: join(folder, file) } as const;
    const name = `${file} ${JSON.stringify(options)}`;

    if (entry.fileError !== undefined) {
      test(`${name} is refused as ${entry.fileError}`, async () => {
        const accepted = [entry.fileError, ...(entry.acceptFileError ?? [])];
        const error = await openRoster(source, options).then(
          () => undefined,
          cause => cause,
        );
        assert.ok(error instanceof PrepopError, String(error));
        const code = error.code.replace("PREPOP_ROSTER_", "").toLowerCase().replaceAll("_", "-");
        assert.ok(accepted.includes(code), `${code}: ${error.message}`);
      });
    }

    if (entry.rows !== undefined) {
      test(`${name} gives the listed rows`, async () => {
        const roster = await openRoster(source, options);
        try {
          const rows = (await Array.fromAsync(roster.batches())).flat();
          assert.deepEqual(
            rows.map(({ ref, cells }) => ({ row: ref.row, user: cells.user?.text })),
            entry.rows?.map(({ row, user, rawUser }) => ({ row, user: rawUser ?? user })),
          );
          for (const [index, { cells, types }] of (entry.rows ?? []).entries()) {
            for (const kind of columnKinds) {
              if (cells[kind] === undefined) continue;
              assert.equal(
                withoutSpaces(rows[index]?.cells[kind]?.text),
                withoutSpaces(cells[kind]),
                `${index} ${kind}`,
              );
              if (types?.[kind] !== undefined) assert.equal(rows[index]?.cells[kind]?.stored, types[kind]);
            }
          }
          const layout = entry.layout;
          if (layout === undefined) return;
          if (layout.sheet !== undefined) assert.equal(roster.sheet, layout.sheet);
          if (roster.headerRow !== undefined) assert.equal(roster.headerRow, layout.headerRow);
          const expected = Object.entries(layout.columns).map(([kind, { header, column }]) => [
            kind,
            column === null ? { header } : { header, column },
          ]);
          assert.deepEqual(roster.columns, Object.fromEntries(expected));
        } finally {
          await roster.close();
        }
      });
    }

    const wanted = entry.inspect?.tables ?? entry.tables;
    if (wanted !== undefined) {
      test(`${name} is listed by inspect`, async () => {
        const lines = await Array.fromAsync(inspectRoster(source, {}));
        const tables = lines.filter(line => line.type === "table");
        for (const table of wanted) {
          const found = tables.find(line => line.name === table.name && line.sheet === table.sheet);
          assert.ok(found, table.name);
          assert.equal(found.ref, table.ref);
          assert.equal(found.totalsRow, table.totalsRow ?? false);
          if (table.headers !== undefined) assert.deepEqual(found.headers, table.headers);
          if (table.dataRows !== undefined) assert.equal(found.dataRows, table.dataRows);
        }
        assert.equal(tables.length, wanted.length);
        if (entry.inspect !== undefined) assertSheets(lines, entry.inspect);
      });
    }
  }
});

function assertSheets(lines: readonly InspectLine[], inspect: NonNullable<Entry["inspect"]>): void {
  assert.deepEqual(
    lines
      .filter(line => line.type === "sheet")
      .map(({ name, state, hiddenRows }) => ({ name, state, hiddenRows })),
    inspect.sheets.map(({ name, state, hiddenRows = [] }) => ({ name, state, hiddenRows })),
  );
  for (const [ref, value] of Object.entries(inspect.cells)) {
    const cell = lines.find(
      line => line.type === "cell" && line.sheet === inspect.firstVisibleSheet && line.ref === ref,
    );
    const text = cell?.type === "cell" ? cell.text : "";
    assert.equal(text, typeof value === "boolean" ? String(value).toUpperCase() : String(value ?? ""), ref);
  }
}

/** JSON in a cell may be spaced as one likes. */
const withoutSpaces = (text: string | undefined): string | undefined =>
  text?.startsWith("[") || text?.startsWith("{") ? text.replaceAll(" ", "") : text;
