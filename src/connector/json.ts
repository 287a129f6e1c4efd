/** JSON as it is read from a file that anybody may have written. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

/** An object, and not an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is an object; undefined for anything else. */
export function objectAt(value: Json | undefined, ...names: readonly string[]): JsonObject | undefined {
  const found = at(value, ...names);
  return isObject(found) ? found : undefined;
}

/** A member that is a text; undefined for anything else. */
export function textAt(value: Json | undefined, ...names: readonly string[]): string | undefined {
  const found = at(value, ...names);
  return typeof found === "string" ? found : undefined;
}

/** A member that is a list; empty for anything else. */
export function listAt(value: Json | undefined, ...names: readonly string[]): readonly Json[] {
  const found = at(value, ...names);
  return Array.isArray(found) ? found : [];
}

/** The member at the end of a path of names; undefined where the path breaks off. */
export function at(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  let place = value;
  for (const name of names) place = memberOf(place, name);
  return place;
}

function memberOf(place: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(place)) return /^\d+$/.test(name) ? (place as readonly Json[])[Number(name)] : undefined;
  return isObject(place) && Object.hasOwn(place, name) ? place[name] : undefined;
}

/** A JSON pointer (RFC 6901) one step further. */
export function below(pointer: string, ...names: readonly (string | number)[]): string {
  return names.reduce<string>(
    (place, name) => `${place}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`,
    pointer,
  );
}

/**
 * The text of a file that every tool can open: four spaces, ASCII only (paconn reads it in the machine's own encoding),
 * no byte order mark, a line end at the end.
 */
export function jsonText(value: Json): string {
  const text = JSON.stringify(value, null, 4);
  return `${text.replace(/[^\x20-\x7e\n]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
