import { PrepopError } from "../model/errors.ts";
import type { PhoneType } from "../model/phone.ts";
import { answerSignIn } from "./authority/answer.ts";
import type { SignInLogEntry } from "./authority/authority.ts";
import { type ServerCertificates, serverCertificates } from "./authority/certificates.ts";
import { addToken, sandboxToken, type TokenSeed } from "./callers.ts";
import { faultRules, type SandboxConfig, settingsOf, toSeed } from "./config.ts";
import type { Core, Interference } from "./core.ts";
import type { Answer, SandboxRequest } from "./exchange.ts";
import { type FaultRule, faultTable } from "./faults/rules.ts";
import { type SandboxFile, sandboxFile } from "./files/control.ts";
import { answerDownload } from "./files/download.ts";
import { type Drives, openDrives } from "./files/drives.ts";
import { addGroups } from "./groups.ts";
import { handle } from "./handle.ts";
import { latencyOf } from "./latency.ts";
import type { SandboxLogEntry, SandboxStats } from "./log.ts";
import { keepPast, makeCore, resetCore } from "./makeCore.ts";
import { dropPhone, putPhone } from "./phones.ts";
import { seedUser, storable } from "./populate.ts";
import { answerPowerPlatform } from "./powerPlatform/answer.ts";
import { bodyText, listen } from "./server.ts";
import type { GroupSeed } from "./settings.ts";
import { smsGroup } from "./smsGroup.ts";
import { type SandboxSnapshot, snapshotOf, stateOf } from "./snapshot.ts";
import { findAnyUser, removeUser, restoreUser } from "./state.ts";
import type { SandboxUser, SeedUser } from "./user.ts";
import { type SandboxUserView, userSnapshot } from "./userSnapshot.ts";

export type { SandboxConfig } from "./config.ts";
export type { FaultRule } from "./faults/rules.ts";
export type { SandboxLogEntry, SandboxStats } from "./log.ts";
export type { SandboxSnapshot } from "./snapshot.ts";
export type { SandboxUserView } from "./userSnapshot.ts";

/** A running emulator of the Entra endpoints. Everything but close is synchronous and acts at once. */
export type Sandbox = {
  /** Origin, `http://127.0.0.1:PORT`: what PREPOP_GRAPH_URL takes. */
  readonly url: string;
  /** A bearer token that may do everything. */
  readonly token: string;
  readonly tenantId: string;
  readonly domain: string;
  /** Where and as what libraries sign in by themselves; they insist on `tls`, but for a managed identity. */
  readonly signIn: SandboxSignIn;
  /** Adds users that are not there yet. */
  seedUsers(users: Iterable<string | SeedUser>): void;
  addGroup(group: GroupSeed): void;
  /** Sets or, without a number, removes a phone, past all rules; reads see it at once. */
  setPhone(user: string, type: PhoneType, number: string | undefined): void;
  /** Soft-deletes a user, or removes it for good. */
  deleteUser(user: string, how?: "soft" | "purged"): void;
  restoreUser(id: string): void;
  /** A user as stored, deleted ones by id; undefined when there is none. */
  user(upnOrId: string): SandboxUserView | undefined;
  users(): Iterable<SandboxUserView>;
  /** A file of the config, or one that was uploaded, by its web address or its name; undefined when there is none. */
  file(urlOrName: string): SandboxFile | undefined;
  /** The newest operations, oldest first. */
  readonly log: readonly SandboxLogEntry[];
  stats(): SandboxStats;
  snapshot(): SandboxSnapshot;
  restore(snapshot: SandboxSnapshot): void;
  /** The tenant as the config made it, with an empty log, full quotas and uncounted faults. */
  reset(): void;
  setFaults(rules: readonly FaultRule[]): void;
  /** Accepts one more token. */
  addToken(token: TokenSeed): void;
  /** Answers a token with 401 from now on. */
  revokeToken(token: string): void;
  /** Has a function called before each operation, in place of an earlier one; undefined for none. */
  interfere(fn: Interference | undefined): void;
  close(): Promise<void>;
};

/** What a library has to be told to sign in to the sandbox. All of it is invented. */
export type SandboxSignIn = {
  /** Origin: what AZURE_AUTHORITY_HOST takes. */
  readonly authority: string;
  /** PEM of the authority that signed the server's certificate; undefined without `tls`. */
  readonly ca?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What IDENTITY_ENDPOINT and IDENTITY_HEADER take. */
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  /** What was asked, oldest first; never a secret or a token. */
  readonly log: readonly SignInLogEntry[];
};

/** An answer as it would go out. */
export type AskedAnswer = Pick<Answer, "status" | "headers" | "delivery"> & {
  readonly body: string;
  /** How long it takes. */
  readonly delayMs: number;
};

/** A sandbox that no server stands in front of. */
export type UnservedSandbox = Omit<Sandbox, "close"> & { ask(request: SandboxRequest): AskedAnswer };

/**
 * Starts the emulator on a loopback address.
 * @example const sandbox = await startSandbox({ users: 1000, quota: { writeBurst: 50, writePerSecond: 20 } });
 */
