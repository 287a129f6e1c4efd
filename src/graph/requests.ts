import { GraphFault } from "../model/fault.ts";
import type { Match, User, UserLookup } from "../model/user.ts";
import type { Answer } from "./answer.ts";
import type { GraphAnswer, GraphRequest } from "./batch.ts";
import { type PhonesRead, phonesRead } from "./convertPhone.ts";
import { type MethodRef, methodsOf, preferencesOf, type SignInPreferences } from "./methods.ts";
import type { Optional } from "./optional.ts";
import { pageOf, wholeList } from "./pages.ts";
import { paths } from "./paths.ts";
import { findUsers } from "./users.ts";
import { type Call, get, type Wire } from "./wire.ts";
import { faultAnswer, type PhoneWrite, type WriteAnswer, wireOfWrite, writeAnswerOf } from "./write.ts";

/** The operations that can be sent alone or in a batch. Both ways share the wire form and the reading of the answer. */
export type Requests = {
  findUser(key: string, match: Match): Promise<UserLookup>;
  /** Who is there of several keys, in their order; undefined for who has to be looked up by himself. */
  findUsers(keys: readonly string[], match: "upn" | "id"): Promise<readonly (User | undefined)[]>;
  listPhones(userId: string): Promise<PhonesRead>;
  /** Undefined where the list of methods, or the preferences, do not answer here. */
  listMethods(userId: string): Promise<readonly MethodRef[] | undefined>;
  signInPreferences(userId: string): Promise<SignInPreferences | undefined>;
  write(write: PhoneWrite): Promise<WriteAnswer>;
  /** The wire form; undefined for a request that needs none (a key that no user can have, what does not answer here). */
  wire(request: GraphRequest): Wire | undefined;
  /** What one answer says; undefined where it takes more requests to know. Throws GraphFault. */
  read(request: GraphRequest, answer: Answer, readAt: number): GraphAnswer | undefined;
  /** The request by itself, with all the requests it takes. */
  send(request: GraphRequest): Promise<GraphAnswer>;
};

export function requestsTo(call: Call, origin: string, optional: Optional, now: () => number): Requests {
  const users = findUsers(call, origin, optional);

  const findMany = async (
    keys: readonly string[],
    match: "upn" | "id",
  ): Promise<readonly (User | undefined)[]> =>
    (await optional.use("many users at once", async () =>
      users.readMany(keys, match, await call(users.wireOfMany(keys, match))),
    )) ?? keys.map(() => undefined);

  const listPhones = async (userId: string): Promise<PhonesRead> => {
    const readAt = now();
    const { values, answer } = await wholeList(call, origin, paths.phones(userId));
    return phonesRead(values, answer, readAt);
  };

  const listMethods = (userId: string): Promise<readonly MethodRef[] | undefined> =>
    optional.use("the list of methods", async () => {
      const { values, answer } = await wholeList(call, origin, paths.methods(userId));
      return methodsOf(values, answer);
    });

  const signInPreferences = (userId: string): Promise<SignInPreferences | undefined> =>
    optional.use("the sign-in preferences", async () =>
      preferencesOf(await call(get(paths.preferences(userId)))),
    );

  const write = async (request: PhoneWrite): Promise<WriteAnswer> => {
    try {
      return writeAnswerOf(request, await call(wireOfWrite(request)));
    } catch (error) {
      return faultAnswer(error);
    }
  };

  return {
    findUser: (key, match) => users.find(key, match),
    findUsers: findMany,
    listPhones,
    listMethods,
    signInPreferences,
    write,
    wire: request => {
      switch (request.kind) {
        case "write":
          return wireOfWrite(request.write);
        case "listPhones":
          return get(paths.phones(request.userId));
        case "findUser":
          return users.wire(request.key, request.match);
        case "findUsers":
          return optional.isOff("many users at once")
            ? undefined
            : users.wireOfMany(request.keys, request.match);
        case "listMethods":
          return optional.isOff("the list of methods") ? undefined : get(paths.methods(request.userId));
        case "signInPreferences":
          return optional.isOff("the sign-in preferences")
            ? undefined
            : get(paths.preferences(request.userId));
      }
    },
    read: (request, answer, readAt) => {
      switch (request.kind) {
        case "write":
          return writeAnswerOf(request.write, answer);
        case "listPhones": {
          const { values, next } = pageOf(answer, origin);
          return next === undefined
            ? { kind: "phones", read: phonesRead(values, answer, readAt) }
            : undefined;
        }
        case "findUser": {
          const lookup = users.read(request.key, request.match, answer);
          return lookup && { kind: "user", lookup };
        }
        case "findUsers":
          return unlessSpoilt(() => {
            const { keys, match } = request;
            const found = optional.judge("many users at once", () => users.readMany(keys, match, answer));
            return { kind: "users", users: found ?? keys.map(() => undefined) };
          });
        case "listMethods":
          return unlessSpoilt(() => {
            const page = optional.judge("the list of methods", () => {
              const { values, next } = pageOf(answer, origin);
              return { methods: methodsOf(values, answer), next };
            });
            return page?.next === undefined ? { kind: "methods", methods: page?.methods } : undefined;
          });
        case "signInPreferences":
          return unlessSpoilt(() => ({
            kind: "preferences",
            preferences: optional.judge("the sign-in preferences", () => preferencesOf(answer)),
          }));
      }
    },
    send: async request => {
      switch (request.kind) {
        case "write":
          return write(request.write);
        case "listPhones":
          return { kind: "phones", read: await listPhones(request.userId) };
        case "findUser":
          return { kind: "user", lookup: await users.find(request.key, request.match) };
        case "findUsers":
          return { kind: "users", users: await findMany(request.keys, request.match) };
        case "listMethods":
          return { kind: "methods", methods: await listMethods(request.userId) };
        case "signInPreferences":
          return { kind: "preferences", preferences: await signInPreferences(request.userId) };
      }
    },
  };
}

/** An answer that cannot be read may have been spoilt on the way: undefined, so that it is asked for by itself. */
function unlessSpoilt(read: () => GraphAnswer | undefined): GraphAnswer | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof GraphFault && error.fault.kind === "unreadable") return undefined;
    throw error;
  }
}
