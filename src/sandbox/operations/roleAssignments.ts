import { graphPrincipal, offered } from "../applications/consent.ts";
import { findPrincipal, nextId, removeAll, type SandboxAssignment } from "../applications/directory.ts";
import { assignmentView } from "../applications/view.ts";
import { collectionAnswer } from "../collection.ts";
import { mayGrant } from "../directoryRoles.ts";
import { type Result, refuse } from "../exchange.ts";
import { pageRequest, takePage } from "../odata/page.ts";
import { type Call, contextRoot, type Definition, operation } from "../operation.ts";

/**
 * Application permissions, from the side of who has them (appRoleAssignments) or of what they are for
 * (appRoleAssignedTo).
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
 */
export const roleAssignments: readonly Definition[] = (
  ["appRoleAssignments", "appRoleAssignedTo"] as const
).flatMap(side => {
  const common = {
    versions: ["v1.0", "beta"],
    capability: "applications",
    lane: "directory",
  } as const;
  const path = `/servicePrincipals/{principal}/${side}`;
  const isOf = (call: Call, assignment: SandboxAssignment): boolean => {
    const id = findPrincipal(call.state.directory, call.params.principal ?? "", call.now)?.id;
    return (side === "appRoleAssignments" ? assignment.principalId : assignment.resourceId) === id;
  };
  return [
    operation({
      ...common,
      name: `list ${side}`,
      method: "GET",
      path,
      subject: "none",
      effect: "read",
      permission: "readApplications",
      run: call => list(call, side, assignment => isOf(call, assignment)),
    }),
    operation({
      ...common,
      name: `create ${side}`,
      method: "POST",
      path,
      subject: "none",
      effect: "write",
      permission: "writeAssignments",
      body: {
        type: "microsoft.graph.appRoleAssignment",
        required: ["principalId", "resourceId", "appRoleId"],
        properties: { principalId: "string", resourceId: "string", appRoleId: "string" },
      },
      run: call => create(call, side),
    }),
    operation({
      ...common,
      name: `delete ${side}`,
      method: "DELETE",
      path: `${path}/{assignment}`,
      subject: "none",
      effect: "write",
      permission: "writeAssignments",
      run: call => {
        if (!mayGrant(call.caller.roles, "application")) return refuse("requestDenied");
        const { assignments } = call.state.directory;
        const id = call.params.assignment ?? "";
        const found = assignments.find(each => each.id === id && isOf(call, each));
        if (found === undefined) return refuse("userNotFound", { id });
        removeAll(assignments, each => each.id === id);
        return { kind: "empty", change: { setting: `took back ${found.appRoleId}` } };
      },
    }),
  ];
});

function list(call: Call, side: string, wanted: (assignment: SandboxAssignment) => boolean): Result {
  const id = call.params.principal ?? "";
  if (findPrincipal(call.state.directory, id, call.now) === undefined) return refuse("userNotFound", { id });
  const request = pageRequest(call.query, { standard: 100, most: 999 });
  if ("kind" in request) return request;
  const seen = call.state.directory.assignments.filter(each => each.visibleAt <= call.now && wanted(each));
  const page = takePage(seen, request, () => true);
  const items = page.items.map(each => view(call, each));
  return collectionAnswer(call, `servicePrincipals('${id}')/${side}`, { ...page, items });
}

function create(call: Call, side: string): Result {
  if (!mayGrant(call.caller.roles, "application")) return refuse("requestDenied");
  const { directory, seed } = call.state;
  const { principalId, resourceId, appRoleId } = call.body as Readonly<
    Record<"principalId" | "resourceId" | "appRoleId", string>
  >;
  for (const id of [call.params.principal ?? "", principalId, resourceId]) {
    if (findPrincipal(directory, id, call.now) === undefined) return refuse("userNotFound", { id });
  }
  const isGraph = graphPrincipal(directory)?.id === resourceId;
  if (!isGraph || !offered(call.settings).some(({ ids }) => ids.role === appRoleId)) {
    return refuse("roleUnknown", { id: resourceId });
  }
  const same = (each: SandboxAssignment) => each.principalId === principalId && each.appRoleId === appRoleId;
  if (directory.assignments.some(same)) return refuse("assignmentExists");
  const made: SandboxAssignment = {
    id: nextId(directory, seed, "assignment"),
    principalId,
    resourceId,
    appRoleId,
    createdAt: call.now,
    visibleAt: call.now + call.settings.replicationMs,
  };
  directory.assignments.push(made);
  const context = `${contextRoot(call)}servicePrincipals('${call.params.principal}')/${side}/$entity`;
  return {
    kind: "json",
    status: 201,
    value: { "@odata.context": context, ...view(call, made) },
    change: { setting: `assigned ${appRoleId}` },
  };
}

function view({ state, now }: Call, assignment: SandboxAssignment): object {
  const name = (id: string) => findPrincipal(state.directory, id, now)?.displayName ?? "";
  const { principalId, resourceId } = assignment;
  return assignmentView(assignment, { principal: name(principalId), resource: name(resourceId) });
}
