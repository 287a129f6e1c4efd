/**
 * Makes docs/connector-create.svg, the second picture of docs/power-automate.md: the commands themselves, against a sandbox.
 * Run it with `node script/createPicture.ts` when what prepop prints has changed.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeSwagger } from "../src/connector/lint/judge.ts";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import { runCli } from "../test/support/cli.ts";
import { terminalPicture } from "./terminalPicture.ts";

const columns = 100;
const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "prepop-picture-"));
const sandbox = await startSandbox({ judgeSwagger });
try {
  process.chdir(folder);
  const env = {
    PREPOP_POWER_PLATFORM_URL: sandbox.url,
    PREPOP_POWER_PLATFORM_TOKEN: sandbox.token,
    PREPOP_CONNECTOR_SECRET: "a-secret-of-nobody",
  };
  const appId = "11111111-2222-3333-4444-555555555555";
  const environment = `Default-${sandbox.tenantId}`;
  const lines: string[] = [];
  for (const [typed, argv] of [
    [
      "connector build --tenant contoso.com --client-id APPLICATION-ID",
      ["connector", "build", "--tenant", "contoso.com", "--client-id", appId],
    ],
    [
      "connector create connector --environment Default-TENANT-ID",
      ["connector", "create", "connector", "--environment", environment],
    ],
    [
      "flow build --format solution --tenant contoso.com --client-id APPLICATION-ID",
      ["flow", "build", "--format", "solution", "--tenant", "contoso.com", "--client-id", appId],
    ],
  ] as const) {
    const { stdout, stderr, exitCode } = await runCli(argv, { env });
    if (exitCode !== 0) throw new Error(stderr);
    lines.push(`\u001b[32m$\u001b[39m \u001b[1mprepop ${typed}\u001b[22m`);
    for (const line of `${stdout}${stderr}`.trimEnd().split("\n")) lines.push(...wrapped(line));
    lines.push("");
  }
  process.chdir(before);
  writeFileSync(
    join(import.meta.dirname, "../docs/connector-create.svg"),
    terminalPicture("prepop", columns, lines.slice(0, -1)),
  );
} finally {
  process.chdir(before);
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Broken between words, and within one that is longer than a row. */
function wrapped(line: string): string[] {
  const rows = [""];
  for (const word of line.split(" ")) {
    const last = rows.at(-1) ?? "";
    const joined = last === "" ? word : `${last} ${word}`;
    if (joined.length <= columns) rows[rows.length - 1] = joined;
    else rows.push(word);
  }
  return rows.flatMap(row => row.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""]);
}
