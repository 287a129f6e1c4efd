/** What one question to the registry came to. */
export type AuditVerdict =
  | { readonly kind: "passed"; readonly text: string }
  | { readonly kind: "failed"; readonly text: string }
  | { readonly kind: "skipped"; readonly text: string };

/** Reads what `npm audit --json` printed: high and critical advisories fail. */
export function advisoriesVerdict(printed: string): AuditVerdict {
  const what = "npm audit";
  const value = objectIn(printed);
  const counts = value === undefined ? undefined : memberOf(memberOf(value, "metadata"), "vulnerabilities");
  if (counts === undefined) return skipped(what, value);
  const { high = 0, critical = 0 } = counts as { readonly high?: number; readonly critical?: number };
  const names = Object.entries(memberOf(value, "vulnerabilities") ?? {})
    .filter(([, each]) => ["high", "critical"].includes(String(memberOf(each, "severity"))))
    .map(([name]) => name);
  if (high + critical === 0) return { kind: "passed", text: `${what}: no high or critical advisory` };
  return { kind: "failed", text: `${what}: ${critical} critical, ${high} high: ${names.join(", ")}` };
}

/** Reads what `npm audit signatures --json` printed: a package whose signature is wrong or missing fails. */
export function signaturesVerdict(printed: string): AuditVerdict {
  const what = "npm audit signatures";
  const value = objectIn(printed);
  const invalid = memberOf(value, "invalid");
  const missing = memberOf(value, "missing");
  if (!Array.isArray(invalid) || !Array.isArray(missing)) return skipped(what, value);
  const names = [...invalid, ...missing].map(each => String(memberOf(each, "name")));
  if (names.length === 0) return { kind: "passed", text: `${what}: every package is signed` };
  const text = `${what}: ${invalid.length} wrong, ${missing.length} missing: ${names.join(", ")}`;
  return { kind: "failed", text };
}

/** A registry may have no audit at all, or cannot be reached; that is no verdict on the packages. */
function skipped(what: string, value: unknown): AuditVerdict {
  const error = memberOf(value, "error");
  const why = [memberOf(value, "message"), memberOf(error, "summary"), memberOf(error, "code")].find(
    each => typeof each === "string" && each !== "",
  );
  // Which registry it is, is nobody's business.
  const text = String(why ?? "it printed no answer").replace(/https?:\/\/\S+/g, "(address)");
  return { kind: "skipped", text: `${what} is skipped: the registry does not answer it (${text})` };
}

function objectIn(text: string): unknown {
  const from = text.indexOf("{");
  try {
    return from === -1 ? undefined : JSON.parse(text.slice(from, text.lastIndexOf("}") + 1));
  } catch {
    // npm prints other things where it fails early.
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
