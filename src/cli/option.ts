import { InvalidArgumentError } from "commander";
import type { Limit } from "../model/options.ts";

/** One option of a command, as data: help, the docs page and completion come from it. */
export type OptionSpec = {
  /** As commander writes it: `--max-change <P%|N>`. */
  readonly flags: string;
  readonly summary: string;
  readonly parse?: (text: string, before: unknown) => unknown;
  readonly choices?: readonly string[];
  readonly hidden?: boolean;
  /** The heading under which a long help shows it. */
  readonly heading?: string;
};

/** The same options under one heading. */
export function under(heading: string, options: readonly OptionSpec[]): readonly OptionSpec[] {
  return options.map(option => ({ ...option, heading }));
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** A number that is not negative. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !Number.isFinite(value)) {
    throw new InvalidArgumentError("Give a number that is not negative.");
  }
  return value;
}

/** More than 0 and at most 100, with or without the sign. */
export function percentage(text: string): number {
  const value = Number(text.replace(/\s*%$/, ""));
  if (!/^\d+(\.\d+)?\s*%?$/.test(text) || value <= 0 || value > 100) {
    throw new InvalidArgumentError("Give a percentage above 0 and up to 100.");
  }
  return value;
}

/** `30%` or `25`. */
export function limit(text: string): Limit {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text);
  if (!match) throw new InvalidArgumentError("Give a number (25) or a percentage (30%).");
  return { kind: match[2] === "%" ? "percent" : "count", value: Number(match[1]) };
}

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `45s`, `10m`, `24h`, `500ms`; a number without a unit is seconds. In ms. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)?$/.exec(text.trim().toLowerCase());
  if (!match) throw new InvalidArgumentError("Give a duration such as 45s, 10m or 24h.");
  return Number(match[1]) * (unitsMs[match[2] ?? "s"] ?? 1_000);
}

/** Gathers a repeatable option. */
export function repeat(text: string, before: unknown): string[] {
  return [...(Array.isArray(before) ? before : []), text];
}
