/** A value of a plan file that is not what it must be. Its message names the field and never the value. */
export class Misfit extends Error {
  override readonly name = "Misfit";
}

export type Fields = Readonly<Record<string, unknown>>;

/** Reads named fields of one JSON object, strictly: nothing is converted, nothing is guessed. */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Misfit(`${what} is not an object`);
  }
  return value as Fields;
}

/** An own field; what a prototype has is no field of a file. */
export function field(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

export function textField(fields: Fields, name: string, form: RegExp = /^/): string {
  const value = field(fields, name);
  if (typeof value !== "string") throw new Misfit(`${name} is not a text`);
  if (!form.test(value)) throw new Misfit(`${name} does not have the form it must have`);
  return value;
}

export function optionalText(fields: Fields, name: string, form?: RegExp): string | undefined {
  return field(fields, name) === undefined ? undefined : textField(fields, name, form);
}

export function optionalTexts(fields: Fields, name: string, form: RegExp): readonly string[] | undefined {
  const value = field(fields, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new Misfit(`${name} is not a list`);
  return value.map((each: unknown) => textField({ [name]: each }, name, form));
}

export function nullableText(fields: Fields, name: string, form?: RegExp): string | null {
  return field(fields, name) === null ? null : textField(fields, name, form);
}

/** A whole number from 0 on. */
export function countField(fields: Fields, name: string): number {
  const value = field(fields, name);
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Misfit(`${name} is not a whole number`);
  }
  return value;
}

export function booleanField(fields: Fields, name: string): boolean {
  const value = field(fields, name);
  if (typeof value !== "boolean") throw new Misfit(`${name} is not true or false`);
  return value;
}

/** One of the words that this version knows. */
export function wordField<Word extends string>(fields: Fields, name: string, words: readonly Word[]): Word {
  const value = field(fields, name);
  const word = words.find(each => each === value);
  if (word === undefined) throw new Misfit(`${name} is not one of ${words.join(", ")}`);
  return word;
}

/** A moment in ISO 8601. */
export function momentField(fields: Fields, name: string): string {
  const value = textField(fields, name, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/);
  if (Number.isNaN(Date.parse(value))) throw new Misfit(`${name} is not a moment`);
  return value;
}

export function numbersField(fields: Fields, name: string): readonly number[] {
  const value = field(fields, name);
  if (!Array.isArray(value)) throw new Misfit(`${name} is not a list`);
  return value.map((each: unknown) => {
    if (typeof each !== "number" || !Number.isSafeInteger(each) || each < 0) {
      throw new Misfit(`${name} holds something else than whole numbers`);
    }
    return each;
  });
}
