/**
 * The table of Graph operations: one line each, the page it comes from beside it (all read 2026-11-23). The client and
 * the Power Platform connector are both built from it.
 */
export type Operation = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the origin; `{user}` and `{method}` are filled in encoded. */
  readonly path: string;
  readonly page: string;
  /** The status of success that the page names, and no other. */
  readonly success?: 200 | 201 | 204;
  /** The least permission that the page names. */
  readonly permission?: string;
  /** Properties of the body, required first; an operation without them takes no body. */
  readonly body?: { readonly required: readonly string[]; readonly optional: readonly string[] };
};

const phones = "/v1.0/users/{user}/authentication/phoneMethods";
const docs = "https://learn.microsoft.com/graph/api/";
const readPhones = "UserAuthMethod-Phone.Read.All";
const writePhones = "UserAuthMethod-Phone.ReadWrite.All";

export const operations = {
  listPhones: {
    method: "GET",
    path: phones,
    page: `${docs}authentication-list-phonemethods`,
    success: 200,
    permission: readPhones,
  },
  getPhone: {
    method: "GET",
    path: `${phones}/{method}`,
    page: `${docs}phoneauthenticationmethod-get`,
    success: 200,
    permission: readPhones,
  },
  createPhone: {
    method: "POST",
    path: phones,
    page: `${docs}authentication-post-phonemethods`,
    success: 201,
    permission: writePhones,
    body: { required: ["phoneNumber", "phoneType"], optional: [] },
  },
  // The page speaks of an updated object beside the 204; its example and everybody's observation is a bare 204.
  updatePhone: {
    method: "PATCH",
    path: `${phones}/{method}`,
    page: `${docs}phoneauthenticationmethod-update`,
    success: 204,
    permission: writePhones,
    body: { required: ["phoneNumber"], optional: ["phoneType"] },
  },
  deletePhone: {
    method: "DELETE",
    path: `${phones}/{method}`,
    page: `${docs}phoneauthenticationmethod-delete`,
    success: 204,
    permission: writePhones,
  },
  enableSms: {
    method: "POST",
    path: `${phones}/{method}/enableSmsSignIn`,
    page: `${docs}phoneauthenticationmethod-enablesmssignin`,
    success: 204,
    permission: writePhones,
  },
  disableSms: {
    method: "POST",
    path: `${phones}/{method}/disableSmsSignIn`,
    page: `${docs}phoneauthenticationmethod-disablesmssignin`,
    success: 204,
    permission: writePhones,
  },
  getMe: {
    method: "GET",
    path: "/v1.0/me",
    page: `${docs}user-get`,
    success: 200,
    permission: "User.Read",
  },
  getUser: { method: "GET", path: "/v1.0/users/{user}", page: `${docs}user-get` },
  listUsers: { method: "GET", path: "/v1.0/users", page: `${docs}user-list` },
  listMethods: {
    method: "GET",
    path: "/v1.0/users/{user}/authentication/methods",
    page: `${docs}authentication-list-methods`,
  },
  getSignInPreferences: {
    method: "GET",
    path: "/beta/users/{user}/authentication/signInPreferences",
    page: `${docs}authentication-get`,
  },
  updateSignInPreferences: {
    method: "PATCH",
    path: "/beta/users/{user}/authentication/signInPreferences",
    page: `${docs}authentication-update`,
  },
  getSmsPolicy: {
    method: "GET",
    path: "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms",
    page: `${docs}smsauthenticationmethodconfiguration-get`,
  },
  getVoicePolicy: {
    method: "GET",
    path: "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/voice",
    page: `${docs}voiceauthenticationmethodconfiguration-get`,
  },
  listLicences: { method: "GET", path: "/v1.0/subscribedSkus", page: `${docs}subscribedsku-list` },
  getOrganization: { method: "GET", path: "/v1.0/organization", page: `${docs}organization-list` },
  listGroups: { method: "GET", path: "/v1.0/groups", page: `${docs}group-list` },
  listGroupUsers: {
    method: "GET",
    path: "/v1.0/groups/{group}/transitiveMembers/microsoft.graph.user",
    page: `${docs}group-list-transitivemembers`,
  },
  listRegistrations: {
    method: "GET",
    path: "/v1.0/reports/authenticationMethods/userRegistrationDetails",
    page: `${docs}authenticationmethodsroot-list-userregistrationdetails`,
  },
  listApplications: { method: "GET", path: "/v1.0/applications", page: `${docs}application-list` },
  createApplication: {
    method: "POST",
    path: "/v1.0/applications",
    page: `${docs}application-post-applications`,
    success: 201,
    permission: "Application.ReadWrite.All",
  },
  upsertApplication: {
    method: "PATCH",
    path: "/v1.0/applications(uniqueName='{uniqueName}')",
    page: `${docs}application-upsert`,
    permission: "Application.ReadWrite.All",
  },
  getApplication: {
    method: "GET",
    path: "/v1.0/applications/{application}",
    page: `${docs}application-get`,
  },
  updateApplication: {
    method: "PATCH",
    path: "/v1.0/applications/{application}",
    page: `${docs}application-update`,
    success: 204,
    permission: "Application.ReadWrite.All",
  },
  deleteApplication: {
    method: "DELETE",
    path: "/v1.0/applications/{application}",
    page: `${docs}application-delete`,
    success: 204,
    permission: "Application.ReadWrite.All",
  },
  addSecret: {
    method: "POST",
    path: "/v1.0/applications/{application}/addPassword",
    page: `${docs}application-addpassword`,
    success: 200,
    permission: "Application.ReadWrite.All",
  },
  removeSecret: {
    method: "POST",
    path: "/v1.0/applications/{application}/removePassword",
    page: `${docs}application-removepassword`,
    success: 204,
    permission: "Application.ReadWrite.All",
  },
  listOwners: {
    method: "GET",
    path: "/v1.0/applications/{application}/owners",
    page: `${docs}application-list-owners`,
  },
  listFederated: {
    method: "GET",
    path: "/v1.0/applications/{application}/federatedIdentityCredentials",
    page: `${docs}application-list-federatedidentitycredentials`,
  },
  listPrincipals: { method: "GET", path: "/v1.0/servicePrincipals", page: `${docs}serviceprincipal-list` },
  createPrincipal: {
    method: "POST",
    path: "/v1.0/servicePrincipals",
    page: `${docs}serviceprincipal-post-serviceprincipals`,
    success: 201,
    permission: "Application.ReadWrite.All",
  },
  deletePrincipal: {
    method: "DELETE",
    path: "/v1.0/servicePrincipals/{principal}",
    page: `${docs}serviceprincipal-delete`,
    success: 204,
    permission: "Application.ReadWrite.All",
  },
  assignRole: {
    method: "POST",
    path: "/v1.0/servicePrincipals/{principal}/appRoleAssignments",
    page: `${docs}serviceprincipal-post-approleassignments`,
    success: 201,
    permission: "AppRoleAssignment.ReadWrite.All",
  },
  createGrant: {
    method: "POST",
    path: "/v1.0/oauth2PermissionGrants",
    page: `${docs}oauth2permissiongrant-post`,
    success: 201,
    permission: "DelegatedPermissionGrant.ReadWrite.All",
  },
  updateGrant: {
    method: "PATCH",
    path: "/v1.0/oauth2PermissionGrants/{grant}",
    page: `${docs}oauth2permissiongrant-update`,
    success: 204,
    permission: "DelegatedPermissionGrant.ReadWrite.All",
  },
  deleteGrant: {
    method: "DELETE",
    path: "/v1.0/oauth2PermissionGrants/{grant}",
    page: `${docs}oauth2permissiongrant-delete`,
    success: 204,
    permission: "DelegatedPermissionGrant.ReadWrite.All",
  },
  listRoleAssignments: {
    method: "GET",
    path: "/v1.0/roleManagement/directory/roleAssignments",
    page: `${docs}rbacapplication-list-roleassignments`,
  },
  listDeletedUsers: {
    method: "GET",
    path: "/v1.0/directory/deletedItems/microsoft.graph.user",
    page: `${docs}directory-deleteditems-list`,
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
