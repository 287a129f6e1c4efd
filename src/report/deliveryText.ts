import type { Delivery, PlanHeader } from "../model/plan.ts";
import { retirementSource } from "../model/retirement.ts";
import { plural, thousands } from "./words.ts";

/** What makes numbers of this plan useless, in one paragraph; undefined where nothing is known to. */
export function deliveryWarning(header: PlanHeader): string | undefined {
  const { delivery } = header.findings;
  if (delivery === undefined) return undefined;
  const sentences = [policySentence(delivery, writtenBy(header)), providerSentence(delivery, dayOf(header))];
  const known = sentences.filter(sentence => sentence !== undefined);
  return known.length === 0 ? undefined : known.join(" ");
}

/** What could, and cannot be told. */
export function deliveryNotes({ findings: { delivery } }: PlanHeader): string[] {
  if (delivery === undefined) return [];
  const notes: string[] = [];
  const readable = delivery.sms !== "unknown" && delivery.voice !== "unknown";
  if (readable && delivery.outside === undefined) {
    notes.push(
      "The policies for SMS and calls cover some groups only; whether these users are in them was not looked up.",
    );
  }
  if (delivery.endsOn !== undefined && delivery.provider === "unknown") {
    notes.push(
      `Microsoft ends its own delivery of SMS and voice codes on ${delivery.endsOn}; after that, these phones work for MFA and password reset only in a tenant with a telecom provider of its own: ${retirementSource}`,
    );
  }
  return notes;
}

function policySentence({ sms, voice, outside }: Delivery, written: number): string | undefined {
  if (outside === undefined || outside === 0) return undefined;
  const whose =
    outside === written ? "these numbers" : `${thousands(outside)} of these ${plural(written, "number")}`;
  return sms === "off" && voice === "off"
    ? `No code reaches ${whose}: SMS and voice calls are both switched off in the tenant's policies.`
    : `No code reaches ${whose}: the tenant's policies for SMS and voice calls do not let one.`;
}

function providerSentence({ provider, endsOn }: Delivery, today: string): string | undefined {
  if (endsOn === undefined || provider === "own" || provider === "unknown") return undefined;
  const when = today < endsOn ? `From ${endsOn} on` : `Since ${endsOn}`;
  const whose =
    provider === "trial"
      ? "the tenant's own telecom provider is only on trial"
      : "the tenant has no telecom provider of its own";
  return `${when} these numbers get no SMS and voice codes: Microsoft ends its delivery, and ${whose}: ${retirementSource}`;
}

function writtenBy({ counts }: PlanHeader): number {
  return counts.create + counts.update;
}

function dayOf({ createdAt }: PlanHeader): string {
  return createdAt.slice(0, 10);
}
