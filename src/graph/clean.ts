import { maskDigits } from "../model/phone.ts";

/** What of an answer may be kept: texts of others may repeat a number, a token, or control a terminal. */

const longestMessage = 500;
const jsonWebToken = /[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g;

/** Graph's text in one line, with its digits masked and without anything that looks like a token. */
export function cleanMessage(text: string): string {
  const line = text.slice(0, 4 * longestMessage).replace(jsonWebToken, "[token]");
  return maskDigits(printable(line)).slice(0, longestMessage);
}

/** A text of the operating system or of a sign-in library: its ports and codes stay readable, long digits do not. */
export function cleanCause(error: unknown): string {
  const { message, code } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  const text = message || (typeof code === "string" ? code : "no reason given");
  const line = text.slice(0, 4 * longestMessage).replace(jsonWebToken, "[token]");
  return printable(line)
    .replace(/\d{6,}/g, digits => maskDigits(digits))
    .slice(0, longestMessage)
    .replace(/\.$/, "");
}

/** An error code as Graph has them, also the empty one. Anything else is no code, and may be a number. */
export function cleanCode(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return value === "" || /^(?!.*\d{5})[A-Za-z][\w.-]{0,79}$/.test(value) ? value : undefined;
}

/** A request id or client-request-id. */
export function cleanId(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w-]{1,64}$/.test(value) ? value : undefined;
}

/** A header that is kept as it came: Retry-After or Date. The first one where it came twice. */
export function cleanHeader(value: unknown): string | undefined {
  const first = firstText(value);
  return first === undefined ? undefined : printable(first.slice(0, 64));
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first !== "" ? first : undefined;
}

/** A share such as `0.85` or `1.2`; anything else is absent. */
export function cleanShare(value: unknown): number | undefined {
  const share = Number(cleanHeader(value) ?? Number.NaN);
  return share > 0 && share < 10 ? share : undefined;
}

/** The origin of a Location header: its path and query may hold anything. A path alone has none. */
export function cleanOrigin(value: unknown): string | undefined {
  const url = URL.parse(firstText(value) ?? "");
  return url === null || url.origin === "null" ? undefined : url.origin;
}

/** The middle of `Tenant_Application/ReadWrite/app/tenant`: which operations a limit is for. */
export function cleanLimit(value: unknown): "read" | "write" | "readWrite" | undefined {
  const [, limit] = cleanHeader(value)?.toLowerCase().split("/") ?? [];
  return limit === "read" || limit === "write" ? limit : limit === "readwrite" ? "readWrite" : undefined;
}

/** Takes a token out of a body before anything is made of it. A shorter text than eight characters is no secret. */
export function withoutToken(body: string, token: string): string {
  return token.length >= 8 ? body.replaceAll(token, "[token]") : body;
}

/** One line without control characters. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
