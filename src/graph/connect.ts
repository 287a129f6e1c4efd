import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { DirectoryProfile } from "../model/directoryProfile.ts";
import { GraphFault } from "../model/fault.ts";
import type { MethodPolicy } from "../model/health.ts";
import type { ExistingPhone, PhoneType } from "../model/phone.ts";
import type { Actor, Match, Tenant, User, UserLookup } from "../model/user.ts";
import { adminIds } from "./admins.ts";
import type { Answer } from "./answer.ts";
import { type Applications, applicationsAt } from "./applications/applications.ts";
import type { BatchAnswer, GraphRequest } from "./batch.ts";
import type { Carrier } from "./carrier.ts";
import { actorInToken, tenantInToken } from "./claims.ts";
import { clockCheck } from "./clockCheck.ts";
import { type PhonesRead, phoneIn } from "./convertPhone.ts";
import { type DeletedUser, deletedUsers } from "./deletedUsers.ts";
import { groupUserIds } from "./groups.ts";
import { type Inspection, inspection } from "./inspect.ts";
import { downloadFrom } from "./lists/download.ts";
import { type Lists, listsAt } from "./lists/lists.ts";
import { methodPolicyOf } from "./methodPolicy.ts";
import type { MethodRef, SignInPreferences } from "./methods.ts";
import { optionalFeatures } from "./optional.ts";
import { parseOrigin, scopeOf } from "./origin.ts";
import type { Cursor } from "./pages.ts";
import { paths } from "./paths.ts";
import { type ProfileQuery, profileCursor } from "./profiles.ts";
import { type Registration, registrations } from "./registrations.ts";
import { requestsTo } from "./requests.ts";
import { roleHolders } from "./roleHolders.ts";
import { sendBatch } from "./sendBatch.ts";
import { tenantOf, tenantWire } from "./tenant.ts";
import { keepToken, type TokenCredential } from "./token.ts";
import { openTransport, type ProxySettings } from "./transport.ts";
import { type Call, get, type Wire } from "./wire.ts";
import type { PhoneWrite, WriteAnswer } from "./write.ts";

export type { Answer } from "./answer.ts";
export type { Applications } from "./applications/applications.ts";
export type { BatchAnswer, GraphAnswer, GraphRequest } from "./batch.ts";
export { largestBatch } from "./batch.ts";
export type { CarriedRequest, Carrier } from "./carrier.ts";
export type { PhonesRead } from "./convertPhone.ts";
export type { DeletedUser } from "./deletedUsers.ts";
export type { Lists } from "./lists/lists.ts";
export type { OnlineWorkbook } from "./lists/workbook.ts";
export type { MethodRef, SignInPreferences } from "./methods.ts";
export type { Cursor } from "./pages.ts";
export type { ProfileQuery } from "./profiles.ts";
export type { Registration } from "./registrations.ts";
export { fixedToken, type TokenCredential } from "./token.ts";
export type { ProxySettings } from "./transport.ts";
export type { PhoneWrite, WriteAnswer } from "./write.ts";

export type GraphSettings = {
  /** PREPOP_GRAPH_URL; default: the global cloud. */
  readonly origin?: string;
  readonly credential: TokenCredential;
  /** The scope to ask the credential for; default: `.default` of the cloud's Graph. */
  readonly scope?: string;
  /** Connections kept open, and so the most requests in flight; default 64. */
  readonly connections?: number;
  /** For a connection, and again from the send to the end of the answer (twice that for a batch); default 30,000. */
  readonly timeoutMs?: number;
  readonly userAgent?: string;
  /** `now`: monotonic ms. `wall`: ms since 1970. */
  readonly clock?: { now(): number; wall(): number };
  /** Makes the client-request-id of each request. */
  readonly newId?: () => string;
  /** One line for each feature that the run does without, and for a clock that is wrong. */
  readonly onNotice?: (line: string) => void;
  readonly proxy?: ProxySettings;
  /** Answers every request in this process; nothing is sent anywhere then. */
  readonly carrier?: Carrier;
};

