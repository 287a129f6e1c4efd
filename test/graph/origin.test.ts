import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOrigin, scopeOf } from "../../src/graph/origin.ts";
import { PrepopError } from "../../src/model/errors.ts";

const accepted: readonly (readonly [text: string | undefined, origin: string])[] = [
  [undefined, "https://graph.microsoft.com"],
  ["https://graph.microsoft.us", "https://graph.microsoft.us"],
  ["https://gateway.example:8443/", "https://gateway.example:8443"],
  ["http://127.0.0.1:4010", "http://127.0.0.1:4010"],
  ["http://127.1.2.3", "http://127.1.2.3"],
  ["http://localhost:4010", "http://localhost:4010"],
  ["http://[::1]:4010", "http://[::1]:4010"],
];
for (const [text, origin] of accepted) {
  test(`${text ?? "nothing"} is ${origin}`, () => assert.equal(parseOrigin(text).origin, origin));
}

const refused: readonly string[] = [
  "",
  "graph.microsoft.com",
  "ftp://graph.microsoft.com",
  "https://graph.microsoft.com/v1.0",
  "https://graph.microsoft.com?x",
  "https://graph.microsoft.com/#",
  "https://admin:secret@graph.microsoft.com",
  "http://graph.microsoft.com",
  "http://10.0.0.1:4010",
  "http://0.0.0.0:4010",
  "http://127.0.0.1.example:4010",
  "http://localhost.example",
  "http://[::2]:4010",
];
for (const text of refused) {
  test(`${text === "" ? "an empty text" : text} is refused, and not repeated`, () => {
    assert.throws(
      () => parseOrigin(text),
      (error: unknown) =>
        error instanceof PrepopError &&
        error.code === "PREPOP_USAGE_GRAPH_URL" &&
        !error.message.includes("secret"),
    );
  });
}

test("a token is asked for the cloud's Graph, and for the global one behind a gateway", () => {
  assert.equal(scopeOf("https://graph.microsoft.us"), "https://graph.microsoft.us/.default");
  assert.equal(scopeOf("http://127.0.0.1:4010"), "https://graph.microsoft.com/.default");
});
