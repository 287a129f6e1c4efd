import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../support/ledgerData.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const door = join(root, "src/index.ts");
const doorText = readFileSync(door, "utf8");

type Example = { readonly name: string; readonly code: string };

/** The last @example of each docstring, by the name of what follows it. */
const documented: readonly Example[] = [
  ...doorText.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\nexport (?:async )?function\*? ?(\w+)/g),
].map(([, docstring = "", name = ""]) => ({
  name,
  code: (docstring.split("@example")[1] ?? "").replace(/^ \* ?/gm, ""),
}));

const readme: Example = {
  name: "the README's snippet",
  code: /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "",
};

/** What an example says that it prints: the comment behind each console.log, in the order of the code. */
function promised({ code }: Example): string[] {
  return [...code.matchAll(/console\.log\(.*\);[^/]*? \/\/ (.*)$/gm)].map(match => match[1] ?? "");
}

/** As it stands there, but with the door of this checkout. */
function runnable({ code }: Example): string {
  return code.replaceAll('from "prepop"', `from ${JSON.stringify(pathToFileURL(door).href)}`);
}

test("every function of the door has an example", () => {
  assert.deepEqual(
    documented.map(({ name, code }) => [name, code.includes('from "prepop"')]),
    [
      "readRoster",
      "readProfiles",
      "plan",
      "apply",
      "resume",
      "undo",
      "writeBack",
      "openLedger",
      "connectGraph",
      "startSandbox",
    ].map(name => [name, true]),
  );
});

for (const example of [...documented, readme]) {
  test(`the example runs and prints what it says: ${example.name}`, async () => {
    const folder = temporaryFolder();
    const file = join(folder, "example.ts");
    writeFileSync(file, runnable(example));
    mkdirSync(join(folder, "examples"));
    for (const name of ["employees.xlsx", "employees.csv"]) {
      writeFileSync(join(folder, "examples", name), readFileSync(join(root, "examples", name)));
    }
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: folder, timeout: 30_000 });
    assert.equal(stderr, "");
    const printed = stdout.trimEnd().split("\n");
    for (const line of promised(example)) assert.ok(printed.includes(line), `${line}\nis not in\n${stdout}`);
  });
}

test("every example has the types that it uses", async () => {
  const folder = temporaryFolder();
  const files = [...documented, readme].map(({ name, code }) => {
    const file = join(folder, `${name.replace(/\W/g, "")}.mts`);
    writeFileSync(file, code);
    return file;
  });
  const compilerOptions = { paths: { prepop: [door] }, typeRoots: [join(root, "node_modules/@types")] };
  const project = join(folder, "tsconfig.json");
  writeFileSync(
    project,
    JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, files, include: [] }),
  );
  const tsc = join(root, "node_modules/.bin/tsc");
  const { stdout } = await run(tsc, ["-p", project], { timeout: 60_000 }).catch(
    (failed: { stdout: string }) => failed,
  );
  assert.equal(stdout, "");
});

test("the example file runs and shows what it promises", async () => {
  const { stdout, stderr } = await run(process.execPath, [join(root, "examples/library.ts")], {
    cwd: root,
    timeout: 30_000,
  });
  assert.equal(stderr, "");
  assert.match(stdout, /^kept debra\.aldridge@contoso\.com otherNumber$/m);
  assert.match(stdout, /^applied 2, skipped 1, exit code 3$/m);
  assert.match(stdout, /^a second plan creates 0$/m);
});
