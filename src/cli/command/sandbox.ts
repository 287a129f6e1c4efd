import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PrepopError } from "../../model/errors.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";
import { wholeNumber } from "../option.ts";

export const sandbox: readonly CommandSpec[] = [
  {
    name: "sandbox start",
    summary: "serve an invented tenant to rehearse against",
    arguments: [],
    options: [
      { flags: "--port <n>", summary: "the port (default: a free one)", parse: wholeNumber(0) },
      { flags: "--users <n>", summary: "how many users it has (default: 100)", parse: wholeNumber(0) },
      { flags: "--tls", summary: "serve https, with the endpoints that sign-in libraries ask" },
      { flags: "--config <file>", summary: "users, files, quota, latency and faults, as JSON" },
      ...everywhere,
    ],
    examples: [
      "prepop sandbox start --port 4010 --users 1000",
      "prepop sandbox start --config faults.json --json",
      "prepop sandbox start --tls",
    ],
    async run(call) {
      const { openOutput } = await import("../output.ts");
      const { startSandbox } = await import("../../sandbox/sandbox.ts");
      const output = openOutput(call, () => performance.now());
      const { config } = call.options;
      const given = typeof config === "string" ? withFiles(await readConfig(config), config) : {};
      const users = call.options.users as number | undefined;
      const port = call.options.port as number | undefined;
      const started = await startSandbox({
        users: 100,
        judgeSwagger: await swaggerJudge(),
        ...given,
        ...(users === undefined ? {} : { users }),
        ...(port === undefined ? {} : { port }),
        ...(call.options.tls === true ? { tls: true } : {}),
      });
      const { authority, ca, clientId, clientSecret } = started.signIn;
      const { homeFolder } = await import("../../ledger/home.ts");
      const home = homeFolder(call.surroundings.env, call.surroundings.platform);
      const trusted = ca === undefined ? undefined : await writeAuthority(home, started.url, ca);
      await output.line({
        type: "ready",
        url: started.url,
        token: started.token,
        tenantId: started.tenantId,
        ...(trusted === undefined ? {} : { authority, ca: trusted, clientId, clientSecret }),
      });
      await output.say(`The sandbox listens on ${started.url} until Ctrl-C. In another terminal:`);
      for (const line of firstSteps(started, trusted)) await output.say(`  ${line}`);
      const { signal } = call.surroundings;
      await new Promise<void>(resolve => {
        if (signal.aborted) return resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await started.close();
      if (trusted !== undefined) await rm(trusted, { force: true });
      await output.line({ type: "summary", command: "sandbox start", exitCode: 0, ...started.stats() });
      return 0;
    },
  },
  {
    name: "sandbox reset",
    summary: "empty the embedded sandbox tenant",
    arguments: [],
    options: everywhere,
    examples: ["prepop sandbox reset"],
    async run(call) {
      const { openOutput } = await import("../output.ts");
      const { resetEmbedded } = await import("../../sandbox/embedded.ts");
      const { homeFolder } = await import("../../ledger/home.ts");
      const output = openOutput(call, () => performance.now());
      await resetEmbedded(homeFolder(call.surroundings.env, call.surroundings.platform));
      await output.say("The sandbox tenant is empty.");
      await output.line({ type: "summary", command: "sandbox reset", exitCode: 0 });
      return 0;
    },
  },
];

/** What to type in the other terminal: with the token as it is, or with a sign-in of one's own. */
function firstSteps(started: Sandbox, trusted: string | undefined): string[] {
  const { url, token, tenantId, signIn } = started;
  if (trusted === undefined) {
    return [`export PREPOP_GRAPH_URL=${url} PREPOP_ACCESS_TOKEN=${token}`, "prepop plan phones.xlsx"];
  }
  return [
    `export PREPOP_GRAPH_URL=${url} AZURE_AUTHORITY_HOST=${signIn.authority} NODE_EXTRA_CA_CERTS=${trusted}`,
    `export AZURE_TENANT_ID=${tenantId} AZURE_CLIENT_ID=${signIn.clientId} AZURE_CLIENT_SECRET=${signIn.clientSecret}`,
    "prepop plan phones.xlsx",
  ];
}

/** The certificate that clients have to trust; one file a sandbox, gone when it ends. Its key is nowhere. */
async function writeAuthority(home: string, url: string, ca: string): Promise<string> {
  const path = join(home, `sandbox-ca-${new URL(url).port}.pem`);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(path, ca);
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
    throw new PrepopError("PREPOP_FILE_WRITE", { file: path, why }, cause);
  }
  return path;
}

/** The settings in what `probe` has written; undefined for a config of one's own. */
function probedIn(value: object): object | undefined {
  if (!("kind" in value && value.kind === "prepop probe")) return undefined;
  const { sandbox } = value as { readonly sandbox?: unknown };
  return typeof sandbox === "object" && sandbox !== null ? sandbox : {};
}

/** Power Platform's validation in the sandbox is our lint. */
async function swaggerJudge(): Promise<(swagger: string, certification: boolean) => string | undefined> {
  const { judgeSwagger } = await import("../../connector/lint/judge.ts");
  return judgeSwagger;
}

/** Paths of files are meant from the config's own folder; one that is not there is tried from the current one. */
function withFiles(config: object, path: string): object {
  if (!("files" in config) || !Array.isArray(config.files)) return config;
  const files = config.files.map((file: unknown) => {
    if (typeof file !== "object" || file === null || !("from" in file) || typeof file.from !== "string") {
      return file;
    }
    const beside = resolve(dirname(path), file.from);
    return { ...file, from: existsSync(beside) ? beside : file.from };
  });
  return { ...config, files };
}

async function readConfig(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new PrepopError(
      "PREPOP_USAGE",
      { why: "the config file cannot be read", fix: "Check the path." },
      cause,
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return probedIn(value) ?? value;
  } catch (cause) {
    throw new PrepopError("PREPOP_USAGE", { why: "the config file is not JSON", fix: "Correct it." }, cause);
  }
  throw new PrepopError("PREPOP_USAGE", { why: "the config file is not a JSON object", fix: "Correct it." });
}