/**
 * Microsoft Graph as far as prepop needs it. Nothing here retries, follows a redirect or waits: reads throw GraphFault,
 * writes answer it, and the engine decides. Every method throws PrepopError PREPOP_AUTH_NO_TOKEN or
 * PREPOP_AUTH_REJECTED where there is no token to send.
 */
export type Graph = {
  readonly origin: string;
  /** The organization of the token; undefined where it does not say. */
  tenant(): Promise<Tenant | undefined>;
  /** The token's `tid`, which nobody has checked: it may veto and never confirm. */
  tokenTenant(): Promise<string | undefined>;
  /** The tenant that the sign-in library reported; undefined where there is none or it does not say. */
  signInTenant(): Promise<string | undefined>;
  actor(): Promise<Actor>;
  /** Asks for a new token; whether it differs from the one before. */
  refreshToken(): Promise<boolean>;
  findUser(key: string, match: Match): Promise<UserLookup>;
  /**
   * Who is there of up to 15 keys, in their order. Undefined for who was not found among them, or where Graph does not
   * look many up at once: he has to be looked up by himself.
   */
  findUsers(keys: readonly string[], match: "upn" | "id"): Promise<readonly (User | undefined)[]>;
  listPhones(userId: string): Promise<PhonesRead>;
  /** One phone; undefined where Graph answers 404. */
  getPhone(userId: string, phoneType: PhoneType): Promise<ExistingPhone | undefined>;
  /** `sendBy` (monotonic ms) is for whoever lets writes wait: after it this write is not sent any more. */
  write(write: PhoneWrite, sendBy?: number): Promise<WriteAnswer>;
  /** Every method of a user; undefined where it cannot be read here. */
  listMethods(userId: string): Promise<readonly MethodRef[] | undefined>;
  signInPreferences(userId: string): Promise<SignInPreferences | undefined>;
  /** Undefined where it cannot be read here. */
  methodPolicy(method: "sms" | "voice"): Promise<MethodPolicy | undefined>;
  /** Users in a group (object id or unique display name), nested ones too. Throws PREPOP_GROUP_NOT_FOUND. */
  groupUserIds(group: string): AsyncIterable<string>;
  /** Users with the numbers of their profiles, page by page; a page that failed can be asked for again. */
  profiles(query: ProfileQuery): Cursor<readonly DirectoryProfile[]>;
  /** Administrators, from the registration report; undefined where it cannot be read here. */
  adminIds(): Promise<ReadonlySet<string> | undefined>;
  /** Whoever holds a directory role now; undefined where that cannot be read here. */
  roleHolders(): Promise<ReadonlySet<string> | undefined>;
  /** The registration report, page by page. Throws GraphFault where it cannot be read. */
  registrations(): AsyncIterable<readonly Registration[]>;
  /** The soft-deleted users, page by page. Throws GraphFault where they cannot be read. */
  deletedUsers(): AsyncIterable<readonly DeletedUser[]>;
  /** What `doctor` asks. */
  readonly inspect: Inspection;
  /** Files in SharePoint and OneDrive that hold lists. */
  readonly lists: Lists;
  /** What `setup` reads and makes. */
  readonly applications: Applications;
  /** One request as it is, and its answer whatever it says: what `probe` looks at. */
  ask(wire: Wire): Promise<Answer>;
  /** Up to 20 requests as one. */
  batch(items: readonly GraphRequest[]): Promise<BatchAnswer>;
  /** HTTP requests that went out (a batch is one), write operations in them, operations answered 429. */
  stats(): { readonly requests: number; readonly writes: number; readonly throttled: number };
  /**
   * For who cannot wait: breaks off what is under way, as if the connections had been lost, and sends nothing more.
   * Reads and writes fail, and a write that was under way is in doubt.
   */
  abandon(): void;
  close(): Promise<void>;
};

/**
 * Opens Microsoft Graph, or a sandbox or gateway that answers like it. Sends nothing yet.
 * @throws PrepopError PREPOP_USAGE_GRAPH_URL
 * @example
 * const graph = connectGraph({ credential: fixedToken(token) });
 * const found = await graph.findUser("kim@contoso.com", "upn");
 * if (found.kind === "one") console.log((await graph.listPhones(found.user.id)).phones.length);
 * await graph.close();
 */
