import { collectionAnswer } from "../collection.ts";
import { roleTemplateId } from "../directoryRoles.ts";
import { objectId } from "../ids.ts";
import { pageRequest, takePage } from "../odata/page.ts";
import { operation } from "../operation.ts";

/**
 * Who holds which directory role: users by themselves, and role-assignable groups.
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export const listDirectoryRoleAssignments = operation({
  name: "listDirectoryRoleAssignments",
  method: "GET",
  path: "/roleManagement/directory/roleAssignments",
  versions: ["v1.0", "beta"],
  capability: "roles",
  effect: "read",
  lane: "directory",
  permission: "readRoles",
  subject: "none",
  run: call => {
    const { state, query } = call;
    const request = pageRequest(query, { standard: 100, most: 999 });
    if ("kind" in request) return request;
    const expanded = query.get("$expand")?.split(/[(,]/)[0] === "principal";
    const assignment = (principalId: string, type: string, role: string) => ({
      id: objectId(state.seed, "roleAssignment", `${principalId} ${role}`),
      principalId,
      directoryScopeId: "/",
      roleDefinitionId: roleTemplateId(role) ?? objectId(state.seed, "role", role),
      ...(expanded ? { principal: { "@odata.type": `#microsoft.graph.${type}`, id: principalId } } : {}),
    });
    const ofUsers = state.users
      .filter(user => user.deleted === undefined)
      .flatMap(user => (user.seed.roles ?? []).map(role => assignment(user.id, "user", role)));
    const ofGroups = [...state.groups.values()]
      .filter(group => group.isAssignableToRole)
      .map(group => assignment(group.id, "group", `the role of ${group.displayName}`));
    const page = takePage([...ofUsers, ...ofGroups], request, () => true);
    return collectionAnswer(call, "roleManagement/directory/roleAssignments", page);
  },
});
