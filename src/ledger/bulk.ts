import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** Gathers rows for one table and inserts many with one statement: a statement costs more than a row. */
export type Bulk = {
  add(...values: SQLInputValue[]): void;
  /** Inserts what is gathered; to be called before the table is read. */
  flush(): void;
};

const rowsAtOnce = 64;

/** `insert` is a statement as far as its values: `INSERT INTO row (ordinal, fold)`. */
export function createBulk(database: DatabaseSync, insert: string, columns: number): Bulk {
  const places = `(${Array.from({ length: columns }, () => "?").join(", ")})`;
  const prepare = (rows: number) =>
    database.prepare(`${insert} VALUES ${Array.from({ length: rows }, () => places).join(", ")}`);
  const many = prepare(rowsAtOnce);
  const one = prepare(1);
  let gathered: SQLInputValue[] = [];
  return {
    add(...values) {
      for (const value of values) gathered.push(value);
      if (gathered.length < rowsAtOnce * columns) return;
      many.run(...gathered);
      gathered = [];
    },
    flush() {
      for (let at = 0; at < gathered.length; at += columns) one.run(...gathered.slice(at, at + columns));
      gathered = [];
    },
  };
}
