import type { RosterCell } from "../../model/row.ts";
import { columnNumber, type Grid, type GridRow } from "../grid.ts";
import { type NumberFormats, numberCell } from "./numberFormats.ts";
import { decodeEscapes, type SharedStrings } from "./sharedStrings.ts";
import { walkXml } from "./xml.ts";
import { corrupt, notAWorkbook, tooLarge, type Zip } from "./zip.ts";

/** What the cells of every sheet of one workbook need to be read. */
export type SheetContext = {
  readonly file: string;
  readonly zip: Zip;
  readonly strings: SharedStrings | undefined;
  readonly formats: NumberFormats;
  readonly date1904: boolean;
};

const limits = { rows: 1_048_576, columns: 16_384, cell: 32_767, row: 8 * 1024 ** 2 };

/**
 * A worksheet part as a grid. Rows with no wanted cell are left out unless they are hidden. What `<dimension>` says
 * is not believed; a row or cell without a reference follows the one before it. Without `to` the part is read to its
 * end, which is where its checksum is verified.
 */
export function sheetGrid(context: SheetContext, part: string): Grid {
  const { file, zip } = context;
  return {
    async *rows({ only, from = 1, to = Number.POSITIVE_INFINITY } = {}) {
      const reader = new RowReader(context, part, only, from, to);
      for await (const _ of walkXml({ file, part, bytes: zip.read(part) }, reader)) {
        const rows = reader.take();
        if (rows.length > 0) yield rows;
        if (reader.past) return;
      }
      reader.assertSheet();
    },
  };
}

/** Gathers rows from the events of one sheet. */
class RowReader {
  /** Whether a row below the last wanted one was seen. */
  past = false;
  readonly #context: SheetContext;
  readonly #part: string;
  readonly #only: ReadonlySet<number> | undefined;
  readonly #from: number;
  readonly #to: number;
  #rows: GridRow[] = [];
  #sawSheet = false;
  #inData = false;
  #row = 0;
  #hidden = false;
  #cells = new Map<number, RosterCell>();
  #rowLength = 0;
  #column = 0;
  #cell: RawCell | undefined;
  #target: "value" | "formula" | undefined;

  constructor(
    context: SheetContext,
    part: string,
    only: ReadonlySet<number> | undefined,
    from: number,
    to: number,
  ) {
    this.#context = context;
    this.#part = part;
    this.#only = only;
    this.#from = from;
    this.#to = to;
  }

  take(): GridRow[] {
    const rows = this.#rows;
    if (rows.length > 0) this.#rows = [];
    return rows;
  }

