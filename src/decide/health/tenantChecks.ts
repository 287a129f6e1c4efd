import { type Cloud, type CloudFacts, clouds } from "../../model/clouds.ts";
import type { Check, Health, MethodPolicy, Probe } from "../../model/health.ts";
import { endOfDelivery, retirementRead, retirementSource } from "../../model/retirement.ts";
import { providerOf } from "../delivery.ts";
import { block, ok, refusal, warn } from "./check.ts";

/** Service plans of Entra ID P1 and P2. Source: licensing-service-plan-reference (read 2026-11-23). */
const premium: readonly string[] = ["AAD_PREMIUM", "AAD_PREMIUM_P2"];

/** What the tenant is like. `today` is an ISO day. */
export function checkTenant(health: Health, cloud: Cloud, today: string): readonly Check[] {
  return [
    checkKind(health.tenantType),
    checkCloud(cloud),
    checkSms(health.sms, cloud),
    checkVoice(health.voice, cloud),
    checkDelivery(health, cloud, today),
    checkLicence(health.licences),
  ];
}

function checkKind(probe: Health["tenantType"]): Check {
  const name = "tenant kind";
  if (probe.kind === "refused" || probe.value === undefined) {
    const why = probe.kind === "refused" ? ` (${refusal(probe)})` : "";
    return warn(
      name,
      `Graph does not say what kind of tenant this is${why}.`,
      "It has to be a workforce tenant: B2C and External ID tenants do not keep phones where prepop writes them.",
    );
  }
  if (probe.value === "AAD") return ok(name, "It is a workforce tenant.");
  const kind = probe.value === "AAD B2C" ? "a B2C tenant" : "an External ID tenant";
  return block(
    name,
    `It is ${kind}, whose users do not keep their phones in phone methods.`,
    "Sign in to the workforce tenant. prepop does not support this kind.",
  );
}

const missing = {
  smsActions: "SMS sign-in cannot be switched on or off",
  smsPolicy: "the policy for text messages cannot be read",
  workbook: "lists in Microsoft 365 are downloaded instead of read in place",
} as const;

function checkCloud(cloud: Cloud): Check {
  const facts: CloudFacts = clouds[cloud];
  if (facts.lacks.length === 0) return ok("cloud", `${sentence(facts.title)} has all that prepop uses.`);
  return warn(
    "cloud",
    `In ${facts.title}, ${facts.lacks.map(each => missing[each]).join(", ")}.`,
    "Nothing is to be done; prepop does without.",
  );
}

function checkSms(probe: Probe<MethodPolicy>, cloud: Cloud): Check {
  const name = "SMS policy";
  if (probe.kind === "refused") return policyUnread(name, probe, cloud);
  const { enabled, targets } = probe.value;
  if (!enabled) {
    return warn(
      name,
      "Text messages are switched off as a method: a number that is written serves for calls and password reset at most.",
      "Switch SMS on in Entra admin center > Authentication methods > Policies, if codes are to be sent.",
    );
  }
  const whom = audience(probe.value);
  if (targets.some(({ usableForSignIn }) => usableForSignIn)) {
    return warn(
      name,
      `Text messages are on for ${whom}, and usable for sign-in: the service registers each written mobile number for SMS sign-in by itself.`,
      "Add --sms-sign-in disable where that is not wanted.",
    );
  }
  return ok(name, `Text messages are on for ${whom}, not for sign-in.`);
}

function checkVoice(probe: Probe<MethodPolicy>, cloud: Cloud): Check {
  const name = "voice policy";
  if (probe.kind === "refused") return policyUnread(name, probe, cloud);
  const { enabled, officePhones } = probe.value;
  if (!enabled) {
    return warn(
      name,
      "Calls are switched off as a method: alternate and office numbers, which are only called, serve for nothing.",
      "Switch voice calls on in Entra admin center > Authentication methods > Policies, if they are to be used.",
    );
  }
  return officePhones === false
    ? warn(
        name,
        `Calls are on for ${audience(probe.value)}, but not to office phones.`,
        "Allow office phones in the voice policy, or leave the office column out.",
      )
    : ok(name, `Calls are on for ${audience(probe.value)}${officePhones ? ", to office phones too" : ""}.`);
}

/** What the end of Microsoft's own delivery means here (model/retirement.ts). */
function checkDelivery({ sms, voice }: Health, cloud: Cloud, today: string): Check {
  const name = "telecom provider";
  const end = endOfDelivery(cloud);
  if (end === undefined) {
    return ok(
      name,
      `For this cloud Microsoft has named no end of its SMS and voice delivery (read ${retirementRead}).`,
    );
  }
  const provider = providerOf([sms, voice].flatMap(each => (each.kind === "read" ? each.value : [])));
  if (provider === "own") {
    return ok(name, `The tenant has a telecom provider of its own, so phones go on working after ${end}.`);
  }
  const when = today < end ? `From ${end} on, Microsoft delivers` : `Since ${end} Microsoft delivers`;
  const fix = `Set up a telecom provider before, or move users to passkeys: ${retirementSource} (read ${retirementRead}).`;
  if (provider === "trial") {
    return warn(name, `${when} no more codes, and the tenant's own telecom provider is only on trial.`, fix);
  }
  if (sms.kind === "refused" && voice.kind === "refused") {
    return warn(
      name,
      `${when} no more codes, and it cannot be read whether the tenant has a telecom provider.`,
      fix,
    );
  }
  return warn(
    name,
    `${when} no more SMS and voice codes, for MFA and password reset alike, and the tenant has no telecom provider: the numbers are of no use then.`,
    fix,
  );
}

function checkLicence(probe: Health["licences"]): Check {
  const name = "licence";
  if (probe.kind === "refused") {
    return warn(
      name,
      `The tenant's licences cannot be read (${refusal(probe)}).`,
      "Phone methods need none; the registration report and SMS sign-in need Entra ID P1 or an F licence.",
    );
  }
  return probe.value.some(each => premium.includes(each))
    ? ok(name, "The tenant has Entra ID P1 or P2.")
    : warn(
        name,
        "The tenant has no Entra ID P1 or P2: the registration report may not answer, and SMS sign-in needs a licence for each user.",
        "Nothing is to be done for MFA and password reset.",
      );
}

function policyUnread(
  name: string,
  probe: Probe<unknown> & { readonly kind: "refused" },
  cloud: Cloud,
): Check {
  const facts: CloudFacts = clouds[cloud];
  const none = facts.lacks.includes("smsPolicy");
  return warn(
    name,
    `The policy cannot be read (${refusal(probe)}), so it is not known who can use these numbers and for what.`,
    none
      ? "This cloud does not have it."
      : "Grant Policy.Read.AuthenticationMethod, or look in the Entra admin center.",
  );
}

function audience({ targets, excluded }: MethodPolicy): string {
  const everybody = targets.some(({ id }) => id === "all_users");
  const whom = everybody ? "all users" : targets.length === 1 ? "one group" : `${targets.length} groups`;
  const except = excluded.length === 1 ? "one group" : `${excluded.length} groups`;
  return excluded.length === 0 ? whom : `${whom}, except ${except}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
