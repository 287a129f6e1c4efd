import type { Shape } from "../../model/probe.ts";

/** Longer lists say only how they go on. */
const mostItems = 3;

/** A JSON value without what names somebody: ids, names, addresses, times and digits are replaced by what they are. */
export function shapeOf(value: unknown, name = ""): Shape {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return shapeOfText(value, name);
  if (Array.isArray(value)) {
    const shown = value.slice(0, mostItems).map(each => shapeOf(each, name));
    return value.length > mostItems ? [...shown, `(${value.length - mostItems} more)`] : shown;
  }
  if (typeof value !== "object") return "(nothing)";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each, key)]));
}

/** Members whose words are the service's own and are wanted as they are; `id` is Sms, Voice or a GUID. */
const spoken: readonly string[] = [
  "@odata.context",
  "@odata.type",
  "code",
  "id",
  "message",
  "methodsRegistered",
  "phoneType",
  "smsSignInState",
  "state",
  "target",
  "targetType",
  "userPreferredMethodForSecondaryAuthentication",
];

function shapeOfText(text: string, name: string): string {
  if (/^\+[\dX*•x ().-]+$/.test(text)) return text.replace(/\d/g, "D");
  if (spoken.includes(name)) return withoutNames(text);
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?$/.test(text) ? "(date)" : kindOf(text);
}

function kindOf(text: string): string {
  if (/^https?:/.test(text)) return "(url)";
  if (guid.test(text)) return "(id)";
  return text.includes("@") ? "(name)" : "(text)";
}

const guid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i;

/** The service's words, with ids, names and long digits taken out. */
export function withoutNames(text: string): string {
  return text
    .replace(new RegExp(guid, "gi"), "(id)")
    .replace(/eyJ[\w-]{7,}\.[\w-]+(\.[\w-]*)?/g, "(token)")
    .replace(/[^\s'"()[\]<>,;]+@[^\s'"()[\]<>,;]+/g, "(name)")
    .replace(/\+?\d[\d ().-]{4,}\d/g, found => found.replace(/\d/g, "D"))
    .slice(0, 400);
}

/** Headers that say something of the service and nothing of the tenant. */
const safeHeaders: readonly string[] = [
  "content-type",
  "location",
  "odata-version",
  "preference-applied",
  "retry-after",
  "x-ms-resource-unit",
  "x-ms-throttle-information",
  "x-ms-throttle-limit-percentage",
  "x-ms-throttle-scope",
];

export function safeHeadersOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept = safeHeaders.flatMap(name => {
    const value = headers[name];
    if (typeof value !== "string") return [];
    return [[name, name === "location" ? "(url)" : withoutNames(value)] as const];
  });
  return Object.fromEntries(kept);
}
