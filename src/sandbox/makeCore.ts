import { makeAuthority } from "./authority/authority.ts";
import { tokenTable } from "./callers.ts";
import type { SandboxConfig } from "./config.ts";
import type { Core } from "./core.ts";
import { faultTable, longestLag } from "./faults/rules.ts";
import { type Drives, drivesOf, resetDrives } from "./files/drives.ts";
import { requestIds } from "./ids.ts";
import { emptyJournal } from "./log.ts";
import { populate } from "./populate.ts";
import { emptyPowerPlatform } from "./powerPlatform/state.ts";
import { bucket, refill } from "./quota.ts";
import type { Settings } from "./settings.ts";

/** A sandbox without its server, as the config wants it at the start. */
export function makeCore(
  settings: Settings,
  token: string,
  config: SandboxConfig,
  drives: Drives = drivesOf([]),
): Core {
  const { writes, reads, reports, accrues } = settings.quota;
  const made = (limit: typeof writes) =>
    limit === undefined ? undefined : bucket(limit.burst, limit.perSecond, accrues);
  const core: Core = {
    settings,
    state: populate(settings),
    tokens: tokenTable(
      { token, kind: config.signedInAs === undefined ? "app" : "delegated", ...person(config) },
      settings.tokens,
    ),
    authority: makeAuthority(settings),
    powerPlatform: emptyPowerPlatform(config.judgeSwagger, config.storageHost),
    drives,
    buckets: { writes: made(writes), reads: made(reads), reports: made(reports) },
    faults: faultTable(settings.faults, settings.seed, settings.clock.now()),
    journal: emptyJournal(settings.logLimit),
    nextRequestId: requestIds(settings.seed),
    origin: "",
    interfere: config.onRequest,
  };
  keepPast(core);
  return core;
}

/** Goes back to that start: tenant, quotas, faults, tokens and log. */
export function resetCore(core: Core): void {
  const { settings, journal } = core;
  core.state = populate(settings);
  core.faults = faultTable(settings.faults, settings.seed, settings.clock.now());
  keepPast(core);
  for (const each of Object.values(core.buckets)) if (each !== undefined) refill(each);
  core.tokens.revoked.clear();
  const { codes, devices, refreshTokens, log } = core.authority;
  for (const each of [codes, devices, refreshTokens]) each.clear();
  const { apis, blobs, signatures } = core.powerPlatform;
  for (const each of [apis, blobs, signatures]) each.clear();
  resetDrives(core.drives);
  log.length = 0;
  journal.entries.length = 0;
  Object.assign(journal, { requests: 0, writes: 0, executed: 0, throttled: 0 });
}

/** Lets the tenant remember replaced phones only as long as some read may still show them. */
export function keepPast(core: Core): void {
  const { stalenessMs, reportLagMs } = core.settings;
  const rules = core.faults.rules.map(({ rule }) => rule);
  core.state.keepPastMs = Math.max(stalenessMs, reportLagMs, longestLag(rules));
}

function person(config: SandboxConfig): { user?: string } {
  return config.signedInAs === undefined ? {} : { user: config.signedInAs };
}
