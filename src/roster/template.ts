import { writeFile } from "node:fs/promises";
import { writeXlsx } from "hucre/xlsx";
import { PrepopError } from "../model/errors.ts";

const headers = ["userPrincipalName", "telephoneNumber", "region"] as const;
/** An invented user and an example number. */
const sample = ["first.last@contoso.com", "+31 612345678", "NL"] as const;
/** Rows that are formatted as text ahead, so that typed numbers keep their + and their zeros. */
const preparedRows = 1000;

/** Writes an empty roster to fill in: an Excel table of text columns with one sample row. Errors: PREPOP_FILE_WRITE. */
export async function writeTemplate(path: string): Promise<void> {
  const blank = headers.map(() => null);
  const bytes = await writeXlsx({
    sheets: [
      {
        name: "Phones",
        columns: headers.map(header => ({ header, width: 34, numFmt: "@" })),
        rows: [[...headers], [...sample], ...Array.from({ length: preparedRows }, () => blank)],
        freezePane: { rows: 1 },
        tables: [{ name: "Phones", range: "A1:C2", columns: headers.map(name => ({ name })) }],
      },
    ],
  });
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "the system refused";
    throw new PrepopError("PREPOP_FILE_WRITE", { file: path, why }, cause);
  }
}
