import { randomUUID } from "node:crypto";
import { type PhoneType, phoneTypes } from "../../src/model/phone.ts";
import type { SandboxConfig, SandboxLogEntry } from "../../src/sandbox/sandbox.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import type { SeedUser } from "../../src/sandbox/user.ts";
import { temporaryFolder } from "./ledgerData.ts";
import { type VirtualClock, virtualClock } from "./virtualClock.ts";

/** The numbers of a user by type, as stored. */
export type Phones = { readonly [Type in PhoneType]?: string };

/** An invented tenant, a home folder and a clock: what a command needs around it. */
export type Tenant = AsyncDisposable & {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  /** PREPOP_HOME. */
  readonly home: string;
  /** The environment of a command against this tenant. */
  readonly env: NodeJS.ProcessEnv;
  phones(user: string): Phones;
  /** The object id of a user. */
  id(user: string): string;
  /** The state of SMS sign-in of a user's mobile. */
  sms(user: string): string | undefined;
  /** Every write the sandbox received since `from` entries of its log, batch items one by one. */
  writes(from?: number): readonly SandboxLogEntry[];
  /** Lets so much time pass that reads show the tenant as it is. */
  catchUp(): void;
  /** Users for whom a second write came in before the first was answered. */
  readonly raced: ReadonlySet<string>;
};

export type TenantBuilder = {
  withUser(
    upn: string,
    phones?: Phones,
    more?: Omit<SeedUser, "userPrincipalName" | "phones">,
  ): TenantBuilder;
  /** A user who is so new that not every replica knows her. */
  withNewUser(upn: string, phones?: Phones): TenantBuilder;
  /** user01@contoso.com … with what `each` says of them. */
  withUsers(count: number, each?: (index: number) => Omit<SeedUser, "userPrincipalName">): TenantBuilder;
  with(config: SandboxConfig): TenantBuilder;
  start(): Promise<Tenant>;
};

/** A tenant to be described; `start` makes it. */
export function aTenant(): TenantBuilder {
  const users: SeedUser[] = [];
  const newUsers: SeedUser[] = [];
  let config: SandboxConfig = {};
  const builder: TenantBuilder = {
    withUser(userPrincipalName, phones, more) {
      users.push({ userPrincipalName, ...(phones ? { phones } : {}), ...more });
      return builder;
    },
    withUsers(count, each = () => ({})) {
      for (let index = 1; index <= count; index++)
        users.push({ userPrincipalName: upn(index), ...each(index) });
      return builder;
    },
    withNewUser(userPrincipalName, phones) {
      newUsers.push({ userPrincipalName, ...(phones ? { phones } : {}) });
      return builder;
    },
    with(more) {
      config = { ...config, ...more };
      return builder;
    },
    async start() {
      const tenant = await start({ ...config, users: [...users] });
      tenant.sandbox.seedUsers(newUsers);
      return tenant;
    },
  };
  return builder;
}

/** The name of the n-th user of `withUsers`. */
export function upn(index: number): string {
  return `user${String(index).padStart(2, "0")}@contoso.com`;
}

async function start(config: SandboxConfig): Promise<Tenant> {
  const clock = virtualClock();
  const race = raceWatch(clock, config.onRequest);
  const sandbox = await startSandbox({
    ...config,
    clock: config.latencyMs === undefined ? clock.sandbox : race.clock,
    onRequest: race.onRequest,
  });
  const home = temporaryFolder();
  const user = (key: string) => {
    const found = sandbox.user(key);
    if (!found) throw new Error(`The tenant has no ${key}.`);
    return found;
  };
  return {
    sandbox,
    clock,
    home,
    env: { PREPOP_HOME: home, PREPOP_GRAPH_URL: sandbox.url, PREPOP_ACCESS_TOKEN: sandbox.token },
    raced: race.raced,
    id: key => user(key).id,
    sms: key => user(key).phones.mobile?.smsSignInState,
    phones(key) {
      const { phones } = user(key);
      return Object.fromEntries(
        phoneTypes.flatMap(type => (phones[type] ? [[type, phones[type].phoneNumber]] : [])),
      );
    },
    writes: (from = 0) => sandbox.log.slice(from).filter(isPhoneWrite),
    catchUp: () => clock.advance(config.stalenessMs ?? 0),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

const phoneWrites = new Set(["createPhone", "updatePhone", "deletePhone", "enableSms", "disableSms"]);

function isPhoneWrite({ operation }: SandboxLogEntry): boolean {
  return operation !== undefined && phoneWrites.has(operation);
}

/** Watches for a user with two writes in flight; it needs a latency, so that an answer takes a while. */
function raceWatch(clock: VirtualClock, inner: SandboxConfig["onRequest"]) {
  const raced = new Set<string>();
  const inFlight = new Map<string, string>();
  let arriving: string[] = [];
  return {
    raced,
    onRequest: ((event): void => {
      inner?.(event);
      if (event.effect !== "write" || event.userId === undefined) return;
      const { userId } = event;
      if (inFlight.has(userId)) raced.add(userId);
      inFlight.set(userId, randomUUID());
      arriving.push(userId);
    }) satisfies SandboxConfig["onRequest"],
    clock: {
      now: clock.sandbox.now,
      after: (ms: number, run: () => void): void => {
        const mine = arriving;
        arriving = [];
        clock.sandbox.after(ms, () => {
          for (const userId of mine) inFlight.delete(userId);
          run();
        });
      },
    },
  };
}