export function connectGraph(settings: GraphSettings): Graph {
  const { credential, onNotice = () => undefined } = settings;
  const clock = settings.clock ?? { now: () => performance.now(), wall: () => Date.now() };
  const place = parseOrigin(settings.origin);
  const { origin } = place;
  const tokens = keepToken(credential, settings.scope ?? scopeOf(origin), () => clock.wall());
  const { timeoutMs = 30_000, userAgent = defaultUserAgent(), proxy = {} } = settings;
  const transport = openTransport({
    origin: place,
    connections: settings.connections ?? 64,
    timeoutMs,
    userAgent,
    newId: settings.newId ?? randomUUID,
    proxy,
    ...(settings.carrier ? { carrier: settings.carrier } : {}),
  });
  const optional = optionalFeatures(onNotice);
  const checkClock = clockCheck(onNotice);
  const signingIn = createLeavable();
  const call: Call = async wire => {
    const answer = await transport.send(wire, await signingIn.wait(tokens.current()));
    checkClock(answer.date, clock.wall());
    return answer;
  };
  const requests = requestsTo(call, origin, optional, () => clock.now());

  return {
    origin,
    tenant: () => optional.use("the organization", async () => tenantOf(await call(tenantWire))),
    tokenTenant: async () => tenantInToken(await tokens.current()),
    signInTenant: () => tokens.tenant(),
    actor: async () => actorInToken(await tokens.current()),
    refreshToken: () => signingIn.wait(tokens.refresh()),
    findUser: (key, match) => requests.findUser(key, match),
    findUsers: (keys, match) => requests.findUsers(keys, match),
    listPhones: userId => requests.listPhones(userId),
    getPhone: async (userId, phoneType) => {
      const answer = await call(get(paths.phone[phoneType](userId)));
      return answer.status === 404 ? undefined : phoneIn(answer, phoneType);
    },
    write: write => requests.write(write),
    listMethods: userId => requests.listMethods(userId),
    signInPreferences: userId => requests.signInPreferences(userId),
    methodPolicy: method =>
      optional.use(method === "sms" ? "the SMS policy" : "the voice policy", async () =>
        methodPolicyOf(await call(get(method === "sms" ? paths.smsPolicy : paths.voicePolicy))),
      ),
    groupUserIds: group => groupUserIds(call, origin, group),
    profiles: query => profileCursor(call, origin, query),
    adminIds: () => optional.use("the registration report", () => adminIds(call, origin)),
    roleHolders: () => optional.use("the role assignments", () => roleHolders(call, origin)),
    registrations: () => registrations(call, origin),
    lists: listsAt(call, origin, downloadFrom({ graph: place, timeoutMs, userAgent, proxy })),
    inspect: inspection(call, tokens, origin, () => clock.wall()),
    applications: applicationsAt(call, origin),
    deletedUsers: () => deletedUsers(call, origin),
    ask: wire => call({ ...wire, whole: true }),
    batch: items =>
      sendBatch(items, {
        call,
        optional,
        requests,
        now: () => clock.now(),
        countThrottled: items => {
          transport.counts.throttled += items;
        },
      }),
    stats: () => ({ ...transport.counts }),
    abandon() {
      // Whoever waits for a sign-in is not left waiting either.
      signingIn.leave(new GraphFault({ kind: "unreachable", message: "Not sent: it was broken off here." }));
      transport.abandon();
    },
    close: () => transport.close(),
  };
}

/** Waiting that can be left: the promise waited for goes on, and nobody looks at it any more. */
function createLeavable() {
  const waiting = new Set<(reason: Error) => void>();
  return {
    wait: <Value>(value: Promise<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        waiting.add(reject);
        value.then(resolve, reject).finally(() => waiting.delete(reject));
      }),
    leave(reason: Error): void {
      for (const reject of waiting) reject(reason);
    },
  };
}

/** `prepop/1.2.3 (node 26.10.0)`. The manifest lies two folders up from the source and from the build alike. */
function defaultUserAgent(): string {
  const { version }: { version: string } = createRequire(import.meta.url)("../../package.json");
  return `prepop/${version} (node ${process.versions.node})`;
}
