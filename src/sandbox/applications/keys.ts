import { X509Certificate } from "node:crypto";
import { type Refusal, refuse } from "../exchange.ts";
import { objectId } from "../ids.ts";
import { isObject } from "../validate.ts";
import type { StoredKey } from "./directory.ts";

/** A year, be it a long one. */
const longestMs = 366 * 86_400_000;

/**
 * The certificates that a PATCH leaves an application with. The list replaces the older one: an entry that names the
 * keyId of a certificate that is there keeps it, and any other must bring a certificate.
 * @see https://learn.microsoft.com/graph/applications-how-to-add-certificate
 */
export function keysOf(
  given: unknown,
  held: readonly StoredKey[],
  visibleAt: number,
): readonly StoredKey[] | Refusal {
  const keys: StoredKey[] = [];
  for (const each of Array.isArray(given) ? given : []) {
    if (!isObject(each)) return refuse("keyInvalid", { why: "an entry is no object" });
    const kept = held.find(({ keyId }) => keyId === each.keyId);
    const key = kept ?? newKey(each, visibleAt);
    if (!("visibleAt" in key)) return key;
    keys.push(key);
  }
  return keys;
}

function newKey(given: Readonly<Record<string, unknown>>, visibleAt: number): StoredKey | Refusal {
  const { key, type, usage, displayName } = given;
  if (type !== "AsymmetricX509Cert" || usage !== "Verify") {
    return refuse("keyInvalid", { why: "type and usage are not those of a certificate that proves" });
  }
  if (typeof key !== "string") return refuse("keyInvalid", { why: "key is missing" });
  const { startDateTime: start, endDateTime: end } = given;
  if (Date.parse(String(end)) - Date.parse(String(start)) > longestMs) {
    return refuse("keyInvalid", { why: "endDateTime is more than a year after startDateTime" });
  }
  try {
    const certificate = new X509Certificate(Buffer.from(key, "base64"));
    return {
      keyId: objectId("key", certificate.fingerprint256),
      displayName: typeof displayName === "string" ? displayName : null,
      key: certificate.raw.toString("base64"),
      startDateTime: certificate.validFromDate.toISOString(),
      endDateTime: certificate.validToDate.toISOString(),
      visibleAt,
    };
  } catch (error) {
    if (error instanceof Error) return refuse("keyInvalid", { why: "key is no certificate" });
    throw error;
  }
}
