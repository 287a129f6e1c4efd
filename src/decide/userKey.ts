import type { RosterCell, RosterRow } from "../model/row.ts";
import type { Match } from "../model/user.ts";

/** The text that says whose row it is. `fold` is for comparing; `key` is what Graph is asked for. */
export type UserKey =
  | { readonly kind: "key"; readonly key: string; readonly fold: string }
  | { readonly kind: "blank" }
  | { readonly kind: "invalid"; readonly why: string };

/**
 * Reads a row's key: the user cell or, where no user column is mapped, the cell of the kind that users are matched
 * by. It is trimmed of white space and nothing else is cleaned, so that a look-alike never becomes another user's key.
 */
export function userKey(row: RosterRow, match: Match): UserKey {
  // Who was read from the directory is named by it, whatever the name looks like.
  if (row.found) return { kind: "key", key: row.found.userPrincipalName, fold: row.found.id };
  const cell = keyCell(row, match);
  if (!cell || cell.text.trim() === "") return { kind: "blank" };
  const key = cell.text.trim();
  const why = unfit(cell, key, match);
  return why === undefined ? { kind: "key", key, fold: foldKey(key) } : { kind: "invalid", why };
}

/** The cell that holds the key of a row. */
export function keyCell({ cells }: RosterRow, match: Match): RosterCell | undefined {
  return match === "upn" ? cells.user : (cells.user ?? cells[match]);
}

/**
 * Lower case, letter by letter and only where it leads back: the Kelvin sign becomes no k and the dotted İ no i,
 * which would make one user of two.
 */
export function foldKey(key: string): string {
  const trimmed = key.trim();
  if (isAscii(trimmed)) return trimmed.toLowerCase();
  return trimmed.replace(/\p{Lu}/gu, letter => {
    const lower = letter.toLowerCase();
    return lower.toUpperCase() === letter ? lower : letter;
  });
}

/** Printable ASCII: what nearly every key is. */
function isAscii(text: string): boolean {
  return /^[\x20-\x7E]*$/.test(text);
}

function unfit(cell: RosterCell, key: string, match: Match): string | undefined {
  switch (cell.stored) {
    case "boolean":
      return "it holds true or false";
    case "list":
      return "it holds a list";
    case "object":
      return "it holds an object";
    case "error":
      return "it holds an error of the spreadsheet";
    default:
  }
  if (key.startsWith("#") && /^#(?:N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NULL!|NUM!)$/i.test(key))
    return "it holds an error of the spreadsheet";
  const invisible = isAscii(key) ? undefined : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.exec(key)?.[0];
  if (invisible !== undefined) return `it holds the invisible character ${codePoint(invisible)}`;
  switch (match) {
    case "upn":
    case "mail":
      return unfitAddress(key);
    case "employeeId":
      return unfitEmployeeId(cell, key);
    case "id":
      return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(key)
        ? undefined
        : "it is no object id (a GUID)";
  }
}

/**
 * Entra lets a userPrincipalName have 64 characters before the @ (a guest's holds a whole address there); an address
 * has at most 320. What Entra's own names never hold and what would change a request's path is refused unasked.
 */
function unfitAddress(key: string): string | undefined {
  const [name = "", domain = "", ...more] = key.split("@");
  if (key.startsWith("=")) return "it looks like a formula";
  const strange = /[\s/\\<>;:,()[\]"|]/.exec(key)?.[0];
  if (strange !== undefined)
    return strange.trim() === "" ? "it holds a space" : `it holds the character ${strange}`;
  if (more.length > 0) return "it holds more than one @";
  if (!key.includes("@")) return "it holds no @";
  if (name === "") return "nothing stands before the @";
  if (domain === "") return "nothing stands after the @";
  if (key.length > 320 || (name.length > 64 && !/#ext#$/i.test(name))) return "it is too long";
  return undefined;
}

/** Graph documents 16 characters. The wider limit costs a look-up at worst and refuses nobody who exists. */
function unfitEmployeeId(cell: RosterCell, key: string): string | undefined {
  if (key.length > 128) return "it is too long for an employeeId";
  if (cell.stored === "number" && /E/i.test(key)) return "the scientific notation has lost digits";
  return undefined;
}

const codePoint = (character: string): string =>
  `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
