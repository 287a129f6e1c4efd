import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedToken, keepToken, type TokenCredential } from "../../src/graph/token.ts";
import { type ErrorCode, PrepopError } from "../../src/model/errors.ts";
import { connected, userId } from "./connected.ts";

const minute = 60_000;

/** A credential that gives `token-1`, `token-2` …, each good for an hour of `wall`. */
function counting(wall: () => number, forced: boolean[] = []): TokenCredential {
  let count = 0;
  return {
    getToken: async (_scopes, options) => {
      forced.push(options?.forceRefresh === true);
      return { token: `token-${++count}`, expiresOnTimestamp: wall() + 60 * minute };
    },
  };
}

test("a token is kept until two minutes before it runs out", async () => {
  let now = 0;
  const tokens = keepToken(
    counting(() => now),
    "scope",
    () => now,
  );
  assert.equal(await tokens.current(), "token-1");
  now = 58 * minute - 1;
  assert.equal(await tokens.current(), "token-1");
  now = 58 * minute;
  assert.equal(await tokens.current(), "token-2");
});

test("callers at the same time share one question, also after one that failed", async () => {
  let asked = 0;
  const failing: TokenCredential = {
    getToken: async () => {
      asked += 1;
      if (asked === 1) throw new Error("no network");
      return { token: "token", expiresOnTimestamp: 60 * minute };
    },
  };
  const tokens = keepToken(failing, "scope", () => 0);
  const first = await Promise.allSettled([tokens.current(), tokens.current(), tokens.current()]);
  assert.deepEqual(
    first.map(({ status }) => status),
    ["rejected", "rejected", "rejected"],
  );
  assert.deepEqual(await Promise.all([tokens.current(), tokens.current()]), ["token", "token"]);
  assert.equal(asked, 2);
});

test("a refresh asks with force, once for all who ask, and says whether the token is another", async () => {
  const forced: boolean[] = [];
  const tokens = keepToken(
    counting(() => 0, forced),
    "scope",
    () => 0,
  );
  await tokens.current();
  assert.deepEqual(await Promise.all([tokens.refresh(), tokens.refresh()]), [true, true]);
  assert.deepEqual(forced, [false, true]);
  assert.equal(await tokens.current(), "token-2");
});

test("a fixed token stays what it is", async () => {
  const tokens = keepToken(fixedToken(" opaque \n"), "scope", () => 0);
  assert.equal(await tokens.current(), "opaque");
  assert.equal(await tokens.refresh(), false);
});

const failures: readonly {
  readonly name: string;
  readonly credential: TokenCredential;
  readonly code: ErrorCode;
}[] = [
  { name: "nothing", credential: { getToken: async () => null }, code: "PREPOP_AUTH_NO_TOKEN" },
  { name: "an empty token", credential: fixedToken(" "), code: "PREPOP_AUTH_NO_TOKEN" },
  {
    name: "that there is nothing to sign in with",
    credential: {
      getToken: async () => {
        throw Object.assign(new Error("No credential."), { name: "CredentialUnavailableError" });
      },
    },
    code: "PREPOP_AUTH_NO_TOKEN",
  },
  {
    name: "an error",
    credential: {
      getToken: async () => {
        throw new Error("AADSTS7000215: Invalid client secret provided.");
      },
    },
    code: "PREPOP_AUTH_REJECTED",
  },
  {
    name: "a token with a line break",
    credential: fixedToken("a\r\nx-other: b"),
    code: "PREPOP_AUTH_REJECTED",
  },
];
for (const { name, credential, code } of failures) {
  test(`a credential that gives ${name} is ${code}, and nothing is sent`, async () => {
    await using it = await connected(() => ({ json: { value: [] } }), { credential });
    for (const use of [
      it.graph.listPhones(userId),
      it.graph.write({ kind: "delete", userId, phoneType: "mobile" }),
      it.graph.tenant(),
      it.graph.batch([{ kind: "listPhones", userId }]),
    ]) {
      await assert.rejects(use, (error: unknown) => error instanceof PrepopError && error.code === code);
    }
    assert.equal(it.server.seen.length, 0);
  });
}

test("the cause of a failed sign-in is kept, its message without long numbers and tokens", async () => {
  const cause = new Error(`for +12065550100 with ${"a".repeat(12)}.${"b".repeat(12)}.c.`);
  const credential: TokenCredential = {
    getToken: async () => {
      throw cause;
    },
  };
  const error = await keepToken(credential, "scope", () => 0)
    .current()
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof PrepopError);
  assert.equal(error.cause, cause);
  assert.equal(
    error.message,
    "Microsoft Graph does not accept the token: the sign-in failed (for +•••••••••00 with [token]).",
  );
});

test("the token in use is sent, and the new one after a refresh", async () => {
  await using it = await connected(() => ({ json: { value: [] } }), {
    credential: counting(() => Date.UTC(2026, 10, 24)),
  });
  await it.graph.listPhones(userId);
  assert.equal(await it.graph.refreshToken(), true);
  await it.graph.listPhones(userId);
  assert.deepEqual(
    it.server.seen.map(({ headers }) => headers.authorization),
    ["Bearer token-1", "Bearer token-2"],
  );
});
