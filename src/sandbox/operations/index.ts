import type { Definition } from "../operation.ts";
import { addSecret, removeSecret } from "./applicationSecrets.ts";
import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  updateApplication,
} from "./applications.ts";
import { addFederated, listFederated, listOwners } from "./applicationTrust.ts";
import { countPhones } from "./countPhones.ts";
import { countUsers } from "./countUsers.ts";
import { createPhone } from "./createPhone.ts";
import { deletePhone } from "./deletePhone.ts";
import { listDirectoryRoleAssignments } from "./directoryRoleAssignments.ts";
import { driveItems } from "./driveItems.ts";
import { getPhone } from "./getPhone.ts";
import { getUser } from "./getUser.ts";
import { getGroup, listGroups, listGroupUsers } from "./groups.ts";
import { listDeletedUsers } from "./listDeletedUsers.ts";
import { listLicences } from "./listLicences.ts";
import { listMethods } from "./listMethods.ts";
import { listOrganization } from "./listOrganization.ts";
import { listPhones } from "./listPhones.ts";
import { listUsers } from "./listUsers.ts";
import { getMethodPolicy } from "./methodPolicies.ts";
import {
  createGrant,
  deleteGrant,
  listGrants,
  listPrincipalGrants,
  updateGrant,
} from "./permissionGrants.ts";
import { getRegistration, listRegistrations } from "./registrations.ts";
import { replacePhone } from "./replacePhone.ts";
import { getRequirements, updateRequirements } from "./requirements.ts";
import { roleAssignments } from "./roleAssignments.ts";
import { createPrincipal, deletePrincipal, getPrincipal, listPrincipals } from "./servicePrincipals.ts";
import { getSignInPreferences, updateSignInPreferences } from "./signInPreferences.ts";
import { disableSms, enableSms } from "./smsActions.ts";
import { updatePhone } from "./updatePhone.ts";
import { workbookSessions } from "./workbookSessions.ts";
import { workbookTables } from "./workbookTables.ts";
import { worksheets } from "./worksheets.ts";

/** Every operation the sandbox answers. `$batch` packs them and is no operation itself. */
export const definitions: readonly Definition[] = [
  listPhones,
  countPhones,
  getPhone,
  createPhone,
  updatePhone,
  replacePhone,
  deletePhone,
  enableSms,
  disableSms,
  listMethods,
  getSignInPreferences,
  updateSignInPreferences,
  getRequirements,
  updateRequirements,
  getUser,
  listUsers,
  countUsers,
  listDeletedUsers,
  listOrganization,
  listLicences,
  listGroups,
  getGroup,
  listGroupUsers,
  listDirectoryRoleAssignments,
  listRegistrations,
  getRegistration,
  getMethodPolicy,
  listApplications,
  getApplication,
  createApplication,
  updateApplication,
  deleteApplication,
  addSecret,
  removeSecret,
  listOwners,
  listFederated,
  addFederated,
  listPrincipals,
  getPrincipal,
  createPrincipal,
  deletePrincipal,
  listGrants,
  listPrincipalGrants,
  createGrant,
  updateGrant,
  deleteGrant,
  ...roleAssignments,
  ...driveItems,
  ...workbookSessions,
  ...worksheets,
  ...workbookTables,
];