export async function startSandbox(config: SandboxConfig = {}): Promise<Sandbox> {
  const drives = await openDrives(config.files ?? [], settingsOf(config).seed);
  const { core, token } = build(config, drives);
  const { settings } = core;
  const tls = config.tls === true ? serverCertificates(settings.clock.now()) : undefined;
  const where = { host: settings.host, port: settings.port, ...(tls === undefined ? {} : { tls }) };
  const listener = await listen(where, request => answerTo(core, request), settings.clock.after);
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
  core.origin = `${tls === undefined ? "http" : "https"}://${host}:${listener.port}`;
  return { url: core.origin, token, signIn: signInOf(core, tls), ...controls(core), close: listener.close };
}

/**
 * The emulator without a server: the request takes effect at once, and whoever asks waits for `delayMs`, on whatever
 * clock, before he looks at the answer.
 * @example openSandbox().ask({ method: "GET", url: "/v1.0/users", headers: { authorization: "Bearer …" }, body: undefined });
 */
export function openSandbox(config: SandboxConfig = {}): UnservedSandbox {
  if (config.files !== undefined) {
    throw new PrepopError("PREPOP_USAGE", {
      why: "A sandbox without a server has no files",
      fix: "Start it with startSandbox.",
    });
  }
  const { core, token } = build(config);
  core.origin = unservedOrigin;
  return {
    url: core.origin,
    token,
    signIn: signInOf(core, undefined),
    ...controls(core),
    ask: request => {
      const { answer, delayMs } = answerTo(core, request);
      const { status, headers, delivery } = answer;
      return { status, headers, delivery, body: bodyText(answer) ?? "", delayMs };
    },
  };
}

/** A loopback address that nobody listens on; only links in answers begin with it. */
const unservedOrigin = "http://127.0.0.1";

function build(config: SandboxConfig, drives?: Drives): { readonly core: Core; readonly token: string } {
  const settings = settingsOf(config);
  const token = sandboxToken({ seed: settings.seed, tenantId: settings.tenantId, upn: config.signedInAs });
  return { core: makeCore(settings, token, config, drives), token };
}

function answerTo(
  core: Core,
  request: SandboxRequest,
): { readonly answer: Answer; readonly delayMs: number } {
  const { settings, journal } = core;
  const signIn = answerSignIn(core, request, settings.clock.now());
  if (signIn !== undefined) return { answer: signIn, delayMs: latencyOf(settings, journal.requests, 0) };
  const service = answerPowerPlatform(core, request, settings.clock.now());
  if (service !== undefined) return { answer: service, delayMs: latencyOf(settings, journal.requests, 0) };
  const download = answerDownload(core, request, settings.clock.now());
  if (download !== undefined) return { answer: download, delayMs: latencyOf(settings, journal.requests, 0) };
  const answer = handle(core, request, settings.clock.now());
  return { answer, delayMs: answer.slowMs + latencyOf(settings, journal.requests, answer.items) };
}

function signInOf(core: Core, tls: ServerCertificates | undefined): SandboxSignIn {
  const { own, identityHeader, log } = core.authority;
  return {
    authority: core.origin,
    ...(tls === undefined ? {} : { ca: tls.ca }),
    clientId: own.clientId,
    clientSecret: own.secret,
    identityEndpoint: `${core.origin}/msi/token`,
    identityHeader,
    log,
  };
}

function controls(core: Core): Omit<Sandbox, "url" | "token" | "signIn" | "close"> {
  const { settings } = core;
  const world = () => ({ state: core.state, settings, now: settings.clock.now() });
  const named = (key: string): SandboxUser => {
    const user = findAnyUser(core.state, key);
    if (user === undefined) throw new PrepopError("PREPOP_USER_NOT_FOUND", { user: key });
    return user;
  };
  return {
    tenantId: settings.tenantId,
    domain: settings.domain,
    seedUsers: users => {
      for (const user of users) seedUser(world(), toSeed(user));
    },
    addGroup: group => addGroups(core.state, [group]),
    setPhone: (key, type, number) => {
      const user = named(key);
      if (number === undefined) dropPhone(core.state, user, type, settings.clock.now());
      else putPhone(world(), user, type, storable(number));
      user.past = undefined;
    },
    deleteUser: (key, how = "soft") => removeUser(core.state, named(key), how),
    restoreUser: id => restoreUser(core.state, named(id)),
    user: key => {
      const user = findAnyUser(core.state, key);
      return user === undefined ? undefined : userSnapshot(user);
    },
    users: () => core.state.users.values().map(userSnapshot),
    file: key => {
      const file = core.drives.files.find(({ url, name }) => url === key || name === key);
      return file === undefined ? undefined : sandboxFile(file);
    },
    log: core.journal.entries,
    stats: () => {
      const { requests, writes, executed, throttled } = core.journal;
      return { requests, writes, executed, throttled };
    },
    snapshot: () => snapshotOf(core.state),
    restore: snapshot => {
      core.state = stateOf(snapshot);
      addGroups(core.state, [...settings.groups, ...smsGroup(settings)]);
      keepPast(core);
    },
    reset: () => resetCore(core),
    setFaults: rules => {
      core.faults = faultTable(faultRules(rules), settings.seed, settings.clock.now());
      keepPast(core);
    },
    addToken: seed => addToken(core.tokens, seed),
    revokeToken: token => {
      core.tokens.revoked.add(token);
    },
    interfere: fn => {
      core.interfere = fn;
    },
  };
}
