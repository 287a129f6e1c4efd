import type { Match, UserLookup } from "../model/user.ts";
import type { Answer } from "./answer.ts";
import type { GraphAnswer, GraphRequest } from "./batch.ts";
import { type PhonesRead, phonesRead } from "./convertPhone.ts";
import type { Optional } from "./optional.ts";
import { pageOf, wholeList } from "./pages.ts";
import { paths } from "./paths.ts";
import { findUsers } from "./users.ts";
import { type Call, get, type Wire } from "./wire.ts";
import { faultAnswer, type PhoneWrite, type WriteAnswer, wireOfWrite, writeAnswerOf } from "./write.ts";

/** The operations that can be sent alone or in a batch. Both ways share the wire form and the reading of the answer. */
export type Requests = {
  findUser(key: string, match: Match): Promise<UserLookup>;
  listPhones(userId: string): Promise<PhonesRead>;
  write(write: PhoneWrite): Promise<WriteAnswer>;
  /** The wire form; undefined for a request that needs none (a key that no user can have). */
  wire(request: GraphRequest): Wire | undefined;
  /** What one answer says; undefined where it takes more requests to know. Throws GraphFault. */
  read(request: GraphRequest, answer: Answer, readAt: number): GraphAnswer | undefined;
  /** The request by itself, with all the requests it takes. */
  send(request: GraphRequest): Promise<GraphAnswer>;
};

export function requestsTo(call: Call, origin: string, optional: Optional, now: () => number): Requests {
  const users = findUsers(call, origin, optional);

  const listPhones = async (userId: string): Promise<PhonesRead> => {
    const readAt = now();
    const { values, answer } = await wholeList(call, origin, paths.phones(userId));
    return phonesRead(values, answer, readAt);
  };

  const write = async (request: PhoneWrite): Promise<WriteAnswer> => {
    try {
      return writeAnswerOf(request, await call(wireOfWrite(request)));
    } catch (error) {
      return faultAnswer(error);
    }
  };

  return {
    findUser: (key, match) => users.find(key, match),
    listPhones,
    write,
    wire: request => {
      switch (request.kind) {
        case "write":
          return wireOfWrite(request.write);
        case "listPhones":
          return get(paths.phones(request.userId));
        case "findUser":
          return users.wire(request.key, request.match);
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
      }
    },
  };
}
