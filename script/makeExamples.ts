/**
 * Makes examples/employees.xlsx and examples/employees.csv: an invented company with an invented list. Run it with
 * `node script/makeExamples.ts`; the same people come out each time.
 *
 * No number belongs to anybody: +1 NXX 555 01xx, +44 7700 900xxx and +44 20 7946 0xxx are reserved for fiction, and the
 * other countries have the example numbers of libphonenumber, each used once.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeXlsx } from "hucre/xlsx";
import { type CountryCode, getCountryCallingCode } from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";

type Cell = string | number | null;
type Employee = {
  readonly name: string;
  readonly department: string;
  readonly telephoneNumber: Cell;
  readonly region: string;
};

const headers = ["userPrincipalName", "displayName", "department", "telephoneNumber", "region"] as const;

const firstNames =
  "Adele Alex Amber Ben Carla Chris Diego Debra Emily Enrico Grady Henrietta Irvin Isaiah Johanna Joni Lee Lidia Lynne Megan Miriam Nestor Patti Pradeep Raul".split(
    " ",
  );
const lastNames = "Aldridge Bowen Castellan Draper Eastwick Farrow Gainsford Hallam".split(" ");
const departments = ["Finance", "Sales", "Service desk", "Logistics", "Legal"];
/** North American area codes, with the country that each lies in. */
const areas = [
  ["206", "US"],
  ["212", "US"],
  ["312", "US"],
  ["415", "US"],
  ["416", "CA"],
  ["604", "CA"],
] as const;
/** Spellings that lists come with; a region or a + says the country. */
const spellings: readonly ((area: string, line: string) => string)[] = [
  (area, line) => `+1 ${area} 555 ${line}`,
  (area, line) => `(${area}) 555-${line}`,
  (area, line) => `+1${area}555${line}`,
  (area, line) => `${area}-555-${line}`,
];
const countries: readonly CountryCode[] = [
  "FR",
  "BE",
  "ES",
  "IT",
  "SE",
  "DK",
  "CH",
  "AT",
  "IE",
  "PT",
  "NO",
  "AU",
  "JP",
  "DE",
];

/** Everybody of the list, and the few rows that lists of this kind always have. */
function employees(): readonly Employee[] {
  const names = lastNames.flatMap((last, row) =>
    firstNames.map((_, at) => `${firstNames[(at * 7 + row) % firstNames.length]} ${last}`),
  );
  return names.map((name, at) => ({
    name,
    department: departments[at % departments.length] ?? "",
    ...(odd[at] ?? (at % 14 === 9 ? abroad((at - 9) / 14) : northAmerican(at))),
  }));
}

/** By place in the list. */
const odd: Readonly<Record<number, Pick<Employee, "telephoneNumber" | "region">>> = {
  11: { telephoneNumber: 612345678, region: "NL" }, // a number cell: the leading 0 is lost
  27: { telephoneNumber: 48512345678, region: "PL" }, // a number cell: the + is lost
  44: { telephoneNumber: "020 7946 0321", region: "GB" }, // the desk phone in the mobile column
  58: { telephoneNumber: "see reception", region: "US" },
  73: { telephoneNumber: null, region: "US" },
  90: { telephoneNumber: "+44 7700 900417", region: "GB" },
  120: { telephoneNumber: "+44 7700 900582", region: "GB" },
  136: { telephoneNumber: "206 555 01", region: "US" }, // two digits short
};

/** Somebody who was exported twice: the row of this place is there again at the end. */
const exportedTwice = 31;

function northAmerican(at: number): Pick<Employee, "telephoneNumber" | "region"> {
  const [area, region] = areas[at % areas.length] ?? areas[0];
  const spelling = spellings[(at * 5) % spellings.length] ?? spellings[0];
  const line = `01${String(Math.floor(at / areas.length)).padStart(2, "0")}`;
  return { telephoneNumber: spelling?.(area, line) ?? null, region };
}

function abroad(at: number): Pick<Employee, "telephoneNumber" | "region"> {
  const region = countries[at % countries.length] ?? "FR";
  return { telephoneNumber: `+${getCountryCallingCode(region)} ${examples[region]}`, region };
}

function rows(): readonly (readonly Cell[])[] {
  const all = employees();
  const again = all[exportedTwice];
  return [...all, ...(again ? [again] : [])].map(({ name, department, telephoneNumber, region }) => [
    `${name.toLowerCase().replace(" ", ".")}@contoso.com`,
    name,
    department,
    telephoneNumber,
    region,
  ]);
}

/** The list as an Excel table whose number column is text, but for the cells that somebody typed over. */
async function asWorkbook(): Promise<Uint8Array> {
  const body = rows();
  return await writeXlsx({
    sheets: [
      {
        name: "Employees",
        columns: headers.map((header, at) => ({ header, width: [34, 24, 16, 22, 9][at] ?? 12 })),
        rows: [[...headers], ...body.map(row => [...row])],
        freezePane: { rows: 1 },
        tables: [
          { name: "Employees", range: `A1:E${body.length + 1}`, columns: headers.map(name => ({ name })) },
        ],
      },
    ],
  });
}

function asCsv(): string {
  const line = (cells: readonly Cell[]): string => `${cells.map(cell => cell ?? "").join(",")}\r\n`;
  return [headers, ...rows()].map(line).join("");
}

const folder = join(import.meta.dirname, "../examples");
writeFileSync(join(folder, "employees.xlsx"), await asWorkbook());
writeFileSync(join(folder, "employees.csv"), asCsv());