  assertSheet(): void {
    if (!this.#sawSheet) throw notAWorkbook(this.#context.file, `its part ${this.#part} is no sheet`);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (!this.#inData) {
      if (name === "worksheet") this.#sawSheet = true;
      else if (!this.#sawSheet) this.assertSheet();
      if (name === "sheetData") this.#inData = true;
      return;
    }
    if (this.past) return;
    switch (name) {
      case "c":
        this.#openCell(attributes);
        break;
      case "v":
      case "t":
        this.#target = "value";
        break;
      case "f":
        this.#target = "formula";
        if (this.#cell !== undefined) this.#cell.isFormula = true;
        break;
      case "row":
        this.#openRow(attributes);
        break;
      default:
        this.#target = undefined;
    }
  }

  close(name: string): void {
    switch (name) {
      case "c":
        this.#closeCell();
        break;
      case "row":
        this.#closeRow();
        break;
      case "sheetData":
        this.#inData = false;
        break;
    }
    this.#target = undefined;
  }

  text(text: string): void {
    const cell = this.#cell;
    if (cell === undefined || this.#target === undefined) return;
    cell[this.#target] += text;
    this.#rowLength += text.length;
    // Escaped characters are seven long, so the raw text may be longer than the cell's.
    if (cell.value.length > limits.cell * 8 || this.#rowLength > limits.row) throw this.#tooLong();
  }

  #openRow(attributes: Readonly<Record<string, string>>): void {
    const row = attributes.r === undefined ? this.#row + 1 : Number(attributes.r);
    if (!Number.isInteger(row) || row <= this.#row || row > limits.rows) {
      throw corrupt(this.#context.file, `the rows of its part ${this.#part} are out of order`);
    }
    this.#row = row;
    this.past = row > this.#to;
    this.#hidden = isTrue(attributes.hidden);
    this.#cells = new Map();
    this.#rowLength = 0;
    this.#column = 0;
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    const letters = attributes.r?.match(/^[A-Za-z]{1,3}(?=\d|$)/)?.[0];
    const column = letters === undefined ? this.#column + 1 : columnNumber(letters);
    if (column <= this.#column || column > limits.columns) {
      throw corrupt(
        this.#context.file,
        `the cells of row ${this.#row} of its part ${this.#part} are out of order`,
      );
    }
    this.#column = column;
    const wanted = this.#row >= this.#from && (this.#only === undefined || this.#only.has(column));
    this.#cell = wanted
      ? {
          type: attributes.t ?? "n",
          style: Number(attributes.s ?? 0),
          value: "",
          formula: "",
          isFormula: false,
        }
      : undefined;
  }

  #closeCell(): void {
    const cell = this.#cell;
    if (cell === undefined) return;
    this.#cell = undefined;
    const read = readCell(cell, this.#context, this.#part);
    if (read === undefined) return;
    // A shared text may stand in every cell, so what it adds to a row is counted too.
    this.#rowLength += read.text.length;
    if (read.text.length > limits.cell || this.#rowLength > limits.row) throw this.#tooLong();
    this.#cells.set(this.#column, read);
  }

  #closeRow(): void {
    if (this.past || this.#row < this.#from) return;
    if (this.#cells.size > 0 || this.#hidden) {
      this.#rows.push({ row: this.#row, hidden: this.#hidden, cells: this.#cells });
    }
  }

  #tooLong() {
    return tooLarge(
      this.#context.file,
      `row ${this.#row} holds a cell of more than 32,767 characters, or too much text`,
    );
  }
}

/** A cell as the part spells it. */
type RawCell = {
  readonly type: string;
  readonly style: number;
  value: string;
  formula: string;
  isFormula: boolean;
};

const isTrue = (flag: string | undefined): boolean => flag === "1" || flag === "true" || flag === "on";

/** What a cell says, or undefined when it only has a style. */
function readCell(cell: RawCell, context: SheetContext, part: string): RosterCell | undefined {
  const { type, value, isFormula } = cell;
  switch (type) {
    case "s": {
      if (value === "") return undefined;
      const text = context.strings?.at(Number(value));
      if (text === undefined)
        throw corrupt(context.file, `its part ${part} asks for text ${value}, which is not there`);
      return { text, stored: isFormula ? "formula" : "text" };
    }
    case "str":
      return { text: decodeEscapes(value), stored: isFormula ? "formula" : "text" };
    case "inlineStr":
    case "d":
      return value === "" ? undefined : { text: decodeEscapes(value), stored: "text" };
    case "b":
      return value === "" ? undefined : { text: isTrue(value.trim()) ? "TRUE" : "FALSE", stored: "boolean" };
    case "e":
      return { text: value, stored: "error" };
    default:
      return numberOrFormula(cell, context);
  }
}

function numberOrFormula(
  { value, formula, style, isFormula }: RawCell,
  context: SheetContext,
): RosterCell | undefined {
  const text = value.trim();
  if (text === "") {
    // A formula that nobody calculated is not a blank cell: what it would say is not known.
    return isFormula ? { text: `=${formula}`, stored: "formula" } : undefined;
  }
  const number = Number(text);
  if (!Number.isFinite(number)) return { text, stored: "text" };
  const shown = context.formats(style);
  // Some programs write digits with their leading zero into a number cell: that zero is a certain one.
  if (/^0\d+$/.test(text) && shown.kind === "general") return { text, stored: "number" };
  return numberCell(number, shown, context.date1904);
}
