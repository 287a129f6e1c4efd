import { FilterError } from "./filterError.ts";
import { type Lexeme, lex } from "./lex.ts";

/** A parsed `$filter`. Paths are property names; comparison is without regard to case, as in the directory. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly inner: Filter }
  | { readonly kind: "compare"; readonly operator: Operator; readonly path: string; readonly value: Value }
  | { readonly kind: "in"; readonly path: string; readonly values: readonly Value[] }
  | {
      readonly kind: "text";
      readonly how: "startswith" | "endswith" | "contains";
      readonly path: string;
      readonly value: string;
    }
  | { readonly kind: "any"; readonly path: string; readonly variable: string; readonly inner: Filter };

export type Operator = "eq" | "ne" | "gt" | "ge" | "lt" | "le";
export type Value = string | number | boolean | null;

/** Parses a `$filter`; throws FilterError. */
export function parseFilter(text: string): Filter {
  const reader = { lexemes: lex(text), at: 0 };
  const filter = parseOr(reader);
  if (reader.at < reader.lexemes.length) throw new FilterError(`unexpected '${peek(reader)?.text}'`);
  return filter;
}

type Reader = { readonly lexemes: readonly Lexeme[]; at: number };

function parseOr(reader: Reader): Filter {
  let left = parseAnd(reader);
  while (takeWord(reader, "or")) left = { kind: "or", left, right: parseAnd(reader) };
  return left;
}

function parseAnd(reader: Reader): Filter {
  let left = parseTerm(reader);
  while (takeWord(reader, "and")) left = { kind: "and", left, right: parseTerm(reader) };
  return left;
}

function parseTerm(reader: Reader): Filter {
  if (takeWord(reader, "not")) return { kind: "not", inner: parseTerm(reader) };
  if (takeMark(reader, "(")) {
    const inner = parseOr(reader);
    expectMark(reader, ")");
    return inner;
  }
  const name = expectWord(reader);
  if (takeMark(reader, "(")) return name.endsWith("/any") ? parseAny(reader, name) : parseText(reader, name);
  if (takeWord(reader, "in")) return parseIn(reader, name);
  const operator = expectWord(reader).toLowerCase();
  if (!isOperator(operator)) throw new FilterError(`unknown operator '${operator}'`);
  return { kind: "compare", operator, path: name, value: expectValue(reader) };
}

function parseAny(reader: Reader, name: string): Filter {
  const variable = expectWord(reader);
  expectMark(reader, ":");
  const inner = parseOr(reader);
  expectMark(reader, ")");
  return { kind: "any", path: name.slice(0, -"/any".length), variable, inner };
}

function parseText(reader: Reader, name: string): Filter {
  const how = name.toLowerCase();
  if (how !== "startswith" && how !== "endswith" && how !== "contains") {
    throw new FilterError(`unknown function '${name}'`);
  }
  const path = expectWord(reader);
  expectMark(reader, ",");
  const value = expectValue(reader);
  expectMark(reader, ")");
  if (typeof value !== "string") throw new FilterError(`'${name}' needs a string`);
  return { kind: "text", how, path, value };
}

function parseIn(reader: Reader, path: string): Filter {
  expectMark(reader, "(");
  const values = [expectValue(reader)];
  while (takeMark(reader, ",")) values.push(expectValue(reader));
  expectMark(reader, ")");
  return { kind: "in", path, values };
}

function isOperator(text: string): text is Operator {
  return ["eq", "ne", "gt", "ge", "lt", "le"].includes(text);
}

function peek(reader: Reader): Lexeme | undefined {
  return reader.lexemes[reader.at];
}

function takeWord(reader: Reader, word: string): boolean {
  const next = peek(reader);
  if (next?.kind !== "word" || next.text.toLowerCase() !== word) return false;
  reader.at++;
  return true;
}

function takeMark(reader: Reader, mark: string): boolean {
  const next = peek(reader);
  if (next?.kind !== "mark" || next.text !== mark) return false;
  reader.at++;
  return true;
}

function expectMark(reader: Reader, mark: string): void {
  if (!takeMark(reader, mark)) throw new FilterError(`'${mark}' expected`);
}

function expectWord(reader: Reader): string {
  const next = peek(reader);
  if (next?.kind !== "word") throw new FilterError("a name expected");
  reader.at++;
  return next.text;
}

function expectValue(reader: Reader): Value {
  const next = peek(reader);
  reader.at++;
  if (next?.kind === "string") return next.text;
  if (next?.kind === "number") return Number(next.text);
  if (next?.kind === "word") {
    if (next.text === "true") return true;
    if (next.text === "false") return false;
    if (next.text === "null") return null;
  }
  throw new FilterError("a value expected");
}
