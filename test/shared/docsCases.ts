import { graphAppId } from "../../src/model/graphPermissions.ts";
import type { SandboxConfig } from "../../src/sandbox/sandbox.ts";
import { type Ask, type Client, kim, mobile } from "../sandbox/client.ts";
import { workbook } from "../support/workbook.ts";

/** A case is not emulated yet; this is where its resource belongs. */
export const outOfScope: Readonly<Record<string, string>> = {
  role_assignments_privileged_beta: "role assignments",
};

/** Where the sandbox answers otherwise than the case on purpose: what it answers, and why. */
type Difference = { readonly status?: number; readonly shape?: false; readonly reason: string };

/** How a case is brought about: the tenant, who asks, and what its placeholders stand for. */
export type Scene = {
  readonly config?: SandboxConfig;
  /** Asked by kim herself, as `/me` needs, or by whom the config gives that token. */
  readonly asKim?: true;
  readonly noToken?: true;
  /** In the place of the case's own, which hold placeholders. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A documented path that is a stand-in is asked here instead. */
  readonly path?: string;
  /** Requests before, as method and path; made by whoever asks. */
  readonly earlier?: readonly (readonly [string, string, Ask?])[];
  /** Ids of the case's tenant, and what they are in ours. */
  readonly stands?: (call: Client) => Promise<Readonly<Record<string, string>>>;
  readonly difference?: Difference;
};

const phones = { mobile: "+1 2065550100", alternateMobile: "+1 2065550101", office: "+1 2065550102" };
const kimWith = (more: object): SandboxConfig => ({ users: [{ userPrincipalName: kim, ...more }] });
const usable = { smsPolicy: { usableForSignIn: true } } as const;
const report = "/v1.0/reports/authenticationMethods/userRegistrationDetails";
const registered = kimWith({
  phones: { mobile: "+1 2065550100" },
  otherMethods: ["microsoftAuthenticator", "softwareOath"],
});

/** An application, and the ids of it and of Microsoft Graph in the places of the documented ones. */
async function application(call: Client): Promise<Readonly<Record<string, string>>> {
  const made = await call("POST", "/v1.0/applications", { body: { displayName: "My application" } });
  const { id, appId } = made.json;
  const principal = await call("POST", "/v1.0/servicePrincipals", { body: { appId } });
  const graph = await call("GET", `/v1.0/servicePrincipals(appId='${graphAppId}')`);
  const [client, resource] = [String(principal.json.id), String(graph.json.id)];
  return {
    "{objectId}": String(id),
    "{client service principal id}": client,
    "{Microsoft Graph service principal id}": resource,
    "b0d9b9e3-0ecf-4bfd-8dab-9273dd055a94": client,
    "7ea9e944-71ce-443d-811c-71e8047b557a": resource,
  };
}

/** The documented assignment, already made. */
async function assigned(call: Client): Promise<Readonly<Record<string, string>>> {
  const ids = await application(call);
  const resourceId = ids["7ea9e944-71ce-443d-811c-71e8047b557a"];
  const principalId = ids["b0d9b9e3-0ecf-4bfd-8dab-9273dd055a94"];
  const body = { principalId, resourceId, appRoleId: "df021288-bdef-4463-88db-98f22de89214" };
  const made = await call("POST", `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`, { body });
  return { ...ids, "47nZsM8O_UuNq5Jz3QValCxBBiqJea9Drc9CMK4Ru_M": String(made.json.id) };
}

/** The address of the file that stands for the docs' own. */
export const listUrl = "https://contoso-my.sharepoint.com/personal/kim_contoso_com/Documents/list.xlsx";

const rows = [
  ["Area", "Fruit", "Count"],
  ...Array.from({ length: 12 }, (_, index) => ["west", "plum", index]),
];
const list = workbook({
  sheets: [
    {
      name: "Sheet1",
      rows,
      tables: [{ name: "Table1", ref: `A1:C${rows.length}`, columns: ["Area", "Fruit", "Count"] }],
    },
  ],
});
const inExcel = { asKim: true, config: { files: [{ url: listUrl, bytes: list }] } } as const;
const workbookPath = "/v1.0/me/drive/items/{id}/workbook";
const session = "cluster=SBX1&session=15.SBX1.1.1";
const createSession = ["POST", `${workbookPath}/createSession`, { body: { persistChanges: true } }] as const;
const createAsync = [
  "POST",
  `${workbookPath}/createSession`,
  { body: { persistChanges: true }, headers: { Prefer: "respond-async" } },
] as const;
const getOperation = ["GET", `${workbookPath}/operations/op-2`] as const;
const shared = `/v1.0/shares/u!${Buffer.from(listUrl).toString("base64url")}`;

