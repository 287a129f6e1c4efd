import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { PowerPlatform } from "../connector/service/powerPlatform.ts";
import { PrepopError } from "../model/errors.ts";
import { isSafe } from "../model/loopback.ts";
import type { Call } from "./command.ts";
import { memoryStore } from "./memoryStore.ts";

const resource = "https://service.powerapps.com";
/** The client that Microsoft's own paconn signs in with (Azure CLI); every tenant knows it. */
const client = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** Opens Power Platform as whoever signs in: with PREPOP_POWER_PLATFORM_TOKEN, else with a code on another device. */
export async function openService(call: Call, note: (line: string) => void): Promise<PowerPlatform> {
  const { env, signal, clock } = call.surroundings;
  const { openPowerPlatform } = await import("../connector/service/powerPlatform.ts");
  const { systemClock } = await import("../engine/clock.ts");
  const url = origin(env.PREPOP_POWER_PLATFORM_URL);
  return openPowerPlatform({
    url: url ?? "https://api.powerapps.com",
    flowUrl: url ?? "https://api.flow.microsoft.com",
    token: env.PREPOP_POWER_PLATFORM_TOKEN || (await signIn(call, note)),
    sleep: ms => (clock ?? systemClock).sleep(ms, signal),
    signal,
  });
}

/**
 * The environment to work in: as given, or the only one there is.
 * @throws PrepopError PREPOP_USAGE that names the choices
 */
export async function environmentOf(call: Call, service: PowerPlatform): Promise<string> {
  const { environment } = call.options;
  if (typeof environment === "string") return environment;
  const all = await service.environments();
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only.name;
  const names = all.map(({ name, displayName }) => `${name} (${displayName})`).join(", ");
  throw new PrepopError("PREPOP_USAGE", {
    why: "The tenant has more than one environment",
    fix: `Say which with --environment: ${names}.`,
  });
}

/** The client secret: from PREPOP_CONNECTOR_SECRET, or typed unseen on a terminal; undefined when there is none. */
export async function secretOf(call: Call): Promise<string | undefined> {
  const { env, stdin, stderr, signal } = call.surroundings;
  if (env.PREPOP_CONNECTOR_SECRET) return env.PREPOP_CONNECTOR_SECRET;
  if (stdin.isTTY !== true || call.options.json === true || call.options.input === false) return undefined;
  stderr.write("Client secret of the application registration (it is not shown): ");
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: unseen, terminal: true });
  try {
    const typed = (await lines.question("", { signal })).trim();
    stderr.write("\n");
    return typed === "" ? undefined : typed;
  } finally {
    lines.close();
  }
}

async function signIn(call: Call, note: (line: string) => void): Promise<string> {
  const { env, signal, stdin } = call.surroundings;
  if (call.options.json === true || stdin.isTTY !== true) {
    throw new PrepopError("PREPOP_POWER_PLATFORM_DENIED", {
      what: "anything",
      why: "nobody has signed in; set PREPOP_POWER_PLATFORM_TOKEN, or run the command on a terminal",
      request: "",
    });
  }
  const { authorityOf } = await import("../graph/signIn/authority.ts");
  const { asPerson, signInPerson } = await import("../graph/signIn/person.ts");
  const settings = {
    authority: authorityOf(env.AZURE_AUTHORITY_HOST, "global"),
    tenantId: env.AZURE_TENANT_ID || "organizations",
    clientId: client,
    store: memoryStore(),
    scopes: [".default"],
    profile: "power-platform",
  };
  const show = ({ message }: { readonly message: string }): void => note(message);
  const { account } = await signInPerson(settings, { kind: "deviceCode", show }, resource, signal);
  const token = await asPerson(settings, account).getToken(`${resource}/.default`);
  if (token === null) throw new PrepopError("PREPOP_AUTH_NO_TOKEN");
  return token.token;
}

/** A token goes over https only, or to this machine. The value is not repeated: it may hold a password. */
function origin(given: string | undefined): string | undefined {
  if (!given) return undefined;
  const url = URL.parse(given);
  if (url !== null && isSafe(url) && url.href === `${url.origin}/`) return url.origin;
  throw new PrepopError("PREPOP_USAGE", {
    why: "PREPOP_POWER_PLATFORM_URL cannot be used",
    fix: "Give an https origin, without path or password; plain http only for a loopback address.",
  });
}
