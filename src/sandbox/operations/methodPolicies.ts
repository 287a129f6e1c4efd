import { refuse } from "../exchange.ts";
import { contextRoot, operation } from "../operation.ts";
import type { SmsPolicy, TenantTraits } from "../settings.ts";
import { smsGroupId } from "../smsGroup.ts";

const collection = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations";

/**
 * The SMS and voice parts of the authentication methods policy; the entity itself, not wrapped in `value`.
 * @see https://learn.microsoft.com/graph/api/smsauthenticationmethodconfiguration-get
 */
export const getMethodPolicy = operation({
  name: "getSmsPolicy",
  method: "GET",
  path: `${collection}/{method}`,
  versions: ["v1.0", "beta"],
  capability: "policies",
  effect: "read",
  lane: "directory",
  permission: "readPolicies",
  subject: "none",
  run: call => {
    const id = call.params.method ?? "";
    const { smsPolicy, seed, traits } = call.settings;
    const context = `${contextRoot(call)}policies/authenticationMethodsPolicy/authenticationMethodConfigurations/$entity`;
    switch (id.toLowerCase()) {
      case "sms":
        return {
          kind: "json",
          status: 200,
          value: { "@odata.context": context, ...sms(smsPolicy, seed), ...delivery(traits) },
        };
      case "voice":
        return {
          kind: "json",
          status: 200,
          value: { "@odata.context": context, ...voice(traits), ...delivery(traits) },
        };
      default:
        return refuse("userNotFound", { id });
    }
  },
});

function sms(policy: SmsPolicy, seed: number): object {
  const target = policy.users === "all" ? "all_users" : smsGroupId(seed);
  return {
    "@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration",
    id: "Sms",
    state: policy.state,
    excludeTargets: [],
    includeTargets: [
      {
        targetType: "group",
        id: target,
        isRegistrationRequired: false,
        isUsableForSignIn: policy.usableForSignIn,
      },
    ],
  };
}

function voice({ voicePolicy }: TenantTraits): object {
  return {
    "@odata.type": "#microsoft.graph.voiceAuthenticationMethodConfiguration",
    id: "Voice",
    state: voicePolicy.state,
    isOfficePhoneAllowed: voicePolicy.officePhones,
    excludeTargets: [],
    includeTargets: [{ targetType: "group", id: "all_users", isRegistrationRequired: false }],
  };
}

/** @see https://learn.microsoft.com/graph/api/resources/telecomprovidersettings */
function delivery({ telecomProvider }: TenantTraits): object {
  if (telecomProvider === "none") return { telecomProviderSettings: null };
  const isEvaluationModeEnabled = telecomProvider === "evaluation";
  return {
    telecomProviderSettings: {
      url: "https://telecom.example.com/otp",
      appId: "3f1c2a44-0000-4000-8000-000000000001",
      isEvaluationModeEnabled,
      migrationPercentage: isEvaluationModeEnabled ? 0 : 100,
    },
  };
}
