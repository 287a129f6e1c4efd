import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { jsonLines, type Line } from "../support/cli.ts";
import { temporaryFolder } from "../support/ledgerData.ts";
import { csv } from "../support/rehearse.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { upn } from "../support/tenant.ts";

/** What only a real process can show: signals, kill -9, pipes, and the first line of a sandbox. */

const bin = join(import.meta.dirname, "../../src/bin.ts");

type Ran = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };
type Started = { readonly child: ChildProcess; readonly done: Promise<Ran> };

function prepop(t: TestContext, argv: readonly string[], env: NodeJS.ProcessEnv = {}, stdin = ""): Started {
  const child = spawn(process.execPath, [bin, ...argv], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", chunk => {
    stdout += String(chunk);
  });
  child.stderr.on("data", chunk => {
    stderr += String(chunk);
  });
  const done = once(child, "close").then(() => ({ exitCode: child.exitCode, stdout, stderr }));
  return { child, done };
}

function run(t: TestContext, argv: readonly string[], env: NodeJS.ProcessEnv = {}, stdin = ""): Promise<Ran> {
  return prepop(t, argv, env, stdin).done;
}

const count = 40;

function roster(): string {
  const rows = Array.from({ length: count }, (_, at) => `${upn(at + 1)},+31 6123450${10 + at}`);
  return csv("userPrincipalName,mobile", ...rows);
}

async function tenant(t: TestContext, latencyMs = 0) {
  const users = Array.from({ length: count }, (_, at) => upn(at + 1));
  const sandbox = await startSandbox({ users, latencyMs });
  t.after(() => sandbox.close());
  const env = {
    PREPOP_HOME: temporaryFolder(),
    PREPOP_GRAPH_URL: sandbox.url,
    PREPOP_ACCESS_TOKEN: sandbox.token,
  };
  return { sandbox, env };
}

test("sandbox start says where it is in its first line, serves plan and apply, and ends with a signal", async t => {
  const started = prepop(t, ["sandbox", "start", "--users", "5", "--json"], {
    PREPOP_HOME: temporaryFolder(),
  });
  const { stdout } = started.child;
  assert.ok(stdout);
  const [first] = (await once(createInterface(stdout), "line")) as [string];
  const ready = JSON.parse(first) as Line;
  assert.equal(ready.type, "ready");
  assert.match(String(ready.url), /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(typeof ready.token, "string");

  const env = {
    PREPOP_HOME: temporaryFolder(),
    PREPOP_GRAPH_URL: String(ready.url),
    PREPOP_ACCESS_TOKEN: String(ready.token),
  };
  const list = csv("userPrincipalName,mobile", "user000001@contoso.com,+31 612345678");
  const applied = await run(t, ["apply", list, "--yes", "--json"], env);
  assert.equal(applied.exitCode, 0, applied.stderr);
  const planned = await run(t, ["plan", list, "--json"], env);
  assert.equal(planned.exitCode, 0, planned.stderr);

  started.child.kill("SIGTERM");
  const ended = await started.done;
  assert.equal(ended.exitCode, 0, ended.stderr);
  assert.equal(jsonLines(ended.stdout).at(-1)?.type, "summary");
});

test("sandbox start takes a config file, and refuses one that is wrong", async t => {
  const config = {
    users: ["kim@contoso.com"],
    quota: { writeBurst: 5, writePerSecond: 5 },
    latencyMs: 1,
    seed: 3,
  };
  const env = { PREPOP_HOME: temporaryFolder() };
  const file = rosterFile("sandbox.json", JSON.stringify(config));
  const started = prepop(t, ["sandbox", "start", "--config", file, "--json"], env);
  assert.ok(started.child.stdout);
  const [first] = (await once(createInterface(started.child.stdout), "line")) as [string];
  const { url, token } = JSON.parse(first) as Line;
  const answer = await fetch(`${url}/v1.0/users/kim@contoso.com`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 200);
  started.child.kill("SIGTERM");
  await started.done;

  const wrong = rosterFile("wrong.json", JSON.stringify({ usres: 5 }));
  const refused = await run(t, ["sandbox", "start", "--config", wrong, "--json"], env);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /usres/);
});

test("--sandbox keeps its state in PREPOP_HOME between commands, and sandbox reset empties it", async t => {
  const env = { PREPOP_HOME: temporaryFolder() };
  const list = csv("userPrincipalName,mobile", "kim@contoso.com,+31 612345678");
  const planned = await run(t, ["plan", list, "--sandbox", "--json"], env);
  assert.equal(planned.exitCode, 2, planned.stderr);
  assert.equal(existsSync(join(env.PREPOP_HOME, "sandbox.json")), false, "plan changes nothing");
  const applied = await run(t, ["apply", list, "--sandbox", "--yes", "--json"], env);
  assert.equal(applied.exitCode, 0, applied.stderr);
  assert.equal((await run(t, ["plan", list, "--sandbox", "--json"], env)).exitCode, 0);
  assert.equal((await run(t, ["sandbox", "reset", "--json"], env)).exitCode, 0);
  assert.equal((await run(t, ["plan", list, "--sandbox", "--json"], env)).exitCode, 2);
});

