import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { forgetTokens, hasTokens, tokenFile } from "../../src/cli/tokenFile.ts";
import { platformSeal, type RunProgram } from "../../src/cli/tokenSeal.ts";
import { temporaryFolder } from "../support/ledgerData.ts";

const tokens = '{"RefreshToken":{"secret":"planted-refresh-token"}}';
const withBus = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/1000/bus" };

/** The three stores as their programs answer. What stands in the arguments is kept, because others can see it. */
function fakeStores() {
  const kept = new Map<string, string>();
  const seen: string[] = [];
  const missing = (code: number) => Object.assign(new Error("not found"), { code });
  const run: RunProgram = async (command, args, input) => {
    seen.push([command, ...args].join(" "));
    const key = args.slice(-4).join(" ");
    switch (`${command} ${args[0]}`) {
      case "secret-tool store":
        kept.set(key, input);
        return "";
      case "secret-tool lookup":
        return kept.get(key) ?? Promise.reject(missing(1));
      case "security -i": {
        const [, name = "", secret = ""] = /-a (\S+) -w (\S+)\n$/.exec(input) ?? [];
        kept.set(name, secret);
        return "";
      }
      case "security find-generic-password":
        return kept.has(args[4] ?? "") ? `${kept.get(args[4] ?? "")}\n` : Promise.reject(missing(44));
      case "powershell.exe -NoProfile": {
        const bytes = Buffer.from(input, "base64").map(each => each ^ 0x5a);
        return `${Buffer.from(bytes).toString("base64")}\r\n`;
      }
      default:
        kept.delete(args.at(-1) ?? "");
        kept.delete(key);
        return "";
    }
  };
  return { run, seen, kept };
}

for (const [platform, env, name] of [
  ["win32", {}, "dpapi"],
  ["darwin", {}, "keychain"],
  ["linux", withBus, "libsecret"],
] as const) {
  test(`${name}: tokens come back as they were, and neither file nor arguments hold them`, async () => {
    const home = temporaryFolder();
    const { run, seen, kept } = fakeStores();
    const seal = platformSeal(env, platform, run);
    const settings = { home, profile: "Contoso", seal, note: () => assert.fail("nothing is to be noted") };
    await tokenFile(settings).write(tokens);
    assert.equal(await tokenFile(settings).read(), tokens);
    const file = readFileSync(join(home, "tokens", "contoso.json"), "utf8");
    assert.equal(JSON.parse(file).sealedBy, name);
    const visible = [file, ...seen].join("\n");
    assert.doesNotMatch(visible, /planted-refresh-token/);
    for (const secret of kept.values()) assert.ok(!visible.includes(secret));
    assert.ok(await forgetTokens(home, "contoso", seal));
    assert.equal(kept.size, 0);
    assert.equal(await tokenFile(settings).read(), undefined);
  });
}

test("what was sealed for one profile does not open for another, nor when it was changed", async () => {
  const seal = platformSeal(withBus, "linux", fakeStores().run);
  const sealed = (await seal?.seal("one", tokens)) ?? "";
  await seal?.seal("two", tokens);
  await assert.rejects(async () => seal?.open("two", sealed));
  await assert.rejects(async () =>
    seal?.open(
      "one",
      sealed.replace(/^./, each => (each === "A" ? "B" : "A")),
    ),
  );
});

test("where the store does not answer, the tokens are kept in the file alone, and that is said once", async () => {
  const home = temporaryFolder();
  const notes: string[] = [];
  const seal = platformSeal(withBus, "linux", () => Promise.reject(new Error("no bus")));
  const store = tokenFile({ home, profile: "contoso", seal, note: line => notes.push(line) });
  await store.write(tokens);
  await store.write(tokens);
  assert.equal(await store.read(), tokens);
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? "", /only you can read/);
});

test("without a session there is no store to ask on Linux", () => {
  assert.equal(platformSeal({}, "linux"), undefined);
});

test("a store whose key is gone means to sign in again", async () => {
  const home = temporaryFolder();
  const stores = fakeStores();
  const settings = {
    home,
    profile: "contoso",
    seal: platformSeal({}, "darwin", stores.run),
    note: () => undefined,
  };
  await tokenFile(settings).write(tokens);
  stores.kept.clear();
  await assert.rejects(tokenFile(settings).read(), { code: "PREPOP_AUTH_SIGN_IN_AGAIN" });
  await assert.rejects(tokenFile({ ...settings, seal: undefined }).read(), {
    code: "PREPOP_AUTH_SIGN_IN_AGAIN",
  });
});

test("nothing was kept: nothing to forget; and what cannot be kept is said while the sign-in goes on", async () => {
  const home = temporaryFolder();
  assert.equal(await hasTokens(home, "contoso"), false);
  assert.equal(await forgetTokens(home, "contoso", undefined), false);
  writeFileSync(join(home, "tokens"), "a file where the folder would be");
  const notes: string[] = [];
  await tokenFile({ home, profile: "contoso", seal: undefined, note: line => notes.push(line) }).write(
    tokens,
  );
  assert.match(notes[0] ?? "", /cannot be kept/);
});