/** One scene for each case that is in scope. */
export const scenes: Readonly<Record<string, Scene>> = {
  create_phoneauthenticationmethod: {
    asKim: true,
    difference: {
      status: 403,
      shape: false,
      reason:
        "The newer page (2025-07-31) says users cannot add a phone to their own account; /users/{id} answers 201.",
    },
  },
  list_phonemethods: { config: kimWith({ phones }), asKim: true },
  get_phoneauthenticationmethod: { config: kimWith({ phones }), asKim: true },
  update_phoneauthenticationmethod: { config: kimWith({ phones }) },
  delete_phoneauthenticationmethod: { config: kimWith({ phones: { mobile: "+1 2065550100" } }), asKim: true },
  enable_sms_signin: { config: { ...kimWith({ phones }), ...usable }, asKim: true },
  disable_sms_signin: { config: { ...kimWith({ phones }), ...usable }, asKim: true },
  list_methods: {
    config: kimWith({ otherMethods: ["fido2", "windowsHelloForBusiness"] }),
    asKim: true,
    difference: { shape: false, reason: "Of methods that are no phones only type and id are emulated." },
  },
  get_sms_policy: {
    difference: {
      shape: false,
      reason: "The docs wrap a single entity in value by convention; the service does not.",
    },
  },
  list_userregistrationdetails: { config: registered },
  get_signinpreferences_beta: {
    config: kimWith({ otherMethods: ["microsoftAuthenticator"], defaultMethod: "push" }),
  },
  get_requirements_beta: {},
  update_signinpreferences_beta: { config: kimWith({ otherMethods: ["softwareOath"] }) },
  update_requirements_beta: {},
  batch_mixed: {
    difference: {
      shape: false,
      reason:
        "Items 1 to 4 ask for resources that are not emulated; outer form and item 5 are compared in a test of their own.",
    },
  },
  batch_dependson_chain: {},
  throttled_429: { config: { faults: [{ kind: "throttled", retryAfter: 10 }] } },
  error_envelope: { path: "/v1.0/users?$top=0" },
  users_list: {},
  users_count: {},
  users_startswith_count: {
    difference: {
      shape: false,
      reason: "The example shows mailNickname, which is no standard property, and leaves most of them out.",
    },
  },
  b2c_user_empty_list: {},
  delete_default_method_refused: {
    config: kimWith({ phones: { mobile: "+1 2065550100", office: "+1 2065550102" }, defaultMethod: "sms" }),
  },
  sms_number_not_unique: {
    config: {
      ...usable,
      users: [kim, { userPrincipalName: "ana@contoso.com", phones: { mobile: "+49 1701234567" } }],
    },
  },
  request_authorization_failed: {
    config: { tokens: [{ token: "kim.s.token", kind: "delegated", user: "ana@contoso.com", roles: [] }] },
    asKim: true,
  },
  patch_on_old_beta: {
    config: kimWith({ phones }),
    difference: {
      status: 204,
      shape: false,
      reason: "History: PATCH came with v1.0 in 2022 and works on beta too since.",
    },
  },
  token_empty: { noToken: true },
  directory_throttled: {
    config: { quota: { readBurst: 1, readPerSecond: 0.1 } },
    path: "/v1.0/users",
    earlier: [["GET", "/v1.0/users"]],
  },
  reports_throttled: {
    path: report,
    earlier: Array.from({ length: 5 }, () => ["GET", report] as const),
  },
  sp_graph_approles: {},
  approle_grant: { stands: application },
  approle_revoke: { stands: assigned },
  oauth2permissiongrant_post: { stands: application },
  application_addpassword: { stands: application },
  workbook_createsession: inExcel,
  workbook_createsession_async: inExcel,
  workbook_createsession_fails: {
    asKim: true,
    config: { files: [{ url: listUrl, bytes: list, opens: false }] },
  },
  workbook_operation_running: { ...inExcel, earlier: [createAsync], path: getOperation[1] },
  workbook_operation_succeeded: { ...inExcel, earlier: [createAsync, getOperation], path: getOperation[1] },
  workbook_sessioninfo: {
    ...inExcel,
    earlier: [createSession],
    path: `${workbookPath}/sessionInfoResource(key='${encodeURIComponent(session)}')`,
  },
  workbook_closesession: {
    ...inExcel,
    earlier: [createSession],
    headers: { "workbook-session-id": session },
  },
  workbook_rows_add: { ...inExcel, earlier: [createSession], headers: { "workbook-session-id": session } },
  workbook_table_list_rows: {
    ...inExcel,
    path: `${workbookPath}/tables/Table1/rows?$top=5&$skip=5`,
    difference: {
      shape: false,
      reason: "The example prints a text where rows are; values is a list of one row.",
    },
  },
  shares_get: { config: inExcel.config, path: shared },
  shares_driveitem: { config: inExcel.config, path: `${shared}/driveItem` },
  user_not_found_directory: { path: "/v1.0/users/99999999-2222-3333-4444-555555555555" },
};

/** The path of a case with its placeholders filled. */
export function pathOf(url: string, userId: string): string {
  return url
    .replace("https://graph.microsoft.com", "")
    .replace(/\/users\/(\{id\}|[0-9a-f]{8}-[0-9a-f*-]{27})/, `/users/${userId}`)
    .replace("{method}", mobile);
}
