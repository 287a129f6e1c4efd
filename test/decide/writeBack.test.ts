import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CurrentRow,
  contentsIn,
  type StatusCells,
  statusByContent,
  statusWrites,
} from "../../src/decide/writeBack.ts";
import type { ColumnKind, RosterRow } from "../../src/model/row.ts";
import type { RowStatus } from "../../src/model/rowStatus.ts";

type Cells = { readonly [Kind in ColumnKind]?: string };

const cellsOf = (cells: Cells): RosterRow["cells"] =>
  Object.fromEntries(Object.entries(cells).map(([kind, text]) => [kind, { text, stored: "text" }]));
const rowOf = (row: number, cells: Cells): RosterRow => ({
  ref: { row },
  hidden: false,
  cells: cellsOf(cells),
});
const current = (row: number, cells: Cells, status: StatusCells = ["", "", ""]): CurrentRow => ({
  row,
  cells: cellsOf(cells),
  status,
});
const status = (outcome: RowStatus["outcome"], message = ""): RowStatus => ({ outcome, message });

const when = "2026-07-01 12:00";
const earlier = "2026-06-01 12:00";
const anna: Cells = { user: "anna@contoso.com", mobile: "0612345678" };
const bram: Cells = { user: "bram@contoso.com", mobile: "0612345679" };
const wanted = statusByContent(
  [rowOf(2, anna), rowOf(3, bram), rowOf(4, anna), rowOf(5, { user: "kim@contoso.com" })],
  new Map([
    [2, status("applied", "Done.")],
    [3, status("refused", "Not done.")],
    [4, status("failed", "Of the second row of equal content.")],
  ]),
);

test("a status is known by what stands in its row, and rows of equal content have the first one's", () => {
  assert.deepEqual([...wanted.values()], [status("applied", "Done."), status("refused", "Not done.")]);
});

const applied: StatusCells = ["applied", "Done.", when];
const rows: readonly (readonly [name: string, row: CurrentRow, cells: StatusCells | undefined])[] = [
  ["is written beside its row", current(2, anna), applied],
  ["goes with its row", current(40, anna), applied],
  ["goes with its row, spaces or not", current(2, { ...anna, mobile: " 0612345678 " }), applied],
  ["takes the place of an earlier one", current(2, anna, ["failed", "Not done.", earlier]), applied],
  ["that is there already is not written again", current(2, anna, applied), undefined],
  ["that is there with spaces is not either", current(2, anna, [" applied", "Done. ", when]), undefined],
  ["is written again with another time", current(2, anna, ["applied", "Done.", earlier]), applied],
  ["is written again with another message", current(2, anna, ["applied", "Doing.", when]), applied],
  [
    "of a row that was corrected since is not its own",
    current(2, { ...anna, mobile: "0612345670" }),
    undefined,
  ],
  ["of another column is not either", current(2, { ...anna, office: "" }), undefined],
  [
    "of this run beside another row is taken away",
    current(2, { user: "new@contoso.com" }, applied),
    ["", "", ""],
  ],
  [
    "of an earlier run beside another row stays",
    current(2, { user: "new@contoso.com" }, ["applied", "Done.", earlier]),
    undefined,
  ],
];

for (const [name, row, cells] of rows) {
  test(`a status ${name}`, () => {
    assert.deepEqual(statusWrites([row], wanted, when), cells === undefined ? [] : [{ row: row.row, cells }]);
  });
}

test("each row is looked at by itself", () => {
  const written = statusWrites([current(2, anna), current(3, bram), current(9, { user: "x" })], wanted, when);
  assert.deepEqual(
    written.map(({ row, cells }) => [row, cells[0]]),
    [
      [2, "applied"],
      [3, "refused"],
    ],
  );
});

test("rows of equal content are one content", () => {
  assert.equal(contentsIn([current(2, anna), current(3, anna), current(4, bram)]).size, 2);
  assert.ok(
    [...wanted.keys()].every(content => contentsIn([current(7, anna), current(8, bram)]).has(content)),
  );
});
