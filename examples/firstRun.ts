/**
 * From nothing to a pilot of five users, as docs/set-up.md has it, against an invented tenant over TLS: set-up, sign-in,
 * doctor, plan and apply, each as a process of its own that knows no more than a real one would. The tenant takes a
 * second to know of anything new. Run it with `node examples/firstRun.ts`; nothing leaves this machine.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const folder = mkdtempSync(join(tmpdir(), "prepop-first-run-"));
const home = join(folder, "home");
const list = join(folder, "phones.csv");
const config = join(folder, "sandbox.json");
const users = Array.from({ length: 8 }, (_, n) => `user${n}@contoso.com`);
writeFileSync(config, JSON.stringify({ users, replicationMs: 1_000 }));
writeFileSync(
  list,
  `userPrincipalName,mobile\n${users
    .slice(0, 5)
    .map((user, n) => `${user},+1 202 555 010${n}\n`)
    .join("")}`,
);

const bin = join(import.meta.dirname, "../src/bin.ts");
const base = { PATH: process.env.PATH, HOME: folder };
const sandbox = spawn(process.execPath, [bin, "sandbox", "start", "--tls", "--config", config, "--json"], {
  env: { ...base, PREPOP_HOME: join(folder, "sandbox") },
  stdio: ["ignore", "pipe", "inherit"],
});

try {
  const { url, authority, ca } = await ready();
  const env = {
    ...base,
    PREPOP_HOME: home,
    PREPOP_GRAPH_URL: url,
    AZURE_AUTHORITY_HOST: authority,
    NODE_EXTRA_CA_CERTS: ca,
  };
  // The sandbox's administrator has a device code confirmed as soon as it is shown.
  await prepop(["setup", "--auth", "device-code", "--yes"], 0, env);
  await prepop(["login", "--profile", "contoso.com"], 0, env);
  await prepop(["doctor"], 0, env);
  await prepop(["plan", list, "--limit", "5"], 2, env);
  await prepop(["apply", list, "--limit", "5", "--yes"], 0, env);
  await prepop(["plan", list], 0, env);
  await prepop(["setup", "--remove", "--auth", "device-code", "--yes"], 0, env);
} finally {
  sandbox.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}

/** The sandbox's first line says all that a client has to be told. */
async function ready(): Promise<Readonly<Record<"url" | "authority" | "ca", string>>> {
  for await (const line of createInterface(sandbox.stdout)) return JSON.parse(line);
  throw new Error("The sandbox did not start.");
}

/** Runs one command and shows what it says. */
async function prepop(argv: readonly string[], expected: number, env: NodeJS.ProcessEnv): Promise<void> {
  console.log(`\n$ prepop ${argv.join(" ")}`);
  const child = spawn(process.execPath, [bin, ...argv], { env, stdio: ["ignore", "inherit", "inherit"] });
  const exitCode = await new Promise(resolve => child.once("close", resolve));
  if (exitCode !== expected) throw new Error(`Exit code ${exitCode}, but ${expected} was expected.`);
}
