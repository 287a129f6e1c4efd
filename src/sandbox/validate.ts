import { type Refusal, refuse, type SandboxRequest } from "./exchange.ts";
import type { Query } from "./odata/query.ts";
import type { BodyRules, BodyValue } from "./operation.ts";

/** The query options that an operation did not declare, refused. */
export function undeclaredOption(query: Query, declared: readonly string[]): Refusal | undefined {
  for (const option of query.keys()) {
    if (option.startsWith("$") && !declared.includes(option)) return refuse("queryOption", { option });
  }
  return undefined;
}

/** The JSON object of a body that keeps its declared rules, or the refusal of it. */
export function checkedBody(
  request: SandboxRequest,
  rules: BodyRules,
): { readonly kind: "body"; readonly value: Readonly<Record<string, unknown>> } | Refusal {
  const type = request.headers["content-type"];
  if (request.body === undefined || request.body === "") return refuse("bodyMalformed");
  if (type === undefined || type === "") return refuse("contentTypeMissing");
  if (!/^application\/json\b/i.test(type)) return refuse("contentTypeUnsupported", { type });
  const value = parseObject(request.body);
  if (value === undefined) return refuse("bodyMalformed");
  for (const [name, given] of Object.entries(value)) {
    if (name.includes("@")) continue;
    const rule = Object.hasOwn(rules.properties, name) ? rules.properties[name] : undefined;
    if (rule === undefined) return refuse("bodyProperty", { property: name, type: rules.type });
    const fits = typeof rule === "string" ? isOf(rule, given) : rule.includes(String(given));
    if (!fits) return refuse("bodyValue", { property: name });
  }
  const missing = rules.required.find(name => value[name] === undefined);
  return missing === undefined ? { kind: "body", value } : refuse("bodyRequired", { property: missing });
}

function isOf(rule: BodyValue, given: unknown): boolean {
  switch (rule) {
    case "any":
      return true;
    case "list":
      return Array.isArray(given);
    case "object":
      return isObject(given);
    case "stringOrNull":
      return given === null || typeof given === "string";
    case "booleanOrNull":
      return given === null || typeof given === "boolean";
    default:
      return typeof given === rule;
  }
}

/** A JSON object, or undefined for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
