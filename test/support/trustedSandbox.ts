import { type Sandbox, type SandboxConfig, startSandbox } from "../../src/sandbox/sandbox.ts";
import { trust } from "./trust.ts";

/** A sandbox over TLS that this process trusts. */
export async function aTrustedSandbox(config: SandboxConfig = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ tls: true, users: 2, ...config });
  trust(sandbox.signIn.ca);
  return sandbox;
}
