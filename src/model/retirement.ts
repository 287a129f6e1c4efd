import type { Cloud } from "./clouds.ts";

/** A day of Microsoft's plan to end its own delivery of text messages and calls. */
export type RetirementDay = {
  /** ISO 8601. */
  readonly day: string;
  readonly what: string;
  readonly source: string;
};

const page = "https://learn.microsoft.com/entra/identity/authentication/concept-sms-voice-retirement";

/** The day on which the table below was read. */
export const retirementRead = "2026-11-23";

/** Microsoft's plan for the global cloud (page of 2026-06-10). The other clouds follow later, without days so far. */
export const retirementDays: readonly RetirementDay[] = [
  { day: "2026-09-01", what: "users of SMS and voice are asked to register a passkey", source: page },
  { day: "2026-10-30", what: "telecom providers can be chosen", source: page },
  {
    day: "2027-02-01",
    what: "Microsoft delivers no more SMS and voice codes, for MFA and for password reset",
    source: page,
  },
];

/** The day from which phones need a telecom provider of the tenant's own; undefined where none is known. */
export function endOfDelivery(cloud: Cloud): string | undefined {
  return cloud === "global" ? "2027-02-01" : undefined;
}
