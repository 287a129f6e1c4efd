import type { ProbeAnswer } from "../model/probe.ts";

/** What is said on the terminal of one question. */
export function probeLines({ question, asks, exchanges, facts, skipped }: ProbeAnswer): readonly string[] {
  const head = question === 0 ? "   " : `${String(question).padStart(2)}.`;
  return [
    `${head} ${asks}`,
    ...exchanges.map(({ what, status, body }) => `      ${what}: ${status}${codeIn(body)}`),
    ...Object.entries(facts).map(([name, value]) => `      ${name}: ${value}`),
    ...(skipped === undefined ? [] : [`      not asked: ${skipped}`]),
  ];
}

function codeIn(body: unknown): string {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : undefined;
  return typeof error === "object" && error !== null && "code" in error ? ` ${String(error.code)}` : "";
}
