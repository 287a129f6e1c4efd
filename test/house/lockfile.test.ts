import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";

type Locked = {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};
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

test("the lock file holds a SHA-512 of every package that is shipped or runs here, so that npm ci takes no other", () => {
  const packages = Object.entries(lock.packages).filter(([name]) => name !== "");
  const [held, bare] = [true, false].map(wanted =>
    packages.filter(([, { integrity = "" }]) => /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) === wanted),
  );
  assert.ok((held?.length ?? 0) > 80);
  // The builds of development tools for other platforms were not in the registry that the lock file was made with.
  assert.deepEqual(
    bare?.filter(([, { dev, optional, os }]) => !(dev && optional && os)),
    [],
  );
});

test("only the pinned Node runs a script when it is installed", () => {
  const own = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8")) as {
    readonly allowScripts: object;
  };
  const running = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = running.map(([path, { version }]) => `${path.replace(/.*node_modules\//, "")}@${version}`);
  assert.deepEqual(names, Object.keys(own.allowScripts));
});
