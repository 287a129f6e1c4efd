import type { Cloud } from "./clouds.ts";

/** A day of Microsoft's plan to end its own delivery of text messages and calls. */
type RetirementDay = {
  /** ISO 8601. */
  readonly day: string;
  readonly what: string;
  /** From this day on, phones need a telecom provider of the tenant's own. */
  readonly ends?: true;
};

/** The page of the plan, of 2026-06-10, and the day on which it was read. It says that the other clouds follow later. */
export const retirementSource =
  "https://learn.microsoft.com/entra/identity/authentication/concept-sms-voice-retirement";
export const retirementRead = "2026-11-23";

/** Microsoft's plan by cloud. */
export const retirementDays: Readonly<Record<Cloud, readonly RetirementDay[]>> = {
  global: [
    { day: "2026-09-01", what: "users of SMS and voice are asked to register a passkey" },
    { day: "2026-10-30", what: "telecom providers can be chosen" },
    {
      day: "2027-02-01",
      what: "Microsoft delivers no more SMS and voice codes, for MFA and for password reset",
      ends: true,
    },
  ],
  usgov: [],
  "usgov-dod": [],
  china: [],
};

/** The day from which phones need a telecom provider of the tenant's own; undefined where none is named. */
export function endOfDelivery(cloud: Cloud): string | undefined {
  return retirementDays[cloud].find(({ ends }) => ends)?.day;
}
