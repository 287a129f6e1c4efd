import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { delimiter, join } from "node:path";
import { type Sandbox, type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type CliPlace, type CliRun, runCli } from "./cli.ts";
import { temporaryFolder } from "./ledgerData.ts";
import { listen, stop } from "./scriptedGraph.ts";

/** Tenants behind one address, as behind Microsoft's own: the token says which one is meant. */
export type ManyTenants = AsyncDisposable & {
  readonly home: string;
  tenant(name: string): Sandbox;
  run(argv: readonly string[], place?: Partial<CliPlace>): Promise<CliRun>;
};

export type TenantSeed = SandboxConfig & {
  readonly region?: string;
  /** Whoever is signed in to the Azure CLI is not signed in to this tenant any more. */
  readonly signedOut?: true;
};

/** A profile for each tenant, signed in to through an Azure CLI that knows them all. */
export async function manyTenants(seeds: Readonly<Record<string, TenantSeed>>): Promise<ManyTenants> {
  const sandboxes = new Map<string, Sandbox>();
  const home = temporaryFolder();
  const bin = temporaryFolder();
  const profiles: object[] = [];
  mkdirSync(join(bin, "tokens"));
  for (const [name, { region, signedOut, ...config }] of Object.entries(seeds)) {
    const sandbox = await startSandbox({ domain: `${name}.example`, ...config });
    sandboxes.set(name, sandbox);
    const { tenantId, token } = sandbox;
    profiles.push({ name, tenantId, cloud: "global", auth: "azureCli", ...(region ? { region } : {}) });
    const answer = { accessToken: token, tenant: tenantId, expires_on: 4_000_000_000 };
    if (!signedOut) writeFileSync(join(bin, "tokens", tenantId), JSON.stringify(answer));
  }
  writeFileSync(join(home, "profiles.json"), JSON.stringify({ formatVersion: 1, profiles }));
  // The tenant is the last of its arguments.
  const script = `#!/bin/sh\nfor last; do :; done\ncat "${bin}/tokens/$last" 2>/dev/null && exit 0\necho "Please run 'az login'" >&2\nexit 1\n`;
  writeFileSync(join(bin, "az"), script);
  chmodSync(join(bin, "az"), 0o755);

  const gateway = createServer((request, response) => {
    const token = request.headers.authorization?.replace(/^Bearer /, "");
    const sandbox = [...sandboxes.values()].find(each => each.token === token);
    if (!sandbox) response.writeHead(401).end();
    else forward(request, sandbox.url, response).catch(error => response.destroy(error as Error));
  });
  const env = {
    PREPOP_HOME: home,
    PREPOP_GRAPH_URL: await listen(gateway),
    PATH: `${bin}${delimiter}${process.env.PATH}`,
  };
  return {
    home,
    tenant(name) {
      const sandbox = sandboxes.get(name);
      if (!sandbox) throw new Error(`There is no tenant ${name}.`);
      return sandbox;
    },
    run: (argv, place = {}) => runCli(argv, { env, ...place }),
    async [Symbol.asyncDispose]() {
      await stop(gateway);
      for (const sandbox of sandboxes.values()) await sandbox.close();
    },
  };
}

/** Hands a request on and its answer back, with the headers that say something. */
async function forward(request: IncomingMessage, to: string, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const answer = await fetch(`${to}${request.url}`, {
    method: request.method ?? "GET",
    headers: headers as Record<string, string>,
    ...(body.length === 0 ? {} : { body }),
  });
  const kept = ["content-type", "retry-after", "date", "request-id"].flatMap(name => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  response.writeHead(answer.status, Object.fromEntries(kept));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
