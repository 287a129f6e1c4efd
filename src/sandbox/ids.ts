import { hash } from "node:crypto";
import { hash32 } from "./chance.ts";

/** An object id that depends on nothing but the parts: the same seed and UPN give the same user everywhere. */
export function objectId(...parts: readonly (string | number)[]): string {
  const hex = hash("sha1", parts.join("\u0000"), "hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text has the form of an object id. */
export function isObjectId(text: string): boolean {
  return guid.test(text);
}

/** Makes request-ids: unique within a sandbox, repeatable for a seed, and cheap at thousands a second. */
export function requestIds(seed: number): () => string {
  let count = 0;
  const prefix = hash32(`request-id ${seed}`).toString(16).padStart(8, "0");
  return () => {
    const tail = (++count).toString(16).padStart(12, "0");
    return `${prefix}-5a4d-4b0c-8000-${tail}`;
  };
}
