import type { GraphOffer } from "../../model/application.ts";
import { PrepopError } from "../../model/errors.ts";
import { type GraphPermission, graphPermissions, type PermissionIds } from "../../model/graphPermissions.ts";
import type { ChosenPermission, SetupFeature, SetupMode } from "../../model/setup.ts";

/** One thing that is to work, and the permissions that would do, the narrowest first. */
type Need = {
  readonly purpose: string;
  readonly application: readonly GraphPermission[];
  readonly delegated: readonly GraphPermission[];
};

/**
 * The main job. Methods of one kind have permissions of their own in the global cloud only, as far as is documented
 * (https://learn.microsoft.com/graph/permissions-reference, read 2026-11-23), so the wide one comes second.
 */
const core: readonly Need[] = [
  both("read and write phones", [
    "UserAuthMethod-Phone.ReadWrite.All",
    "UserAuthenticationMethod.ReadWrite.All",
  ]),
  both("find users and their country", ["User.Read.All"]),
  {
    purpose: "say whose tenant it is",
    application: ["Organization.Read.All"],
    delegated: ["User.Read"],
  },
];

const featureNeeds: Readonly<Record<SetupFeature, readonly Need[]>> = {
  policy: [
    both("see the policies for SMS and voice", ["Policy.Read.AuthenticationMethod", "Policy.Read.All"]),
  ],
  groups: [both("--group and --exclude-group", ["GroupMember.Read.All"])],
  report: [both("--exclude-admins, audit, fewer reads", ["AuditLog.Read.All"])],
  roles: [both("--exclude-admins without the report", ["RoleManagement.Read.Directory"])],
  methods: [both("see other methods before a delete", ["UserAuthenticationMethod.Read.All"])],
  "default-method": [both("switch the default before a delete", ["UserAuthenticationMethod.ReadWrite.All"])],
  // Who reads what with which: docs/lists-in-microsoft-365.md.
  lists: [
    {
      purpose: "lists in SharePoint and OneDrive",
      application: ["Files.Read.All"],
      delegated: ["Files.ReadWrite.All"],
    },
    { purpose: "find their sites", application: ["Sites.Read.All"], delegated: [] },
  ],
};

/** A permission that makes others needless. */
const covers: Readonly<Partial<Record<GraphPermission, readonly GraphPermission[]>>> = {
  "UserAuthenticationMethod.ReadWrite.All": [
    "UserAuthMethod-Phone.ReadWrite.All",
    "UserAuthenticationMethod.Read.All",
  ],
};

export type Chosen = {
  readonly permissions: readonly ChosenPermission[];
  /** What this cloud offers no permission for, in words. */
  readonly without: readonly string[];
};

/**
 * The narrowest permissions for what is wanted, among those that Graph of this tenant offers.
 * @throws PrepopError PREPOP_CLOUD_LACKS where the main job has none
 */
export function choosePermissions(
  mode: SetupMode,
  features: readonly SetupFeature[],
  offer: Pick<GraphOffer, "roles" | "scopes">,
): Chosen {
  const ids = mode === "application" ? offer.roles : offer.scopes;
  const first = (need: Need): ChosenPermission | undefined => {
    const name = need[mode].find(each => ids.has(each));
    const id = name && ids.get(name);
    return name === undefined || id === undefined ? undefined : { name, id, purpose: need.purpose };
  };
  const needs = [...core, ...features.flatMap(feature => featureNeeds[feature])].filter(
    need => need[mode].length > 0,
  );
  const [phones] = core;
  const chosen = needs.flatMap(need => first(need) ?? []);
  if (phones === undefined || first(phones) === undefined) {
    throw new PrepopError("PREPOP_CLOUD_LACKS", {
      cloud: "Microsoft Graph of this tenant",
      what: "permission to write phone methods that could be granted",
      fix: "Check the tenant and its cloud (--cloud).",
    });
  }
  const covered = chosen.flatMap(({ name }) => covers[name] ?? []);
  return {
    permissions: merged(chosen.filter(({ name }) => !covered.includes(name))),
    without: needs.filter(need => first(need) === undefined).map(({ purpose }) => purpose),
  };
}

/** What is known to be offered in the global cloud, for when no tenant is asked. */
export function documentedOffer(): Pick<GraphOffer, "roles" | "scopes"> {
  const entries = Object.entries(graphPermissions) as [string, PermissionIds][];
  const of = (kind: keyof PermissionIds) =>
    new Map(entries.flatMap(([name, { [kind]: id }]) => (id === undefined ? [] : [[name, id] as const])));
  return { roles: of("role"), scopes: of("scope") };
}

/** One line a permission, with all that it is for. */
function merged(permissions: readonly ChosenPermission[]): readonly ChosenPermission[] {
  const byName = new Map<string, ChosenPermission>();
  for (const each of permissions) {
    const before = byName.get(each.name);
    byName.set(each.name, before ? { ...each, purpose: `${before.purpose}; ${each.purpose}` } : each);
  }
  return [...byName.values()];
}

function both(purpose: string, names: readonly GraphPermission[]): Need {
  return { purpose, application: names, delegated: names };
}
