import { isObject, type Json } from "../../src/connector/json.ts";

/** A change of a document, made on a copy. A place is names with dots between. */
export type Edit = (document: Json) => Json;

type Mutable = Record<string, Json>;

/** Sets members of the object at a place. A value made by `copyOf` is looked up in the document. */
export function change(place: string, members: Readonly<Record<string, Json>>): Edit {
  return edited(place, (holder, document) => {
    for (const [name, value] of Object.entries(members)) holder[name] = filledIn(value, document);
  });
}

/** Takes away a member, or an element of a list. */
export function remove(place: string): Edit {
  const names = place.split(".");
  const last = names.pop() ?? "";
  return edited(names.join("."), holder => {
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
  });
}

/** Adds an element to the list at a place. */
export function add(place: string, value: Json): Edit {
  return edited(place, holder => {
    if (Array.isArray(holder)) holder.push(value);
  });
}

/** Puts one value in the place of another. */
export function put(names: readonly string[], value: Json): Edit {
  return document => {
    const copy = structuredClone(document);
    const holder = names.slice(0, -1).reduce(member, copy) as Mutable;
    holder[names.at(-1) ?? ""] = value;
    return copy;
  };
}

/** One after the other. */
export function all(...edits: readonly Edit[]): Edit {
  return document => edits.reduce((made, edit) => edit(made), document);
}

/** What stands at a place of the document. */
export function copyOf(place: string): Json {
  return { copyOf: place };
}

function edited(place: string, edit: (holder: Mutable, document: Json) => void): Edit {
  return document => {
    const copy = structuredClone(document);
    const holder = place === "" ? copy : place.split(".").reduce(member, copy);
    if (typeof holder !== "object" || holder === null) throw new Error(`The document has no ${place}.`);
    edit(holder as Mutable, document);
    return copy;
  };
}

function filledIn(value: Json, document: Json): Json {
  if (!isObject(value)) return value;
  const place = value.copyOf;
  if (typeof place === "string") return place.split(".").reduce(member, document);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filledIn(each, document)]));
}

function member(holder: Json, name: string): Json {
  const found = (holder as Readonly<Record<string, Json>> | null)?.[name];
  if (found === undefined) throw new Error(`The document has no ${name}.`);
  return found;
}
