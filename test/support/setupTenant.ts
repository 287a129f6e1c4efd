import type { TestContext } from "node:test";
import type { Sandbox, SandboxConfig, SandboxLogEntry } from "../../src/sandbox/sandbox.ts";
import { browse } from "./browser.ts";
import { type CliPlace, type CliRun, runCli } from "./cli.ts";
import { temporaryFolder } from "./ledgerData.ts";
import { aTrustedSandbox } from "./trustedSandbox.ts";
import { type VirtualClock, virtualClock } from "./virtualClock.ts";

/** An empty tenant over TLS, an empty home, and an administrator at her browser. Time passes as nobody waits. */
export type SetupTenant = {
  readonly sandbox: Sandbox;
  readonly home: string;
  readonly clock: VirtualClock;
  run(argv: readonly string[], place?: Partial<CliPlace>): Promise<CliRun>;
  /** What the tenant holds, asked with the sandbox's own token. */
  held(): Promise<Held>;
  /** Writes that took effect, by the name of their operation. */
  written(): readonly string[];
};

export type Held = {
  readonly applications: readonly Readonly<Record<string, unknown>>[];
  /** How many certificates and secrets they have. */
  readonly certificates: number;
  readonly secrets: number;
  /** Without Microsoft's own. */
  readonly principals: readonly Readonly<Record<string, unknown>>[];
  /** Delegated grants: client, for whom, and what. */
  readonly grants: readonly string[];
  /** Names of granted application permissions. */
  readonly roles: readonly string[];
};

export async function aSetupTenant(t: TestContext, config: SandboxConfig = {}): Promise<SetupTenant> {
  const clock = virtualClock();
  const sandbox = await aTrustedSandbox({ clock: clock.sandbox, ...config });
  t.after(() => sandbox.close());
  const home = temporaryFolder();
  const env = {
    NO_COLOR: "1",
    PREPOP_HOME: home,
    PREPOP_GRAPH_URL: sandbox.url,
    AZURE_AUTHORITY_HOST: sandbox.signIn.authority,
  };
  const openBrowser = async (url: string) => {
    await browse(url);
  };
  const list = async (path: string) => {
    const headers = { authorization: `Bearer ${sandbox.token}` };
    const answer = await fetch(`${sandbox.url}/v1.0/${path}`, { headers });
    const { value } = (await answer.json()) as { value: readonly Readonly<Record<string, unknown>>[] };
    return value;
  };
  return {
    sandbox,
    home,
    clock,
    run: (argv, { env: more = {}, ...place } = {}) =>
      runCli(argv, { env: { ...env, ...more }, clock, openBrowser, ...place }),
    held: async () => {
      const all = await list("servicePrincipals");
      const graph = all.find(({ displayName }) => displayName === "Microsoft Graph");
      const nameOf = (id: unknown) => String(all.find(each => each.id === id)?.displayName);
      const offered = graph?.appRoles as readonly { id: string; value: string }[];
      const assigned = await list(`servicePrincipals/${graph?.id}/appRoleAssignedTo`);
      const grants = await list("oauth2PermissionGrants");
      const applications = await list("applications");
      const count = (property: string) => applications.flatMap(each => each[property]).length;
      return {
        applications,
        certificates: count("keyCredentials"),
        secrets: count("passwordCredentials"),
        principals: all.filter(({ displayName }) => !String(displayName).startsWith("Microsoft ")),
        grants: grants.map(each => `${nameOf(each.clientId)}, ${each.consentType}: ${each.scope}`),
        roles: assigned.map(({ appRoleId }) => String(offered.find(({ id }) => id === appRoleId)?.value)),
      };
    },
    written: () => sandbox.log.filter(({ executed }) => executed).map(nameOfEntry),
  };
}

function nameOfEntry({ operation }: SandboxLogEntry): string {
  return operation ?? "unknown";
}
