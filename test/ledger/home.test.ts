import assert from "node:assert/strict";
import { homedir } from "node:os";
import { posix } from "node:path";
import { test } from "node:test";
import { homeFolder } from "../../src/ledger/home.ts";

type Case = {
  readonly name: string;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
};

const cases: readonly Case[] = [
  {
    name: "PREPOP_HOME comes first",
    platform: "linux",
    env: { PREPOP_HOME: "/srv/prepop", HOME: "/home/ann", XDG_DATA_HOME: "/data" },
    home: "/srv/prepop",
  },
  {
    name: "an empty PREPOP_HOME counts as none",
    platform: "linux",
    env: { PREPOP_HOME: "", HOME: "/home/ann" },
    home: "/home/ann/.local/share/prepop",
  },
  {
    name: "Linux has XDG_DATA_HOME",
    platform: "linux",
    env: { HOME: "/home/ann", XDG_DATA_HOME: "/data" },
    home: "/data/prepop",
  },
  {
    name: "a relative XDG_DATA_HOME is ignored, as its specification asks",
    platform: "linux",
    env: { HOME: "/home/ann", XDG_DATA_HOME: "data" },
    home: "/home/ann/.local/share/prepop",
  },
  {
    name: "macOS has Application Support",
    platform: "darwin",
    env: { HOME: "/Users/ann" },
    home: "/Users/ann/Library/Application Support/prepop",
  },
  {
    name: "Windows has the local data folder, not the roaming one",
    platform: "win32",
    env: { LOCALAPPDATA: "C:\\Users\\ann\\AppData\\Local", APPDATA: "C:\\Users\\ann\\AppData\\Roaming" },
    home: "C:\\Users\\ann\\AppData\\Local\\prepop",
  },
  {
    name: "Windows without LOCALAPPDATA has the profile",
    platform: "win32",
    env: { USERPROFILE: "C:\\Users\\ann" },
    home: "C:\\Users\\ann\\AppData\\Local\\prepop",
  },
  {
    name: "an empty environment has the account's folder",
    platform: "linux",
    env: {},
    home: posix.join(homedir(), ".local/share/prepop"),
  },
];

for (const { name, platform, env, home } of cases) {
  test(name, () => {
    assert.equal(homeFolder(env, platform), home);
  });
}

test("a relative PREPOP_HOME counts from the current folder", { skip: process.platform === "win32" }, () => {
  assert.equal(homeFolder({ PREPOP_HOME: "state" }, "linux"), posix.resolve("state"));
});
