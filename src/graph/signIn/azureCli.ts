import { execFile } from "node:child_process";
import { PrepopError } from "../../model/errors.ts";
import { cleanCause } from "../clean.ts";
import { isRecord, parseJson, textOf } from "../json.ts";
import type { TokenCredential } from "../token.ts";
import { failureFacts } from "./convert.ts";

export type AzureCliSettings = {
  /** Id or domain; undefined: the tenant that `az` is signed in to. */
  readonly tenantId: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
};

/**
 * Tokens of whoever is signed in to the Azure CLI. It is asked anew each time, because it keeps them itself.
 * Source: https://learn.microsoft.com/cli/azure/account#az-account-get-access-token (read 2026-11-23).
 */
export function azureCli({ tenantId, env, platform }: AzureCliSettings): TokenCredential {
  // On Windows `az` is a batch file, which only a shell runs; so nothing may stand in the arguments but this.
  if (tenantId !== undefined && !/^[A-Za-z0-9.-]+$/.test(tenantId)) {
    throw new PrepopError("PREPOP_AUTH_SETTINGS", {
      what: "The tenant",
      why: "it is neither an id nor a domain",
      fix: "Correct --tenant or AZURE_TENANT_ID.",
    });
  }
  return {
    getToken: async scopes => {
      const resource = String([scopes].flat()[0]).replace(/\/\.default$/, "");
      const wanted = ["account", "get-access-token", "--output", "json", "--resource", resource];
      if (tenantId !== undefined) wanted.push("--tenant", tenantId);
      return answerOf(await run(wanted, env, platform));
    },
  };
}

function run(wanted: readonly string[], env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      env,
      shell: platform === "win32",
      timeout: 60_000,
      windowsHide: true,
      encoding: "utf8",
    } as const;
    execFile("az", wanted, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failed(error, stderr));
    });
  });
}

function failed(error: Error & { readonly code?: unknown }, stderr: string): PrepopError {
  const missing = error.code === "ENOENT" || error.code === 127 || /not (found|recognized)/i.test(stderr);
  const facts = missing
    ? {
        why: "the Azure CLI (az) is not installed or not on the PATH",
        fix: "Install it, or sign in another way.",
      }
    : /az login/i.test(stderr)
      ? { why: "nobody is signed in to the Azure CLI", fix: "Run `az login` and try again." }
      : failureFacts(stderr.trim() || cleanCause(error));
  return new PrepopError("PREPOP_AUTH_SIGN_IN_FAILED", facts, error);
}

function answerOf(stdout: string) {
  const value = parseJson(stdout);
  const token = isRecord(value) ? textOf(value.accessToken) : undefined;
  if (!isRecord(value) || token === undefined) {
    throw new PrepopError("PREPOP_AUTH_SIGN_IN_FAILED", {
      why: "the Azure CLI answered without a token",
      fix: "Bring it up to date (`az upgrade`), or sign in another way.",
    });
  }
  const tenantId = textOf(value.tenant);
  return { token, expiresOnTimestamp: expiry(value), ...(tenantId === undefined ? {} : { tenantId }) };
}

/** `expires_on` is in seconds since 1970; older versions have only `expiresOn`, in local time. */
function expiry({ expires_on: seconds, expiresOn }: Readonly<Record<string, unknown>>): number {
  const at = Number(seconds) * 1_000;
  if (at > 0) return at;
  const local = Date.parse(String(expiresOn));
  return Number.isNaN(local) ? 0 : local;
}