test("Ctrl-C ends a run with 130; what was under way is finished, and resume does the rest once", async t => {
  const { sandbox, env } = await tenant(t, 5);
  const { child, done } = prepop(
    t,
    ["apply", roster(), "--yes", "--json", "--rate", "25", "--no-batch"],
    env,
  );
  sandbox.interfere(({ operation }) => {
    if (operation === "createPhone" && sandbox.stats().writes === 5) child.kill("SIGINT");
  });
  const { exitCode, stdout, stderr } = await done;
  assert.equal(exitCode, 130, stderr);
  const summary = jsonLines(stdout).at(-1);
  assert.equal(summary?.type, "summary");
  const before = sandbox.stats().executed;
  assert.ok(before < count);
  sandbox.interfere(undefined);
  const resumed = await run(t, ["resume", "--yes", "--json", "--rate", "0"], env);
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.equal(sandbox.stats().executed, count);
  assert.equal(sandbox.stats().writes, count);
});

test("after kill -9 in the middle, resume loses nothing and writes nothing twice", async t => {
  const { sandbox, env } = await tenant(t, 5);
  const { child, done } = prepop(
    t,
    ["apply", roster(), "--yes", "--json", "--rate", "50", "--concurrency", "4"],
    env,
  );
  sandbox.interfere(({ operation }) => {
    if (operation === "createPhone" && sandbox.stats().writes === 9) child.kill("SIGKILL");
  });
  await done;
  assert.ok(sandbox.stats().executed < count);
  sandbox.interfere(undefined);
  const resumed = await run(
    t,
    ["resume", "--yes", "--json", "--rate", "0", "--settle-horizon", "200ms"],
    env,
  );
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.equal(sandbox.stats().executed, count);
  for (let index = 1; index <= count; index++) {
    assert.equal(sandbox.user(upn(index))?.phones.mobile?.phoneNumber, `+31 6123450${9 + index}`);
  }
  const shown = await run(t, ["runs", "--json"], env);
  const [line] = jsonLines(shown.stdout);
  assert.equal(line?.state, "done");
  const counts = line?.counts as { readonly applied: number } | undefined;
  assert.equal(counts?.applied, count);
});

test("while one run writes, a second one is told to wait, and --lock-timeout waits in line", async t => {
  const { sandbox, env } = await tenant(t, 5);
  const list = roster();
  const first = prepop(t, ["apply", list, "--yes", "--json", "--rate", "20"], env);
  await new Promise<void>(resolve => {
    sandbox.interfere(({ operation }) => {
      if (operation === "createPhone") resolve();
    });
  });
  const second = await run(t, ["apply", list, "--yes", "--json", "--policy", "update"], env);
  assert.equal(second.exitCode, 5, second.stderr);
  assert.match(second.stderr, /Another prepop/);
  const inLine = [["--policy", "update"], []].map(options =>
    run(t, ["apply", list, "--yes", "--json", "--lock-timeout", "30s", ...options], env),
  );
  assert.equal((await first.done).exitCode, 0);
  for (const { exitCode, stderr } of await Promise.all(inLine)) assert.equal(exitCode, 0, stderr);
  const runs = jsonLines((await run(t, ["runs", "--json"], env)).stdout);
  assert.deepEqual(
    runs.filter(line => line.type === "run").map(line => line.state),
    ["done", "done", "done"],
  );
  assert.equal(sandbox.stats().writes, count);
});

test("a roster comes in on standard input, for plan and for an apply that needs --yes", async t => {
  const { sandbox, env } = await tenant(t);
  const text = `userPrincipalName,mobile\n${upn(1)},+31 612345678\n`;
  const planned = await run(t, ["plan", "-", "--format", "csv", "--json"], env, text);
  assert.equal(planned.exitCode, 2, planned.stderr);
  const refused = await run(t, ["apply", "-", "--format", "csv", "--json"], env, text);
  assert.equal(refused.exitCode, 1);
  const applied = await run(t, ["apply", "-", "--format", "csv", "--json", "--yes"], env, text);
  assert.equal(applied.exitCode, 0, applied.stderr);
  assert.equal(sandbox.user(upn(1))?.phones.mobile?.phoneNumber, "+31 612345678");
});

test("a reader that goes away is no error", async t => {
  const { env } = await tenant(t);
  const { child, done } = prepop(t, ["plan", roster(), "--json"], env);
  child.stdout?.destroy();
  const { exitCode, stderr } = await done;
  assert.equal(exitCode, 0, stderr);
  assert.doesNotMatch(stderr, /EPIPE/);
});

test("the ledger and what it keeps are for the owner only, and hold no number in the clear", async t => {
  const { env } = await tenant(t);
  await run(t, ["apply", roster(), "--yes", "--rate", "0"], env);
  const { readdirSync } = await import("node:fs");
  for (const name of readdirSync(env.PREPOP_HOME, { recursive: true }) as string[]) {
    const path = join(env.PREPOP_HOME, name);
    const info = statSync(path);
    assert.equal(info.mode & 0o077, 0, `${name} is open to others`);
    if (info.isFile()) assert.doesNotMatch(readFileSync(path, "latin1"), /612345\d\d\d/, name);
  }
});
