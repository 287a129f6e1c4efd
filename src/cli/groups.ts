import { InvalidArgumentError } from "commander";
import { policies, smsSignIns } from "../model/change.ts";
import { type PhoneType, phoneTypes } from "../model/phone.ts";
import { columnKinds } from "../model/row.ts";
import {
  duration,
  limit,
  notNegative,
  type OptionSpec,
  percentage,
  repeat,
  under,
  wholeNumber,
} from "./option.ts";

/** Options that mean the same in every command (interface.md). */
export const everywhere: readonly OptionSpec[] = under("Output", [
  { flags: "--json", summary: "print JSON Lines; the last line is the summary" },
  { flags: "--quiet", summary: "no progress and no notes" },
  { flags: "--show-numbers", summary: "show phone numbers in full (default: the last two digits)" },
]);

export const writing: readonly OptionSpec[] = under("The run", [
  { flags: "--yes", summary: "do not ask" },
  { flags: "--no-input", summary: "never ask; a command that writes then needs --yes" },
]);

/** For commands that start a run. */
export const keeping: readonly OptionSpec[] = under("The run", [
  {
    flags: "--keep-numbers <duration>",
    summary: "the ledger keeps the numbers of finished runs so long, for undo (default: 90d)",
    parse: duration,
  },
]);

const whichTenant: readonly OptionSpec[] = under("Tenant", [
  { flags: "--sandbox", summary: "use the embedded sandbox tenant instead of Entra" },
  {
    flags: "--cloud <cloud>",
    summary: "the cloud that the tenant is in",
    choices: ["global", "usgov", "usgov-dod", "china"],
  },
]);

/** For commands that work in one tenant. */
export const tenant: readonly OptionSpec[] = [
  ...whichTenant,
  ...under("Tenant", [
    {
      flags: "--profile <name>",
      summary: "the tenant that was signed in to under this name (`prepop login`)",
    },
  ]),
];

/** For commands that may go through several, one after the other. */
export const tenants: readonly OptionSpec[] = [
  ...whichTenant,
  ...under("Tenant", [
    {
      flags: "--profile <name,...>",
      summary: "the tenant that was signed in to under this name, or several, one after the other",
    },
  ]),
];

export const roster: readonly OptionSpec[] = under("The list", [
  {
    flags: "--region <country>",
    summary: "country of numbers that carry none, for example NL",
    parse: country,
  },
  { flags: "--sheet <name>", summary: "the sheet of the workbook" },
  { flags: "--table <name>", summary: "the Excel table" },
  { flags: "--header-row <n>", summary: "the row that holds the headers", parse: wholeNumber(1) },
  {
    flags: "--format <format>",
    summary: "what standard input is",
    choices: ["csv", "json", "ndjson", "xlsx"],
  },
  {
    flags: "--column <kind=header>",
    summary: `which column is what; KIND is ${columnKinds.join(", ")} (repeatable)`,
    parse: column,
  },
  {
    flags: "--match <by>",
    summary: "what the user column holds (default: upn)",
    choices: ["upn", "mail", "employeeId", "id"],
  },
]);

/** Lists that Entra has already. */
export const directory: readonly OptionSpec[] = under("The list", [
  {
    flags: "--from <source>",
    summary: "profile: the numbers of the users' own profiles are the list",
    choices: ["profile"],
  },
  {
    flags: "--filter <odata>",
    summary: "with --from profile: which users, for example \"department eq 'Sales'\"",
  },
]);

export const policy: readonly OptionSpec[] = under("What may be done", [
  { flags: "--policy <policy>", summary: "what may be done (default: add)", choices: policies },
  { flags: "--types <types>", summary: "under remove without phone columns: which slots", parse: types },
  {
    flags: "--sms-sign-in <what>",
    summary: "what to do about SMS sign-in (default: leave)",
    choices: smsSignIns,
  },
  { flags: "--allow-last-method", summary: "let a user lose the last method" },
  { flags: "--overwrite-masked", summary: "update numbers that could only be read masked (no undo)" },
]);

export const scope: readonly OptionSpec[] = under("Which users", [
  { flags: "--limit <n>", summary: "the first N users with a change", parse: wholeNumber(1) },
  { flags: "--only <glob>", summary: "only these users (repeatable)", parse: repeat },
  { flags: "--exclude <glob>", summary: "not these users (repeatable)", parse: repeat },
  { flags: "--group <group>", summary: "only members of this group (id or name, repeatable)", parse: repeat },
  { flags: "--exclude-group <group>", summary: "not members of this group (repeatable)", parse: repeat },
  { flags: "--exclude-admins", summary: "no administrators" },
  { flags: "--exclude-disabled", summary: "no disabled accounts" },
  { flags: "--percent <p>", summary: "a stable share of the users; 10 is part of 20", parse: percentage },
]);

export const guards: readonly OptionSpec[] = under("Guards", [
  {
    flags: "--max-change <p%|n>",
    summary: "how many phones may be changed or removed (default: 30%)",
    parse: limit,
  },
  {
    flags: "--max-delete <n>",
    summary: "how many phones may be removed (default off a terminal: 10)",
    parse: wholeNumber(0),
  },
  {
    flags: "--confirm-tenant <domain>",
    summary: "answers the question that is asked before more than 10 deletes",
  },
  { flags: "--stop-at-failures <p%|n>", summary: "stop the run beyond this (default: 5%)", parse: limit },
  { flags: "--max-age <duration>", summary: "how old a plan or run may be (default: 24h)", parse: duration },
  { flags: "--force", summary: "lift --max-change and the landline guard" },
]);

export const pace: readonly OptionSpec[] = under("Pace", [
  { flags: "--concurrency <n>", summary: "requests side by side (default: 50)", parse: wholeNumber(1) },
  { flags: "--rate <n>", summary: "at most this many writes a second; 0: no pacing", parse: notNegative },
  { flags: "--no-batch", summary: "do not pack requests" },
  {
    flags: "--max-wait <duration>",
    summary: "give up when asked to wait longer (default: 10m)",
    parse: duration,
  },
  {
    flags: "--settle-horizon <duration>",
    summary: "how long an unclear answer is read back (default: 45s)",
    parse: duration,
  },
  {
    flags: "--lock-timeout <duration>",
    summary: "wait this long for another prepop to end",
    parse: duration,
  },
]);

/** A country as two letters, upper case. */
export function country(text: string): string {
  if (!/^[a-z]{2}$/i.test(text)) throw new InvalidArgumentError("Give a country as two letters, such as NL.");
  return text.toUpperCase();
}

/** `user=UPN` into an object of kind to header. */
function column(text: string, before: unknown): Record<string, string> {
  const at = text.indexOf("=");
  const kind = columnKinds.find(known => known.toLowerCase() === text.slice(0, at).trim().toLowerCase());
  const header = text.slice(at + 1);
  if (at < 1 || !kind || header.trim() === "") {
    throw new InvalidArgumentError(`Give KIND=HEADER; KIND is ${columnKinds.join(", ")}.`);
  }
  const gathered = before as Readonly<Record<string, string>> | undefined;
  if (gathered?.[kind] !== undefined) throw new InvalidArgumentError(`${kind} was named twice.`);
  return { ...gathered, [kind]: header };
}

function types(text: string): readonly PhoneType[] {
  const names = text.split(",").map(name => name.trim());
  return names.map(name => {
    const type = phoneTypes.find(known => known.toLowerCase() === name.toLowerCase());
    if (!type) throw new InvalidArgumentError(`Give any of ${phoneTypes.join(",")}.`);
    return type;
  });
}
