/**
 * `npm run demo`: the whole way of a list, with the command line itself, against a tenant that exists only here. All
 * that it writes lies in .demo/, which is made anew each time.
 */
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const folder = ".demo";
const list = "examples/employees.xlsx";
/** Writes a second, so that there is something to watch. A tenant sets its own pace. */
const rate = 40;

type Answer = { readonly exitCode: number; readonly lines: readonly Line[] };
/** A JSON Line, as far as it is looked at here. */
type Line = {
  readonly type?: string;
  readonly state?: string;
  readonly counts?: Readonly<Record<string, number>>;
};

rmSync(join(root, folder), { recursive: true, force: true });
mkdirSync(join(root, folder));

say("Contoso has 200 employees and a list from HR. Nobody has a phone for MFA yet.");
say("The tenant is invented and runs inside this demo. Nothing leaves this machine.");

step("1. Read the list. No tenant is needed for that.");
say(`$ prepop check ${list}`);
const check = await ask(["check", list, "--json"]);
if (check.exitCode !== 3) fail(`Exit code ${check.exitCode}, but 3 was expected.`);
const { rows = 0, usable = 0, issues = 0, warnings = 0 } = check.lines.at(-1)?.counts ?? {};
say(
  `${rows} rows; ${usable} can be used, ${issues} need a correction, ${warnings} are worth a look: see below.`,
);
say(`(exit code 3: some rows need a correction. The others can go on.)`);

step("2. Compare the list with the tenant. Nothing is changed.");
await show(
  ["plan", list, "--sandbox", "--report", `${folder}/plan.html`],
  2,
  "changes are planned and wait for a yes.",
);

step(`3. Do what the plan says, slowly enough to watch (${rate} writes a second).`);
await show(
  ["apply", list, "--sandbox", "--yes", "--rate", String(rate), "--report", `${folder}/result.xlsx`],
  3,
  `all changes were made; ${issues} rows still need a correction.`,
);

step("4. Prove it: a second plan must find nothing left to do.");
const again = await ask(["plan", list, "--sandbox", "--json"]);
const runs = await ask(["runs", "--json"]);
const left = again.lines.at(-1)?.counts ?? {};
const run = runs.lines.find(({ type }) => type === "run");
const { unchanged = 0, create, update, delete: deletes } = left;
if (again.exitCode !== 3 || create !== 0 || update !== 0 || deletes !== 0) {
  fail(`The second plan still holds changes: ${JSON.stringify(left)}`);
}
if (run?.state !== "done" || run.counts?.applied !== unchanged || run.counts.failed !== 0) {
  fail(`The ledger does not say that all was applied: ${JSON.stringify(run)}`);
}
say(`Nothing to do: ${unchanged} phones are as the list has them, ${issues} rows wait for a correction.`);

say("");
say(`Open ${folder}/result.xlsx (one line a change, with Graph's request-id) and ${folder}/plan.html.`);
say("Now with your own list, still without a tenant:");
say("  npm run -s prepop -- plan YOUR-LIST.xlsx --sandbox");

/** Shows a command with all that it prints, and fails when it ends in another way than expected. */
async function show(args: readonly string[], expected: number, meaning: string): Promise<void> {
  say(`$ prepop ${args.join(" ")}`);
  const child = prepop(args, "inherit");
  const exitCode = await ended(child);
  if (exitCode !== expected) fail(`Exit code ${exitCode}, but ${expected} was expected.`);
  say(`(exit code ${exitCode}: ${meaning})`);
}

/** The same without a word: its exit code and its JSON Lines. */
async function ask(args: readonly string[]): Promise<Answer> {
  const child = prepop(args, "pipe");
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const exitCode = await ended(child);
  const lines = text.trimEnd().split("\n");
  return { exitCode, lines: lines.map(line => JSON.parse(line) as Line) };
}

function prepop(args: readonly string[], stdout: "inherit" | "pipe") {
  // Only this demo's own folder and tenant, whatever the shell is set up for.
  const { PREPOP_GRAPH_URL, PREPOP_ACCESS_TOKEN, PREPOP_LEDGER_KEY, AZURE_TENANT_ID, ...rest } = process.env;
  return spawn(process.execPath, ["src/bin.ts", ...args], {
    cwd: root,
    env: { ...rest, PREPOP_HOME: join(root, folder, "home") },
    stdio: ["ignore", stdout, "inherit"],
  });
}

async function ended(child: ReturnType<typeof prepop>): Promise<number> {
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}

function step(text: string): void {
  say(`\n${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): never {
  process.stderr.write(`The demo stopped. ${text}\n`);
  process.exit(1);
}
