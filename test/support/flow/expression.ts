/**
 * The expressions of the workflow definition language, as far as our flows use them: `name(…)`, texts in single quotes,
 * whole numbers, `?['member']` and `['member']`. Anything else is refused by name. The rules are strict where the engine's
 * are: a null is no text, and both sides of an `if` are evaluated.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** What a function of a run (`body`, `items`, …) stands for; undefined when it is not one of those. */
export type Lookup = (name: string, args: readonly Value[]) => Value | undefined;

/** Evaluates a member of a definition: a whole expression, a text with `@{…}` in it, or anything made of those. */
export function evaluate(template: Value, lookup: Lookup): Value {
  if (typeof template === "string") return evaluateText(template, lookup);
  if (Array.isArray(template)) return template.map((each: Value) => evaluate(each, lookup));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, each]) => [name, evaluate(each, lookup)]));
}

function evaluateText(text: string, lookup: Lookup): Value {
  if (text.startsWith("@@")) return text.slice(1);
  if (text.startsWith("@") && !text.startsWith("@{")) return evaluateExpression(text.slice(1), lookup);
  let made = "";
  let rest = text;
  for (let start = rest.indexOf("@{"); start !== -1; start = rest.indexOf("@{")) {
    const parser = parserOf(rest.slice(start + 2), lookup);
    made += rest.slice(0, start) + shown(parser.expression());
    parser.expect("}");
    rest = parser.rest();
  }
  return made + rest;
}

function evaluateExpression(text: string, lookup: Lookup): Value {
  const parser = parserOf(text, lookup);
  const value = parser.expression();
  if (parser.rest().trim() !== "")
    throw new Error(`The expression goes on with: ${parser.rest().slice(0, 40)}`);
  return value;
}

function parserOf(text: string, lookup: Lookup) {
  let at = 0;
  const skip = (): void => {
    while (text[at] === " ") at++;
  };
  const expect = (mark: string): void => {
    skip();
    if (text[at] !== mark) throw new Error(`${mark} is missing before: ${text.slice(at, at + 40)}`);
    at++;
  };
  const literal = (): string => {
    let value = "";
    for (at++; at < text.length; at++) {
      if (text[at] !== "'") value += text[at];
      else if (text[at + 1] === "'") {
        value += "'";
        at++;
      } else {
        at++;
        return value;
      }
    }
    throw new Error("A text has no end.");
  };
  const expression = (): Value => {
    skip();
    let value: Value;
    if (text[at] === "'") value = literal();
    else {
      const word = /^(-?\d+|[A-Za-z]+)/.exec(text.slice(at))?.[0];
      if (word === undefined) throw new Error(`The expression is not known: ${text.slice(at, at + 40)}`);
      at += word.length;
      value = /\d/.test(word) ? Number(word) : call(word);
    }
    return members(value);
  };
  const call = (name: string): Value => {
    expect("(");
    const args: Value[] = [];
    skip();
    if (text[at] === ")") at++;
    else {
      for (;;) {
        args.push(expression());
        skip();
        if (text[at] === ",") at++;
        else break;
      }
      expect(")");
    }
    const found = lookup(name, args);
    if (found !== undefined) return found;
    const own = functions[name];
    if (own === undefined) throw new Error(`The function ${name} is not known to this runner.`);
    return own(...args);
  };
  const members = (start: Value): Value => {
    let value = start;
    for (;;) {
      const safe = text[at] === "?";
      if (text[at + (safe ? 1 : 0)] !== "[") return value;
      at += safe ? 2 : 1;
      const name = expression();
      expect("]");
      value = member(value, name, safe);
    }
  };
  return { expression, expect, rest: () => text.slice(at) };
}

function member(holder: Value, name: Value, safe: boolean): Value {
  if (holder === null) {
    if (safe) return null;
    throw new Error(`${shown(name)} is asked of null.`);
  }
  if (typeof holder !== "object" || Array.isArray(holder)) {
    throw new Error(`${shown(name)} is asked of a ${Array.isArray(holder) ? "list" : typeof holder}.`);
  }
  const found = (holder as Readonly<Record<string, Value>>)[String(name)];
  if (found === undefined && !safe) throw new Error(`There is no member ${shown(name)}.`);
  return found ?? null;
}

const functions: Readonly<Record<string, (...args: readonly Value[]) => Value>> = {
  add: (left = null, right = null) => whole(left) + whole(right),
  and: (...all) => all.every(each => truth(each)),
  coalesce: (...all) => all.find(each => each !== null) ?? null,
  concat: (...all) => all.map(each => (each === null ? "" : text(each))).join(""),
  contains: (holder = null, value = null) =>
    Array.isArray(holder) ? holder.includes(value) : text(holder).includes(text(value)),
  createArray: (...all) => all,
  empty: (value = null) =>
    value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0),
  encodeURIComponent: (value = null) => encodeURIComponent(text(value)),
  equals: (left = null, right = null) => left === right,
  first: (value = null) =>
    Array.isArray(value) ? ((value[0] as Value | undefined) ?? null) : text(value).slice(0, 1),
  greater: (left = null, right = null) => whole(left) > whole(right),
  greaterOrEquals: (left = null, right = null) => whole(left) >= whole(right),
  if: (when = null, yes = null, no = null) => (truth(when) ? yes : no),
  join: (all = null, mark = null) => list(all).map(text).join(text(mark)),
  json: (value = null) => JSON.parse(text(value)) as Value,
  length: (value = null) => (Array.isArray(value) ? value.length : text(value).length),
  less: (left = null, right = null) => whole(left) < whole(right),
  not: (value = null) => !truth(value),
  or: (...all) => all.some(each => truth(each)),
  replace: (value = null, from = null, to = null) => text(value).replaceAll(text(from), text(to)),
  split: (value = null, mark = null) => text(value).split(text(mark)),
  startsWith: (value = null, start = null) => text(value).toLowerCase().startsWith(text(start).toLowerCase()),
  string: (value = null) => (typeof value === "string" ? value : JSON.stringify(value)),
  sub: (left = null, right = null) => whole(left) - whole(right),
  toLower: (value = null) => text(value).toLowerCase(),
  trim: (value = null) => text(value).trim(),
};

function text(value: Value): string {
  if (typeof value !== "string") throw new Error(`A text is needed, and ${shown(value)} is none.`);
  return value;
}

function whole(value: Value): number {
  if (typeof value !== "number") throw new Error(`A number is needed, and ${shown(value)} is none.`);
  return value;
}

function truth(value: Value): boolean {
  if (typeof value !== "boolean") throw new Error(`true or false is needed, not ${shown(value)}.`);
  return value;
}

function list(value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw new Error(`A list is needed, and ${shown(value)} is none.`);
  return value as readonly Value[];
}

function shown(value: Value): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
