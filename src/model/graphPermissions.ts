/** The ids under which Microsoft Graph offers one permission; one that is absent is not offered in that kind. */
export type PermissionIds = {
  /** In the name of a person. */
  readonly scope?: string;
  /** For an application by itself. */
  readonly role?: string;
};

/** The application that Microsoft Graph is, in every tenant of every cloud. */
export const graphAppId = "00000003-0000-0000-c000-000000000000";

/**
 * Permissions of Microsoft Graph that prepop speaks of. Ids are the same in every tenant.
 * Source: https://learn.microsoft.com/graph/permissions-reference and the provisioning data of
 * github.com/microsoftgraph/microsoft-graph-devx-content (read 2026-11-23; Organization.Read.All 2026-11-28).
 */
export const graphPermissions = {
  "UserAuthMethod-Phone.ReadWrite.All": {
    scope: "48c99302-9a24-4f27-a8a7-acef4debba14",
    role: "6e85d483-7092-4375-babe-0a94a8213a58",
  },
  "UserAuthMethod-Phone.Read.All": {
    scope: "20cf4ae1-09b9-4d29-a6f8-43e1820ce60c",
    role: "f529a223-ea70-43ec-b268-5012de2fbaa2",
  },
  "UserAuthenticationMethod.ReadWrite.All": {
    scope: "b7887744-6746-4312-813d-72daeaee7e2d",
    role: "50483e42-d915-4231-9639-7fdb7fd190e5",
  },
  "UserAuthenticationMethod.Read.All": {
    scope: "aec28ec7-4d02-4e8c-b864-50163aea77eb",
    role: "38d9df27-64da-44fd-b7c5-a6fbac20248f",
  },
  "User.Read": { scope: "e1fe6dd8-ba31-4d61-89e7-88639da4683d" },
  "User.Read.All": {
    scope: "a154be20-db9c-4678-8ab7-66f6cc099a59",
    role: "df021288-bdef-4463-88db-98f22de89214",
  },
  "User.ReadBasic.All": {
    scope: "b340eb25-3456-403f-be2f-af7a0d370277",
    role: "97235f07-e226-4f63-ace3-39588e11d3a1",
  },
  "Organization.Read.All": {
    scope: "4908d5b9-3fb2-4b1e-9336-1888b7937185",
    role: "498476ce-e0fe-48b0-b801-37ba7e2685c6",
  },
  "Policy.Read.AuthenticationMethod": {
    scope: "a6ff13ac-1851-4993-8ca9-a671d70de2d5",
    role: "8e3bc81b-d2f3-4b7b-838c-32c88218d2f0",
  },
  "Policy.Read.All": {
    scope: "572fea84-0151-49b2-9301-11cb16974376",
    role: "246dd0d5-5bd0-4def-940b-0421030a5b68",
  },
  "GroupMember.Read.All": {
    scope: "bc024368-1153-4739-b217-4326f2e966d0",
    role: "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  },
  "AuditLog.Read.All": {
    scope: "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20",
    role: "b0afded3-3588-46d8-8b3d-9842eff778da",
  },
  "Files.ReadWrite": { scope: "5c28f0bf-8a70-41f1-8ab2-9032436ddb65" },
  "Files.ReadWrite.All": {
    scope: "863451e7-0667-486c-a5d6-d135439485f0",
    role: "75359482-378d-4052-8f01-80520e7db3cd",
  },
  "Files.Read.All": {
    scope: "df85f4d6-205c-4ac5-a5ea-6bf408dba283",
    role: "01d4889c-1287-42c6-ac1f-5d1e02578ef6",
  },
  "Sites.Read.All": {
    scope: "205e70e5-aba6-4c52-a976-6d2d46c48043",
    role: "332a536c-c7ef-4017-ab91-336970924f0d",
  },
  "RoleManagement.Read.Directory": {
    scope: "741c54c3-0c1e-44a1-818b-3f97ab4e8c83",
    role: "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
  },
  "Application.ReadWrite.All": {
    scope: "bdfbf15f-ee85-4955-8675-146e8e5296b5",
    role: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
  },
  "DelegatedPermissionGrant.ReadWrite.All": {
    scope: "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
    role: "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
  },
  "AppRoleAssignment.ReadWrite.All": {
    scope: "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
    role: "06b708a9-e830-4db3-a914-8e69da51d44f",
  },
} as const satisfies Readonly<Record<string, PermissionIds>>;

export type GraphPermission = keyof typeof graphPermissions;
