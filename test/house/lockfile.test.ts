import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";

type Locked = { readonly version?: string; readonly optionalDependencies?: Readonly<Record<string, string>> };
const lock = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** A registry that has only this platform's packages makes `npm install` forget the others; `npm ci` then fails. */
test("the lock file knows the packages of every platform, so that npm ci works on each", () => {
  const asked = Object.values(lock.packages).flatMap(({ optionalDependencies }) =>
    Object.entries(optionalDependencies ?? {}),
  );
  assert.ok(asked.length > 0);
  const missing = asked.filter(([name]) => lock.packages[`node_modules/${name}`]?.version === undefined);
  assert.deepEqual(missing, []);
});

test("the lock file names no registry", () => {
  assert.deepEqual(
    Object.entries(lock.packages).filter(([, each]) => "resolved" in each),
    [],
  );
});
