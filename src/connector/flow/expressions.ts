import type { FlowOptions } from "./options.ts";

/**
 * The expressions of the flow, in the workflow definition language, without the leading @. Every part of each is safe to
 * evaluate whatever the answers were, because an engine may evaluate both sides of an `if`.
 */
export function expressionsOf({ userColumn, phoneColumn, phoneType }: FlowOptions) {
  const inRow = (row: string, column: string): string =>
    `trim(string(coalesce(${row}?[${quoted(column)}], '')))`;
  const current = `items('${names.loop}')`;
  const wanted = inRow(current, phoneColumn);
  return {
    /** Of the row that a filter or a selection looks at. */
    rowUser: inRow("item()", userColumn),
    rowNumber: inRow("item()", phoneColumn),
    /** Of the row that the loop is at. */
    user: inRow(current, userColumn),
    number: wanted,
    isOfType: `equals(item()?['phoneType'], ${quoted(phoneType)})`,
    /** A user who stands in one row only: his name cuts the list of all names once. */
    isUnique: `equals(length(split(outputs('${names.userList}'), concat('|', toLower(${inRow("item()", userColumn)}), '|'))), 2)`,
    /** What reading found in the slot: empty text for none. */
    numberIn: (filter: string): string =>
      `string(coalesce(first(coalesce(body('${filter}'), json('[]')))?['phoneNumber'], ''))`,
  };
}

/** Actions that expressions speak of. */
export const names = {
  loop: "Apply_to_each",
  userList: "User_list",
} as const;

/** Whether two texts are one number: Graph stores a space that was not sent, and people write more of them. */
export function sameNumber(left: string, right: string): string {
  return `equals(${bare(left)}, ${bare(right)})`;
}

function bare(text: string): string {
  return [" ", "-", "(", ")", "."].reduce((made, mark) => `replace(${made}, '${mark}', '')`, text);
}

/** Whether Graph hid digits, as it does from an Authentication Administrator. */
export function isMasked(text: string): string {
  return `or(contains(${text}, 'X'), contains(${text}, '*'), contains(${text}, '\u2022'))`;
}

/** Whether a status is a refusal that repeating does not change; 0 stands for no answer. */
export function isRefusal(status: string): string {
  return `and(greaterOrEquals(${status}, 400), less(${status}, 500), not(contains(createArray(401, 408, 409, 429), ${status})))`;
}

/** The first condition that holds says the value. */
export function choose(
  cases: readonly (readonly [when: string, value: string])[],
  otherwise: string,
): string {
  return cases.reduceRight((rest, [when, value]) => `if(${when}, ${value}, ${rest})`, otherwise);
}

export function succeeded(action: string): string {
  return `equals(actions('${action}')?['status'], 'Succeeded')`;
}

/** A text of the language. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
