import { execFile } from "node:child_process";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Runs a program of the platform with a text on its standard input, and gives its standard output. */
export type RunProgram = (command: string, args: readonly string[], input: string) => Promise<string>;

/** A store of the platform's that seals for this account. Each method throws where the store does not answer. */
export type TokenSeal = {
  readonly name: "dpapi" | "keychain" | "libsecret";
  seal(profile: string, text: string): Promise<string>;
  open(profile: string, sealed: string): Promise<string>;
  /** Takes away what the store keeps for a profile. */
  forget(profile: string): Promise<void>;
};

/** The store of this platform; undefined where there is none to be reached without a native build. */
export function platformSeal(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  run: RunProgram = runProgram(env),
): TokenSeal | undefined {
  switch (platform) {
    case "win32":
      return dpapi(run);
    case "darwin":
      return withKey("keychain", keychain(run));
    default:
      // Without a session bus there is nobody to ask, and secret-tool would try to start one.
      return env.DBUS_SESSION_BUS_ADDRESS ? withKey("libsecret", libsecret(run)) : undefined;
  }
}

/** Windows seals the text itself for the account. Nothing stands in the arguments but the script. */
function dpapi(run: RunProgram): TokenSeal {
  const script = (verb: string) =>
    [
      "$ErrorActionPreference='Stop'",
      "Add-Type -AssemblyName System.Security",
      "$b=[Convert]::FromBase64String([Console]::In.ReadToEnd().Trim())",
      `[Convert]::ToBase64String([Security.Cryptography.ProtectedData]::${verb}($b,$null,'CurrentUser'))`,
    ].join(";");
  const call = async (verb: string, input: string) => {
    const args = ["-NoProfile", "-NonInteractive", "-Command", script(verb)];
    return (await run("powershell.exe", args, input)).trim();
  };
  return {
    name: "dpapi",
    seal: (_profile, text) => call("Protect", Buffer.from(text).toString("base64")),
    open: async (_profile, sealed) => Buffer.from(await call("Unprotect", sealed), "base64").toString("utf8"),
    forget: async () => undefined,
  };
}

/** A place for one short secret a profile. */
type KeyStore = {
  find(profile: string): Promise<string | undefined>;
  keep(profile: string, secret: string): Promise<void>;
  remove(profile: string): Promise<void>;
};

/** `security -i` reads its commands from the standard input, so the key is in no argument. */
function keychain(run: RunProgram): KeyStore {
  const item = (profile: string) => ["-s", "prepop", "-a", profile];
  return {
    find: async profile => {
      try {
        return (
          (await run("security", ["find-generic-password", ...item(profile), "-w"], "")).trim() || undefined
        );
      } catch (error) {
        if (exitCodeOf(error) === 44) return undefined; // errSecItemNotFound
        throw error;
      }
    },
    keep: async (profile, secret) => {
      await run("security", ["-i"], `add-generic-password -U ${item(profile).join(" ")} -w ${secret}\n`);
    },
    remove: async profile => {
      await run("security", ["delete-generic-password", ...item(profile)], "");
    },
  };
}

function libsecret(run: RunProgram): KeyStore {
  const item = (profile: string) => ["service", "prepop", "profile", profile];
  return {
    find: async profile => {
      try {
        return (await run("secret-tool", ["lookup", ...item(profile)], "")).trim() || undefined;
      } catch (error) {
        if (exitCodeOf(error) === 1) return undefined; // nothing found
        throw error;
      }
    },
    keep: async (profile, secret) => {
      await run("secret-tool", ["store", "--label", `prepop ${profile}`, ...item(profile)], secret);
    },
    remove: async profile => {
      await run("secret-tool", ["clear", ...item(profile)], "");
    },
  };
}

const cipher = "aes-256-gcm";

/** Seals with a random key that the store keeps. */
function withKey(name: TokenSeal["name"], store: KeyStore): TokenSeal {
  return {
    name,
    seal: async (profile, text) => {
      let key = await store.find(profile);
      if (key === undefined) {
        key = randomBytes(32).toString("hex");
        await store.keep(profile, key);
        // A store that takes a key and does not give it back would lock the tokens up.
        if ((await store.find(profile)) !== key) throw new Error(`${name} did not keep the key`);
      }
      const nonce = randomBytes(12);
      const sealing = createCipheriv(cipher, Buffer.from(key, "hex"), nonce).setAAD(Buffer.from(profile));
      const body = Buffer.concat([sealing.update(text, "utf8"), sealing.final()]);
      return Buffer.concat([nonce, sealing.getAuthTag(), body]).toString("base64");
    },
    open: async (profile, sealed) => {
      const key = await store.find(profile);
      if (key === undefined) throw new Error(`${name} has no key for this profile`);
      const bytes = Buffer.from(sealed, "base64");
      const opening = createDecipheriv(cipher, Buffer.from(key, "hex"), bytes.subarray(0, 12), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(profile))
        .setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([opening.update(bytes.subarray(28)), opening.final()]).toString("utf8");
    },
    forget: profile => store.remove(profile),
  };
}

const patienceMs = 20_000;

function runProgram(env: NodeJS.ProcessEnv): RunProgram {
  return (command, args, input) =>
    new Promise((resolve, reject) => {
      const options = { env, timeout: patienceMs, windowsHide: true, encoding: "utf8" } as const;
      const child = execFile(command, args, options, (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(error);
      });
      // A program that is not there, or reads nothing, closes its input first; its end says all.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
}

function exitCodeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
