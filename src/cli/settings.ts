import type { Policy, SmsSignIn } from "../model/change.ts";
import { defaultKeepNumbersMs, defaultLimits, defaultPace } from "../model/defaults.ts";
import { PrepopError } from "../model/errors.ts";
import type { Limit, Limits, PaceOptions, PlanOptions, RosterOptions, Scope } from "../model/options.ts";
import type { PhoneType } from "../model/phone.ts";
import type { Match } from "../model/user.ts";
import type { Call } from "./command.ts";

type Options = Readonly<Record<string, unknown>>;

/** Leaves out what is undefined, so that an absent option is absent. */
function present<Value extends object>(value: Value): { [Key in keyof Value]: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [Key in keyof Value]: NonNullable<Value[Key]>;
  };
}

export function rosterOptions({ options }: Call): RosterOptions {
  return present({
    region: options.region as string,
    sheet: options.sheet as string,
    table: options.table as string,
    headerRow: options.headerRow as number,
    format: options.format as "csv",
    columns: options.column as Record<string, string>,
    match: options.match as Match,
  });
}

export function planOptions({ options }: Call): PlanOptions {
  const policy = (options.policy as Policy | undefined) ?? "add";
  const types = options.types as readonly PhoneType[] | undefined;
  if (types && policy !== "remove") {
    throw new PrepopError("PREPOP_USAGE", {
      why: "--types says what to remove and goes with --policy remove only",
      fix: "Leave it out: the columns of the roster say which phones are meant.",
    });
  }
  return {
    policy,
    smsSignIn: (options.smsSignIn as SmsSignIn | undefined) ?? "leave",
    ...(types ? { types } : {}),
    allowLastMethod: options.allowLastMethod === true,
    overwriteMasked: options.overwriteMasked === true,
  };
}

/** With --from profile, the groups say whose profiles are read, so nobody else is in the roster. */
export function scopeOf({ options }: Call): Scope {
  return present({
    limit: options.limit as number,
    only: options.only as string[],
    exclude: options.exclude as string[],
    groups: options.from === "profile" ? undefined : (options.group as string[]),
    excludeGroups: options.excludeGroup as string[],
    excludeAdmins: options.excludeAdmins as boolean,
    excludeDisabled: options.excludeDisabled as boolean,
    percent: options.percent as number,
  });
}

export function limitsOf({ options }: Call, asks: boolean): Limits {
  const maxDelete = (options.maxDelete as number | undefined) ?? (asks ? undefined : defaultLimits.maxDelete);
  return {
    maxChange: (options.maxChange as Limit | undefined) ?? defaultLimits.maxChange,
    ...(maxDelete === undefined ? {} : { maxDelete }),
    ...(options.confirmTenant === undefined ? {} : { confirmTenant: options.confirmTenant as string }),
    stopAtFailures: (options.stopAtFailures as Limit | undefined) ?? defaultLimits.stopAtFailures,
    maxAgeMs: maxAgeMs(options),
    force: options.force === true,
  };
}

export function maxAgeMs(options: Options): number {
  return (options.maxAge as number | undefined) ?? defaultLimits.maxAgeMs;
}

export function keepNumbersMs({ options }: Call): number {
  return (options.keepNumbers as number | undefined) ?? defaultKeepNumbersMs;
}

export function paceOf({ options }: Call): PaceOptions {
  return {
    concurrency: (options.concurrency as number | undefined) ?? defaultPace.concurrency,
    ...(options.rate === undefined ? {} : { rate: options.rate as number }),
    batch: options.batch !== false,
    maxWaitMs: (options.maxWait as number | undefined) ?? defaultPace.maxWaitMs,
    settleHorizonMs: (options.settleHorizon as number | undefined) ?? defaultPace.settleHorizonMs,
  };
}

/** Whether a question can be asked: on a terminal, without --json, --no-input and --yes. */
export function canAsk({ options, surroundings }: Call): boolean {
  const { stdin, stdout, env } = surroundings;
  const terminal = stdin.isTTY === true && stdout.isTTY === true;
  return (
    terminal &&
    env.CI === undefined &&
    options.json !== true &&
    options.input !== false &&
    options.yes !== true
  );
}

/**
 * A command that writes needs a yes: given, or asked for on a terminal.
 * @throws PrepopError PREPOP_USAGE_NEEDS_YES before any request
 */
export function needYes(call: Call): void {
  if (call.options.yes === true || canAsk(call)) return;
  throw new PrepopError("PREPOP_USAGE_NEEDS_YES", { command: `prepop ${call.command}` });
}
