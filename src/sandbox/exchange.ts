import type { PhoneType, SmsSignInState } from "../model/phone.ts";
import type { ErrorName } from "./errors.ts";

/** One HTTP request, or one item of a batch, as the core sees it. Header names are lower-case. */
export type SandboxRequest = {
  readonly method: string;
  /** Path and query as sent, with its version: `/v1.0/users?$top=5`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's text; undefined for none. */
  readonly body: string | undefined;
  /** The body as it came, where a server carried it. */
  readonly bytes?: Buffer;
};

/** How an answer gets to the client: properly, never, or as a broken connection. */
export type Delivery = "send" | "hang" | "reset";

export type AnswerBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  /** Bytes that are still being made. */
  | { readonly kind: "later"; readonly bytes: Promise<Buffer> };

/** One HTTP answer. Headers carry their usual spelling. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
  readonly delivery: Delivery;
  /** Extra milliseconds before it is sent, from a fault. */
  readonly slowMs: number;
  /** How many batch items it answers; 0 for a single operation. */
  readonly items: number;
};

/** What a write did to the tenant. */
export type SandboxChange = {
  readonly phoneType?: PhoneType;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly smsSignInState?: SmsSignInState;
  /** For writes that are not about a phone: what was set. */
  readonly setting?: string;
};

/**
 * What an operation decided, before ids and headers are put around it. `change` is present exactly when it took
 * effect, which a refusal can do as well: a number that is not unique is stored and refused.
 */
export type Result =
  | {
      readonly kind: "json";
      readonly status: 200 | 201;
      readonly value: object;
      readonly change?: SandboxChange;
    }
  | { readonly kind: "text"; readonly text: string; readonly contentType: "text/plain" | "text/html" }
  | { readonly kind: "empty"; readonly change?: SandboxChange }
  /** What was asked for is, or will be, at another address. */
  | {
      readonly kind: "elsewhere";
      readonly status: 202 | 302;
      readonly location: string;
      readonly change?: SandboxChange;
    }
  | Refusal;

export type Refusal = {
  readonly kind: "refusal";
  readonly error: ErrorName;
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Another status than the error's own, from a fault. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly change?: SandboxChange;
};

export function refuse(error: ErrorName, facts?: Refusal["facts"]): Refusal {
  return facts === undefined ? { kind: "refusal", error } : { kind: "refusal", error, facts };
}
