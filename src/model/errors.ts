/**
 * The catalogue of errors. A code is permanent; its text may improve. docs/errors.md is made from this table.
 * `message` says what happened and why, `hint` what to do. `facts` are the values the texts speak of, never a number
 * or a token in full.
 */

export type Facts = Readonly<Record<string, string | number | undefined>>;

export type CatalogueEntry = {
  readonly exitCode: 1 | 4 | 5 | 6 | 7 | 8 | 130;
  readonly message: (facts: Facts) => string;
  readonly hint: (facts: Facts) => string;
};

const entry = (
  exitCode: CatalogueEntry["exitCode"],
  message: string | ((facts: Facts) => string),
  hint: string | ((facts: Facts) => string),
): CatalogueEntry => ({
  exitCode,
  message: typeof message === "string" ? facts => fill(message, facts) : message,
  hint: typeof hint === "string" ? facts => fill(hint, facts) : hint,
});

/** `{name}` in a text stands for the fact of that name. */
function fill(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? `{${name}}`));
}

export const catalogue = {
  // The person asked to stop: exit 130.
  PREPOP_INTERRUPTED: entry(
    130,
    ({ state }) =>
      state === undefined ? "Interrupted; nothing was left half done." : `Interrupted. ${state}`,
    ({ run }) =>
      run === undefined ? "Run the command again." : `\`prepop resume ${run}\` goes on where it stopped.`,
  ),

  // The roster cannot be used: exit 7.
  PREPOP_ROSTER_NOT_FOUND: entry(
    7,
    "The roster {file} cannot be opened: {why}.",
    "Check the path or address and that you may read the file.",
  ),
  PREPOP_ROSTER_ENCRYPTED: entry(
    7,
    "{file} is encrypted with a password, so its rows cannot be read.",
    "Open it in Excel, remove the password (File > Info > Protect Workbook) and save a copy for prepop.",
  ),
  PREPOP_ROSTER_NOT_A_WORKBOOK: entry(
    7,
    "{file} is not an Excel workbook that can be read: {why}.",
    "Save the list as .xlsx in Excel (not .xls), or as CSV UTF-8, and try again.",
  ),
  PREPOP_ROSTER_CORRUPT: entry(
    7,
    "{file} is damaged: {why}.",
    "Export or download the list again; a copy that was cut off in transfer looks like this.",
  ),
  PREPOP_ROSTER_EMPTY: entry(7, "{file} is empty.", "Export the list again, with its header row."),
  PREPOP_ROSTER_NO_ROWS: entry(
    7,
    "{file} has a header but no rows that name a user or hold a phone.",
    "Check that the right sheet or table was exported; `prepop check FILE --inspect` shows what the file holds.",
  ),
  PREPOP_ROSTER_TOO_LARGE: entry(
    7,
    "{file} is refused because of its size: {why}.",
    "Save only the list, without pictures and other sheets, in a new workbook or as CSV.",
  ),
  PREPOP_ROSTER_UNSUPPORTED_FORMAT: entry(
    7,
    "{file} is in a format that prepop does not read: {why}.",
    "Save the list as .xlsx, .csv, .tsv, .json or .ndjson; for standard input say which with --format.",
  ),
  PREPOP_ROSTER_COLUMNS_NOT_FOUND: entry(
    7,
    "{file}: {why}.",
    "Name the columns with --column KIND=HEADER (for example --column user=UPN --column mobile=Handy). Headers seen: {headers}.",
  ),
  PREPOP_ROSTER_COLUMNS_UNCLEAR: entry(
    7,
    "{file}: more than one reading of the columns is possible: {why}.",
    "Say which with --column KIND=HEADER (for example --column mobile=telephoneNumber).",
  ),
  PREPOP_ROSTER_CHOOSE_TABLE: entry(
    7,
    "{file} holds more than one list: {choices}.",
    "Say which with --table NAME or --sheet NAME.",
  ),
  PREPOP_ROSTER_TYPES_NEEDED: entry(
    7,
    "The list has no phone column, so --policy remove does not know which phones to remove.",
    "Say which slots with --types mobile,alternateMobile,office (any of them).",
  ),

  // Sign-in, consent or role: exit 4.
  PREPOP_AUTH_NO_TOKEN: entry(
    4,
    "There is no sign-in for Microsoft Graph.",
    "Sign in with `prepop login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or PREPOP_ACCESS_TOKEN; --sandbox rehearses without a tenant.",
  ),
  PREPOP_AUTH_SIGN_IN_FAILED: entry(4, "The sign-in failed: {why}.", "{fix}"),
  PREPOP_AUTH_SIGN_IN_AGAIN: entry(
    4,
    "The sign-in of profile {profile} is over: {why}.",
    "Sign in again with `prepop login --profile {profile}`.",
  ),
  PREPOP_AUTH_SETTINGS: entry(4, "{what} cannot be used to sign in: {why}.", "{fix}"),
  PREPOP_AUTH_FOREIGN: entry(
    4,
    "The sign-in service {authority} pointed to another origin ({origin}); no secret is sent there.",
    "Check AZURE_AUTHORITY_HOST and what stands in front of it.",
  ),
  PREPOP_AUTH_REJECTED: entry(
    4,
    "Microsoft Graph does not accept the token: {why}{request}.",
    "Get a new token for the right tenant and cloud and run the command again.",
  ),
  PREPOP_AUTH_FORBIDDEN: entry(
    4,
    "Microsoft Graph refuses this caller: {why}{request}.",
    "The caller needs the permission UserAuthMethod-Phone.ReadWrite.All and, when signed in as a person, the role Authentication Administrator or Privileged Authentication Administrator. After new consent, get a new token.",
  ),
  PREPOP_AUTH_ADMINS_UNKNOWN: entry(
    4,
    "It cannot be read who the administrators are, so --exclude-admins cannot leave them out.",
    "Grant AuditLog.Read.All (the registration report) or RoleManagement.Read.Directory (the roles), or name them with --exclude or --exclude-group.",
  ),
  PREPOP_AUTH_PROFILES_REFUSED: entry(
    4,
    "Microsoft Graph does not let this caller list the users or their groups: {why}{request}.",
    "Grant User.Read.All, and GroupMember.Read.All for --group, then get a new token.",
  ),
  PREPOP_AUTH_PROFILES_HIDDEN: entry(
    4,
    "Graph shows this caller the users but not the numbers of their profiles ({properties}).",
    "Grant User.Read.All (User.ReadBasic.All does not show them), then get a new token.",
  ),
  PREPOP_AUTH_ENDED: entry(4, "{what} {state}", "{fix} Then run `prepop resume`."),
  PREPOP_AUTH_LOST: entry(
    4,
    "The permission to write was lost on the way: {why}{request}. {state}",
    "Get a new token or have the role or consent restored, then run `prepop resume`.",
  ),

  PREPOP_LIST_FORBIDDEN: entry(
    4,
    "Microsoft 365 does not let this sign-in read {file}: {why}{request}.",
    "A person must be able to open the file and needs Files.ReadWrite.All; an application needs Files.Read.All with Sites.Read.All, or Sites.Selected with a grant for the site. After new consent, get a new token. docs/lists-in-microsoft-365.md says more.",
  ),

  PREPOP_SETUP_FORBIDDEN: entry(
    4,
    "{doing} was refused: {why}{request}. {state}",
    "It needs {need}. Sign in as somebody who has that, or give `prepop setup --print` to whoever does; then run the command again.",
  ),
  PREPOP_SETUP_UNFINISHED: entry(
    4,
    "The setup of profile {profile} was not finished, so there is nothing to sign in with.",
    "`prepop setup --profile {profile}` goes on where it stopped; with --remove it takes back what there is.",
  ),
  PREPOP_POWER_PLATFORM_DENIED: entry(
    4,
    "Power Platform does not let this caller have {what}: {why}{request}.",
    "Sign in as somebody who may make connectors in this environment (Environment Maker).",
  ),

  // A guard refused: exit 6.
  PREPOP_TENANT_MISMATCH: entry(
    6,
    "{left} names tenant {leftTenant}, but {right} names {rightTenant}. Nothing was read and nothing was sent.",
    "Sign in to the tenant that is meant, or make the plan again in this one.",
  ),
  PREPOP_GUARD_MAX_CHANGE: entry(
    6,
    "The plan changes or removes {count} of the {held} phones that its users hold now ({share} %); the limit is {limit}.",
    "Read the plan first. If it is right, raise --max-change, or use --force.",
  ),
  PREPOP_GUARD_MAX_DELETE: entry(
    6,
    "The plan removes {count} phones; the limit is {limit}.",
    "Read the plan first. If it is right, say --max-delete {count}.",
  ),
  PREPOP_GUARD_CONFIRM_TENANT: entry(
    6,
    "The plan removes {count} phones in {tenant}, and that needs the tenant's domain typed.",
    "Add --confirm-tenant DOMAIN with the domain of the tenant that is meant.",
  ),
  PREPOP_GUARD_LANDLINES: entry(
    6,
    "{landlines} of the {numbers} numbers in the mobile column are fixed lines: is it the right column?",
    "Name the column with --column mobile=HEADER or office=HEADER. If the list is right, use --force.",
  ),
  PREPOP_GUARD_FAILURES: entry(
    6,
    "The run was stopped: {bad} of {finished} finished changes failed or are in doubt; the limit is {limit}. {state}",
    "Read the report for the reasons. `prepop plan` shows what is left; --stop-at-failures sets the limit.",
  ),
  PREPOP_GUARD_DECLINED: entry(
    6,
    "Nothing was sent: the question was not answered with {wanted}.",
    "Run the command again when the plan is what you want.",
  ),

  PREPOP_PROBE_USER: entry(
    6,
    "{user} cannot be a test user: {why}. Nothing was sent.",
    "Name users who hold no phone and are nobody's account; the probe gives and takes away their phones.",
  ),
  PREPOP_PROBE_LEFT: entry(
    6,
    "A probe of {tenant} was broken off, and what it gave its test users is still to be taken back: {file}.",
    "Sign in to that tenant and run `prepop probe --restore`.",
  ),
  PREPOP_PROBE_NOT_UNDONE: entry(
    1,
    "Phones are left on test users: {users}.",
    "Run `prepop probe --restore` in a while, or take them away with `prepop phone delete`.",
  ),

  PREPOP_SETUP_NOT_OURS: entry(
    6,
    "The tenant holds an application “{name}” ({appId}) already that this profile has not made, and others have a hold on it: {foreign}. They would have what it is granted, so nothing was done to it.",
    "If it is yours, for example from another machine, add --adopt {appId}. Otherwise give another --name, and look who made it.",
  ),

  PREPOP_RUN_NOT_ENDED: entry(
    6,
    "Run {run} is not at its end ({open} changes are open or in doubt), so it cannot be {what}.",
    "Let it go on with `prepop resume {run}`, or stop it for good with `prepop runs end {run}`.",
  ),

  // The plan is stale: exit 8.
  PREPOP_PLAN_EXPIRED: entry(
    8,
    "The plan was made {age} ago; the limit is {limit}. Nothing was sent.",
    "Make it again with `prepop plan`.",
  ),
  PREPOP_PLAN_FORMAT: entry(
    8,
    "{file} is not a plan that this version can apply: {why}. Nothing was sent.",
    "Make it again with `prepop plan ROSTER --out FILE`.",
  ),
  PREPOP_PLAN_DIGEST: entry(
    8,
    "The plan's digest is {actual}, not {expected}: it is not the plan that was shown. Nothing was sent.",
    "Make and read the plan again with `prepop plan`.",
  ),
  PREPOP_RUN_SUPERSEDED: entry(
    8,
    "Run {run} was superseded by a newer plan. Nothing was sent.",
    "Use `prepop apply` with the roster: it makes a new plan from what Entra holds now.",
  ),
  PREPOP_RUN_TOO_OLD: entry(
    8,
    "Run {run} was started {age} ago; the limit is {limit}. Nothing was sent.",
    "Use `prepop apply` with the roster: it makes a new plan from what Entra holds now.",
  ),

  PREPOP_RUN_FORGOTTEN: entry(
    8,
    "The numbers of run {run} were removed from the ledger on {when}, so it is not known what to go back to. Nothing was sent.",
    "Its outcomes are still there (`prepop runs show {run}`). Put the phones right with a list and `prepop plan`.",
  ),

  // Try again later: exit 5.
  PREPOP_GRAPH_UNREACHABLE: entry(
    5,
    "Microsoft Graph at {origin} cannot be reached: {why}.",
    "Check the network, the proxy and PREPOP_GRAPH_URL, then run the command again.",
  ),
  PREPOP_AUTH_UNREACHABLE: entry(
    5,
    "The sign-in service at {origin} cannot be reached: {why}.",
    "Check the network, the proxy, NODE_EXTRA_CA_CERTS and AZURE_AUTHORITY_HOST, then run the command again.",
  ),
  PREPOP_AUTH_AWAY: entry(5, "{what} {state}", "{fix} `prepop resume` goes on."),
  PREPOP_GRAPH_BUSY: entry(
    5,
    "Microsoft Graph asks to wait {wait}; {why}. {state}",
    "Run the command again (after an apply: `prepop resume`) after {until}.",
  ),
  PREPOP_SETUP_NOT_READY: entry(
    5,
    "{what} is not known everywhere in the tenant yet, after {wait}. {state}",
    "Give it some minutes and run the command again: it finds what there is and goes on.",
  ),
  PREPOP_POWER_PLATFORM_UNREACHABLE: entry(
    5,
    "Power Platform at {origin} cannot be reached: {why}.",
    "Check the network and PREPOP_POWER_PLATFORM_URL. When a connector was being created, look whether it is there before you run the command again.",
  ),
  PREPOP_LEDGER_LOCKED: entry(
    5,
    "Another prepop (process {pid}) is writing to the tenant with this ledger.",
    "Wait for it to end, or say --lock-timeout 60s to wait in line.",
  ),

  // Other errors: exit 1.
  PREPOP_USAGE: entry(1, "{why}.", "{fix}"),
  PREPOP_USAGE_NEEDS_YES: entry(
    1,
    "{command} writes to the tenant and nobody can be asked here.",
    ({ command }) =>
      `Add --yes after reading what it would do (\`${command === "prepop setup" ? "prepop setup --print" : "prepop plan"}\`).`,
  ),
  PREPOP_USAGE_GRAPH_URL: entry(
    1,
    "PREPOP_GRAPH_URL cannot be used: {why}.",
    "Give an origin such as https://graph.microsoft.com; plain http only for a loopback address.",
  ),
  PREPOP_USAGE_AUTHORITY: entry(
    1,
    "AZURE_AUTHORITY_HOST cannot be used: {why}.",
    "Give an https origin such as https://login.microsoftonline.com.",
  ),
  PREPOP_CLOUD_LACKS: entry(1, "{cloud} has no {what}.", "{fix}"),
  PREPOP_PROFILE_NOT_FOUND: entry(
    1,
    "There is no profile {profile}.",
    "`prepop profiles` lists them; `prepop login --profile {profile}` makes it.",
  ),
  PREPOP_PROFILE_FILE: entry(
    1,
    "{file} cannot be used: {why}.",
    "Correct it, or move it aside and sign in again with `prepop login`.",
  ),
  PREPOP_GRAPH_REFUSED: entry(
    1,
    "Microsoft Graph refused {what}: {why}{request}.",
    "Read the reason; with the request-id Microsoft support can say more.",
  ),
  PREPOP_GRAPH_FOREIGN_LINK: entry(
    1,
    "Microsoft Graph pointed to another origin ({origin}) for the next page; the token is not sent there.",
    "Check PREPOP_GRAPH_URL and the gateway in front of it.",
  ),
  PREPOP_GRAPH_REDIRECTED: entry(
    1,
    "Microsoft Graph answered with a redirect, and the token goes nowhere else: {why}{request}.",
    "Check PREPOP_GRAPH_URL and the gateway in front of it.",
  ),
  PREPOP_GROUP_NOT_FOUND: entry(
    1,
    "The group {group} was not found, or its name is not unique.",
    "Give the group's object id.",
  ),
  PREPOP_DIRECTORY_FILTER: entry(
    1,
    "Graph does not take the filter {filter}: {why}.",
    "Write it as OData for users, for example --filter \"department eq 'Sales'\".",
  ),
  PREPOP_DIRECTORY_UNREADABLE: entry(
    1,
    "The profiles of users cannot be read here: {why}{request}.",
    "Export the list of users in the Entra admin center and give that file instead of --from profile.",
  ),
  PREPOP_USER_NOT_FOUND: entry(1, "No user {user} exists in this tenant.", "Check the userPrincipalName."),
  PREPOP_USER_AMBIGUOUS: entry(1, "{user} is more than one user.", "Give the object id with --match id."),
  PREPOP_PHONE_INVALID: entry(
    1,
    "The number cannot be used: {why}.",
    "Give it with + and country code, or with --region.",
  ),
  PREPOP_PHONE_NOT_FOUND: entry(
    1,
    "{user} has no {phoneType} phone.",
    "`prepop phone list` shows what there is.",
  ),
  PREPOP_LEDGER_CORRUPT: entry(
    1,
    "The ledger {file} cannot be read: {why}.",
    "Do not delete it. Move it aside, restore a copy, and use `prepop plan` to see where the tenant stands.",
  ),
  PREPOP_LEDGER_FOREIGN: entry(
    1,
    "{file} is not a ledger of this version of prepop: {why}.",
    "Use the prepop that made it or newer, or another PREPOP_HOME.",
  ),
  PREPOP_LEDGER_KEY: entry(
    1,
    "The key of the ledger cannot be used: {why}.",
    "Set PREPOP_LEDGER_KEY to the key it was made with (32 bytes, base64), or restore the key file beside the ledger.",
  ),
  PREPOP_LEDGER_WRITE: entry(
    1,
    "The ledger cannot be written: {why}. {state}",
    "Make room or fix the rights of PREPOP_HOME; then `prepop resume`. Nothing is sent that is not recorded first.",
  ),
  PREPOP_RUN_NOT_FOUND: entry(1, "There is no run {run} in this ledger.", "`prepop runs` lists them."),
  PREPOP_RECORD_CHANGED: entry(
    1,
    "{file} is not what `prepop runs export` wrote: {why}.",
    "Do not rely on it. Export the run again from the ledger that holds it (`prepop runs export RUN --out FILE`).",
  ),
  PREPOP_RECORD_KEY: entry(
    1,
    "{file} cannot be checked: {why}.",
    "Set PREPOP_LEDGER_KEY to the key of the ledger that exported it, or use that ledger's PREPOP_HOME.",
  ),
  PREPOP_FILE_WRITE: entry(1, "{file} cannot be written: {why}.", "Check the folder and your rights to it."),
  PREPOP_SETUP_REFUSED: entry(
    1,
    "{doing} was refused: {why}{request}. {state}",
    "Read the reason; a policy of the tenant for applications may forbid it. `prepop setup --print` shows the call.",
  ),
  PREPOP_APPLICATION_NOT_FOUND: entry(
    1,
    "The application {application} is {why}.",
    "Give its application (client) id, its exact name, or the profile that `prepop setup` made.",
  ),
  PREPOP_CONNECTOR_SECRET: entry(
    1,
    "Creating the connector needs the client secret of its application registration.",
    "Put it into the environment variable PREPOP_CONNECTOR_SECRET, or run the command on a terminal and type it.",
  ),
  PREPOP_POWER_PLATFORM_REFUSED: entry(
    1,
    "Power Platform refused {what}: {why}{request}.",
    "Read the reason; `prepop connector lint` finds most of them offline.",
  ),
  PREPOP_POWER_PLATFORM_FOREIGN: entry(
    1,
    "Power Platform pointed to {where} for {what}, and prepop does not go there: {why}.",
    "Check PREPOP_POWER_PLATFORM_URL and what stands in front of it.",
  ),
  PREPOP_CONNECTOR_NOT_FOUND: entry(
    1,
    "{folder} holds no connector that can be read: {why}.",
    "Give the folder with apiDefinition.swagger.json and apiProperties.json; `prepop connector build` makes one.",
  ),

  // What is said of one row of a run. These never end the process by themselves.
  PREPOP_ROW_CHANGED: entry(
    1,
    "The phone is not what it was when the plan was made ({found}), so nothing was sent.",
    "`prepop plan` again shows what would be done now.",
  ),
  PREPOP_ROW_BLOCKED_BY: entry(
    1,
    "Not sent: {kind} {phoneType} of the same user came first and was {outcome} (entry {entry}).",
    "Solve that one; `prepop plan` again shows the rest.",
  ),
  PREPOP_ROW_FORBIDDEN: entry(
    1,
    "Graph does not let this caller write to this user ({why}).",
    "An administrator or a member of a role-assignable group needs the role Privileged Authentication Administrator; a deleted user answers the same.",
  ),
  PREPOP_ROW_REFUSED: entry(
    1,
    "Graph refused it: {why}.",
    "Read the reason and correct the row or the tenant.",
  ),
  PREPOP_ROW_IN_DOUBT: entry(
    1,
    "No trustworthy answer came ({why}), and reading back did not settle it.",
    "`prepop resume` reads it back again.",
  ),
  PREPOP_ROW_NOT_SENT: entry(
    1,
    "Not sent: the run ended first.",
    "`prepop resume` or `prepop plan` goes on.",
  ),
  PREPOP_ROW_TURNED_AWAY: entry(
    1,
    "Not done: Graph turned it away without carrying it out, and the run ended first.",
    "`prepop resume` or `prepop plan` goes on.",
  ),
  PREPOP_ROW_KEPT: entry(
    1,
    "The user already has another number in this slot; policy add keeps it.",
    "--policy update writes the roster's number.",
  ),
  PREPOP_ROW_DEFAULT_KEPT: entry(
    1,
    "The phone is back, but the default sign-in method was not switched back to {wanted}: {why}.",
    "Have the user choose it under My Security Info, or set it in the Entra admin center.",
  ),
  PREPOP_ROW_PLAN_REFUSED: entry(1, "The plan refused it: {why}.", "{fix}"),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** A problem of the world, or a refusal. Thrown only by edges and guards; its code is permanent. */
export class PrepopError extends Error {
  readonly code: ErrorCode;
  readonly facts: Facts;
  readonly hint: string;
  readonly exitCode: CatalogueEntry["exitCode"];

  constructor(code: ErrorCode, facts: Facts = {}, cause?: unknown) {
    const { message, hint, exitCode }: CatalogueEntry = catalogue[code];
    super(message(facts).trim(), cause === undefined ? undefined : { cause });
    this.name = "PrepopError";
    this.code = code;
    this.facts = facts;
    this.hint = hint(facts);
    this.exitCode = exitCode;
  }
}
