import type { DefaultMethod } from "../model/change.ts";
import { type Fault, GraphFault } from "../model/fault.ts";
import type { PhoneType } from "../model/phone.ts";
import { type Answer, httpFault, isSuccess } from "./answer.ts";
import { checkCreated } from "./convertPhone.ts";
import { paths } from "./paths.ts";
import type { Wire } from "./wire.ts";

/** One write to one user, by object id. */
export type PhoneWrite =
  | {
      readonly kind: "create" | "update";
      readonly userId: string;
      readonly phoneType: PhoneType;
      readonly number: string;
    }
  | {
      readonly kind: "delete" | "enableSms" | "disableSms";
      readonly userId: string;
      readonly phoneType: PhoneType;
    }
  | { readonly kind: "setDefault"; readonly userId: string; readonly method: DefaultMethod };

/**
 * What the service said of a write. `fault` also stands for: no trustworthy answer. Where the write had to wait for
 * others, `sentAt` is when it went out (ms on the monotonic clock), and `operations` how many went in that request.
 */
export type WriteAnswer =
  | {
      readonly kind: "accepted";
      readonly status: number;
      readonly requestId?: string;
      readonly clientRequestId: string;
      /** The share of the write limit that is used, where the service said so. */
      readonly limitShare?: number;
      readonly sentAt?: number;
      readonly operations?: number;
    }
  | {
      readonly kind: "fault";
      readonly fault: Fault;
      readonly sentAt?: number;
      readonly operations?: number;
    };

/** The request of a write. */
export function wireOfWrite(write: PhoneWrite): Wire {
  switch (write.kind) {
    case "create":
      return {
        method: "POST",
        path: paths.phones(write.userId),
        body: JSON.stringify({ phoneNumber: write.number, phoneType: write.phoneType }),
        writes: 1,
      };
    case "update":
      return {
        method: "PATCH",
        path: paths.phone[write.phoneType](write.userId),
        body: JSON.stringify({ phoneNumber: write.number, phoneType: write.phoneType }),
        writes: 1,
      };
    case "delete":
      return { method: "DELETE", path: paths.phone[write.phoneType](write.userId), writes: 1 };
    case "enableSms":
      return { method: "POST", path: paths.enableSms[write.phoneType](write.userId), writes: 1 };
    case "disableSms":
      return { method: "POST", path: paths.disableSms[write.phoneType](write.userId), writes: 1 };
    case "setDefault":
      return {
        method: "PATCH",
        path: paths.preferences(write.userId),
        body: JSON.stringify({ userPreferredMethodForSecondaryAuthentication: write.method }),
        writes: 1,
      };
  }
}

/**
 * Reads the answer to a write. Any 2xx accepts an update, a delete or an action, whatever the body: the pages promise
 * 204, some promise an object as well, and nobody needs it. A create is accepted only with a body that can be read
 * and names no other phone, because a gateway's 200 with a page of its own is no created phone.
 */
export function writeAnswerOf(write: PhoneWrite, answer: Answer): WriteAnswer {
  try {
    if (!isSuccess(answer.status)) throw httpFault(answer);
    if (write.kind === "create") checkCreated(answer, write.phoneType, write.number);
  } catch (error) {
    return faultAnswer(error);
  }
  const { status, clientRequestId, requestId, limitShare } = answer;
  return {
    kind: "accepted",
    status,
    clientRequestId,
    ...(requestId === undefined ? {} : { requestId }),
    ...(limitShare === undefined ? {} : { limitShare }),
  };
}

/** A fault as an answer; everything else (no sign-in, a bug) goes up. */
export function faultAnswer(error: unknown): { readonly kind: "fault"; readonly fault: Fault } {
  if (error instanceof GraphFault) return { kind: "fault", fault: error.fault };
  throw error;
}
