import type { Filter, Operator, Value } from "./filter.ts";

/** Reads a property of the record that a filter looks at; undefined where it does not exist. */
export type Property = (path: string) => unknown;

/** Whether a record fits a filter. */
export function matches(filter: Filter, property: Property): boolean {
  switch (filter.kind) {
    case "and":
      return matches(filter.left, property) && matches(filter.right, property);
    case "or":
      return matches(filter.left, property) || matches(filter.right, property);
    case "not":
      return !matches(filter.inner, property);
    case "compare":
      return compare(filter.operator, property(filter.path), filter.value);
    case "in":
      return filter.values.some(value => compare("eq", property(filter.path), value));
    case "text":
      return holds(filter.how, property(filter.path), filter.value);
    case "any": {
      const items = property(filter.path);
      const { variable, inner } = filter;
      return (
        Array.isArray(items) &&
        items.some(item => matches(inner, path => (path === variable ? item : undefined)))
      );
    }
  }
}

/** Every property name that a filter speaks of, the variable of an `any` left out. */
export function pathsOf(filter: Filter): string[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return [...pathsOf(filter.left), ...pathsOf(filter.right)];
    case "not":
      return pathsOf(filter.inner);
    default:
      return [filter.path];
  }
}

/** How many alternatives a filter lists; the directory allows 15. */
export function alternativesOf(filter: Filter): number {
  switch (filter.kind) {
    case "or":
      return alternativesOf(filter.left) + alternativesOf(filter.right);
    case "and":
      return Math.max(alternativesOf(filter.left), alternativesOf(filter.right));
    case "not":
    case "any":
      return alternativesOf(filter.inner);
    case "in":
      return filter.values.length;
    default:
      return 1;
  }
}

/**
 * Whether a filter is an advanced query, which needs `ConsistencyLevel: eventual` and `$count=true`
 * (https://learn.microsoft.com/graph/aad-advanced-queries, read 2026-11-23).
 */
export function isAdvanced(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return isAdvanced(filter.left) || isAdvanced(filter.right);
    case "not":
      return true;
    case "compare":
      return filter.operator === "ne";
    case "text":
      return filter.how !== "startswith";
    case "any":
      return isAdvanced(filter.inner);
    case "in":
      return false;
  }
}

function compare(operator: Operator, actual: unknown, wanted: Value): boolean {
  const left = typeof actual === "string" ? actual.toLowerCase() : (actual ?? null);
  const right = typeof wanted === "string" ? wanted.toLowerCase() : wanted;
  if (operator === "eq") return left === right;
  if (operator === "ne") return left !== right;
  if (typeof left !== typeof right || left === null || right === null) return false;
  switch (operator) {
    case "gt":
      return left > right;
    case "ge":
      return left >= right;
    case "lt":
      return left < right;
    case "le":
      return left <= right;
  }
}

function holds(how: "startswith" | "endswith" | "contains", actual: unknown, wanted: string): boolean {
  if (typeof actual !== "string") return false;
  const left = actual.toLowerCase();
  const right = wanted.toLowerCase();
  switch (how) {
    case "startswith":
      return left.startsWith(right);
    case "endswith":
      return left.endsWith(right);
    case "contains":
      return left.includes(right);
  }
}
