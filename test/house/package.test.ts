import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { temporaryFolder } from "../support/ledgerData.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const tsc = join(root, "node_modules/.bin/tsc");

type Manifest = {
  readonly version: string;
  readonly type: string;
  readonly files: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
};
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** The package as `npm pack` ships it, in the node_modules of somebody else's project. */
const project = temporaryFolder();
const shipped = join(project, "node_modules/prepop");

before(async () => {
  mkdirSync(shipped, { recursive: true });
  await run(tsc, ["-p", join(root, "tsconfig.build.json"), "--outDir", join(shipped, "dist")]);
  copyFileSync(join(root, "package.json"), join(shipped, "package.json"));
  for (const name of [...Object.keys(manifest.dependencies), "@types/node"]) {
    const link = join(project, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link, "junction");
  }
});

test("what package.json points to is what the build makes", () => {
  const targets = [...Object.values(manifest.bin), ...Object.values(manifest.exports).flatMap(Object.values)];
  for (const target of targets) {
    assert.ok(existsSync(join(shipped, target)), `${target} is missing`);
    assert.ok(
      manifest.files.some(file => resolve(root, target).startsWith(resolve(root, file))),
      `${target} is not shipped`,
    );
  }
});

test("the built command says its version", async () => {
  const bin = join(shipped, manifest.bin.prepop ?? "");
  assert.match(readFileSync(bin, "utf8"), /^#!\/usr\/bin\/env node\n/);
  const { stdout } = await run(process.execPath, [bin, "--version"]);
  assert.equal(stdout.trim(), manifest.version);
});

test("the built command reads a roster", async () => {
  const bin = join(shipped, manifest.bin.prepop ?? "");
  const list = join(project, "list.csv");
  writeFileSync(list, "userPrincipalName,mobile\nadele@contoso.com,+1 2065550100\n");
  const { stdout } = await run(process.execPath, [bin, "check", list, "--json"]);
  assert.match(stdout, /"type":"summary","command":"check","exitCode":0/);
});

test("a project that depends on the package gets its functions and their types", async () => {
  writeFileSync(join(project, "package.json"), '{"type":"module"}');
  writeFileSync(
    join(project, "use.ts"),
    `import { openLedger, type Plan, plan, readRoster, startSandbox } from "prepop";
const sandbox = await startSandbox({ users: 1 });
console.log(typeof plan, typeof readRoster, typeof openLedger, sandbox.url.startsWith("http://127.0.0.1:"));
export const create = (made: Plan): number => made.header.counts.create;
// @ts-expect-error a count is a number
export const wrong = (made: Plan): string => made.header.counts.create;
await sandbox.close();
`,
  );
  const options = ["--strict", "--noEmit", "--target", "es2024", "--module", "nodenext", "--types", "node"];
  const { stdout } = await run(tsc, [...options, "use.ts"], { cwd: project }).catch(
    (failed: { stdout: string }) => failed,
  );
  assert.equal(stdout, "");
  const used = await run(process.execPath, ["use.ts"], { cwd: project });
  assert.equal(used.stdout.trim(), "function function function true");
});

test("npm pack ships the build, the README and the licence, and nothing else", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    shell: process.platform === "win32",
  });
  const [packed] = JSON.parse(stdout) as { readonly files: readonly { readonly path: string }[] }[];
  const outside = (packed?.files ?? []).map(({ path }) => path).filter(path => !path.startsWith("dist/"));
  assert.deepEqual(outside.toSorted(), ["LICENSE", "README.md", "package.json"]);
});
