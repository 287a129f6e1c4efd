/**
 * Which permission opens which group of operations: any one of the list. Sources: the permissions reference and each
 * operation's page on https://learn.microsoft.com/graph (read 2026-11-23).
 */
export const permissions = {
  readPhones: [
    "UserAuthMethod-Phone.Read.All",
    "UserAuthMethod-Phone.ReadWrite.All",
    "UserAuthenticationMethod.Read.All",
    "UserAuthenticationMethod.ReadWrite.All",
  ],
  writePhones: ["UserAuthMethod-Phone.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"],
  readMethods: ["UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"],
  writeMethods: ["UserAuthenticationMethod.ReadWrite.All"],
  readRequirements: ["Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"],
  writeRequirements: ["Policy.ReadWrite.AuthenticationMethod"],
  readUsers: [
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  readAllUsers: ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  readGroups: [
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  readRoles: [
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  readOrganization: ["User.Read", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  readLicences: [
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  readApplications: [
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  writeApplications: ["Application.ReadWrite.All", "Directory.ReadWrite.All"],
  readGrants: ["Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
  writeGrants: ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
  writeAssignments: ["AppRoleAssignment.ReadWrite.All"],
  readReports: ["AuditLog.Read.All"],
  readPolicies: [
    "Policy.Read.AuthenticationMethod",
    "Policy.Read.All",
    "Policy.ReadWrite.AuthenticationMethod",
  ],
  readFiles: [
    "Files.Read",
    "Files.Read.All",
    "Files.ReadWrite",
    "Files.ReadWrite.All",
    "Sites.Read.All",
    "Sites.ReadWrite.All",
    "Sites.Selected",
  ],
  writeFiles: ["Files.ReadWrite", "Files.ReadWrite.All", "Sites.ReadWrite.All", "Sites.Selected"],
  // The page on shares lists nothing narrower, also for reading.
  readShares: ["Files.ReadWrite", "Files.ReadWrite.All", "Sites.ReadWrite.All"],
  readSites: ["Sites.Read.All", "Sites.ReadWrite.All", "Sites.Selected"],
  // All of the workbook but the list of tables asks for this, also for reading.
  useWorkbook: ["Files.ReadWrite", "Files.ReadWrite.All", "Sites.ReadWrite.All"],
} as const satisfies Record<string, readonly string[]>;

export type PermissionName = keyof typeof permissions;
