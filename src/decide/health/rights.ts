import type { Check, Health, Probe, TokenFacts } from "../../model/health.ts";
import { block, ok, refusal, warn } from "./check.ts";

/** What a feature needs: any one of these permissions. Source: the page of each operation (read 2026-11-23). */
const needs = {
  write: ["UserAuthMethod-Phone.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"],
  users: ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  methods: ["UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"],
  report: ["AuditLog.Read.All"],
  groups: ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
} as const satisfies Record<string, readonly string[]>;

/** Who may write to whom. Source: the table in privileged-roles-permissions (read 2026-11-23). */
const authenticationAdministrator = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
const overEverybody: readonly string[] = [
  "7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
  "62e90394-69f5-4237-9190-012177145e10", // Global Administrator
];

/** What the caller may do: permissions, directory roles, and what was seen of both. */
export function checkRights(health: Health): readonly Check[] {
  const { token } = health;
  return [
    checkWriting(token),
    checkRole(token),
    checkUsers(health),
    checkPhones(health),
    optional("other methods", health.methods, needs.methods, {
      ok: "The other methods of a user can be read, so no plan leaves somebody without any unseen.",
      without: "The other methods of a user cannot be read, so it is not known what a delete leaves",
    }),
    optional("default method", health.preferences, needs.methods, {
      ok: "The default method of a user can be read (beta).",
      without: "The default method of a user cannot be read, so it is not switched before a delete",
    }),
    optional("registration report", health.report, needs.report, {
      ok: "The registration report can be read: it spares reads and knows administrators.",
      without:
        "The registration report cannot be read, so plans take more reads and --exclude-admins needs the roles (RoleManagement.Read.Directory)",
    }),
    optional("groups", health.groups, needs.groups, {
      ok: "Groups can be read: --group and --exclude-group work.",
      without: "Groups cannot be read, so --group and --exclude-group do not work",
    }),
  ];
}

/** Writing cannot be tried without writing, so here the token's own word has to do. */
function checkWriting(token: TokenFacts | undefined): Check {
  const name = "write phones";
  if (token === undefined || token.kind === "unknown") {
    return warn(
      name,
      "The token does not say which permissions it has, so only a write will show it.",
      "Try it on one user: prepop apply ROSTER --limit 1.",
    );
  }
  const held = needs.write.find(each => token.permissions.includes(each));
  if (held === undefined) {
    return block(name, "The permission to write phones is missing.", grant(needs.write[0], token));
  }
  return held === needs.write[0]
    ? ok(name, `The permission to write phones is there (${held}, the narrowest).`)
    : ok(name, `The permission to write phones is there (${held}; ${needs.write[0]} would be narrower).`);
}

function checkRole(token: TokenFacts | undefined): Check {
  const name = "role";
  if (token?.kind === "application") {
    return ok(
      name,
      "An application needs no directory role; what it may not do, the service refuses user by user.",
    );
  }
  if (token?.roleIds === undefined) {
    return warn(
      name,
      "The token does not say which directory roles the caller has.",
      "A person needs Authentication Administrator, or for administrators Privileged Authentication Administrator.",
    );
  }
  if (token.roleIds.some(id => overEverybody.includes(id))) {
    return ok(name, "The caller's directory role may write to everybody, administrators included.");
  }
  const activate =
    "Privileged Authentication Administrator lifts it (activate it in PIM where it is eligible).";
  return token.roleIds.includes(authenticationAdministrator)
    ? warn(
        name,
        "The caller is Authentication Administrator: administrators and members of role-assignable groups are refused, and numbers are read masked.",
        activate,
      )
    : block(
        name,
        "The caller has no directory role that may write phone methods of others.",
        `Have Authentication Administrator assigned or activated. ${activate}`,
      );
}

function checkUsers({ users, token }: Health): Check {
  const name = "find users";
  if (users.kind === "refused") {
    // A gateway may answer for single users only, and that is all that the main job needs.
    return users.status === 403 &&
      token !== undefined &&
      !holdsAny(token, ["User.ReadBasic.All", ...needs.users])
      ? block(name, `Users cannot be read (${refusal(users)}).`, grant(needs.users[0], token))
      : warn(
          name,
          `Users cannot be listed (${refusal(users)}), so each one is looked up by itself and nothing could be tried on one.`,
          "The first plan says whether they are found.",
        );
  }
  if (users.value.count === 0)
    return warn(name, "The tenant shows no users.", "Check that it is the right tenant.");
  if (users.value.withDetails) return ok(name, "Users can be found, with employeeId and usageLocation.");
  return holdsAny(token, needs.users)
    ? ok(name, "Users can be found. None of the first has an employeeId or usageLocation.")
    : warn(
        name,
        "Users can be found, but employeeId and usageLocation are not shown: --match employeeId and --from profile do not work, and numbers without a country code need --region.",
        grant(needs.users[0], token),
      );
}

function checkPhones({ phones, token }: Health): Check {
  const name = "masked reads";
  if (phones.kind === "refused") {
    return block(name, `Phones cannot be read (${refusal(phones)}).`, grant(needs.write[0], token));
  }
  const { seen, masked } = phones.value;
  if (masked) {
    return warn(
      name,
      "Numbers are read masked, so a changed number cannot be told from the same one and undo has nothing to go back to.",
      "Sign in as Privileged Authentication Administrator, or as an application with UserAuthMethod-Phone.ReadWrite.All.",
    );
  }
  return seen > 0
    ? ok(name, "Numbers are read in full.")
    : warn(
        name,
        "None of the first users has a phone, so it was not seen whether numbers are read in full.",
        "The first plan says it (`masked`).",
      );
}

function optional(
  name: string,
  probe: Probe<unknown>,
  permissions: readonly string[],
  words: { readonly ok: string; readonly without: string },
): Check {
  if (probe.kind === "read") return ok(name, words.ok);
  const fix =
    probe.status === 403
      ? `Grant ${permissions[0]}, or do without.`
      : "Nothing is to be done; prepop does without.";
  return warn(name, `${words.without} (${refusal(probe)}).`, fix);
}

function holdsAny(token: TokenFacts | undefined, permissions: readonly string[]): boolean {
  return token !== undefined && permissions.some(each => token.permissions.includes(each));
}

function grant(permission: string, token: TokenFacts | undefined): string {
  const kind = token?.kind === "application" ? "application" : token?.kind === "delegated" ? "delegated" : "";
  return `Grant the ${`${kind} permission`.trim()} ${permission} with admin consent, then sign in again.`;
}
