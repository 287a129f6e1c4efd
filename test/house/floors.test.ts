import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";

/** The map: a room may import rooms of lower floors only, never its neighbours. Doors may import everything. */
const floors: Readonly<Record<string, number>> = {
  model: 0,
  decide: 1,
  report: 1,
  roster: 2,
  graph: 2,
  ledger: 2,
  sandbox: 2,
  connector: 2,
  engine: 3,
  cli: 4,
  library: 4,
  web: 4,
};

/** Who may use what, by the name in an import or of a global. */
const privileges: readonly { readonly what: RegExp; readonly rooms: readonly string[] }[] = [
  { what: /^node:sqlite$/, rooms: ["ledger"] },
  {
    what: /^(node:fs|node:fs\/promises)$/,
    rooms: ["roster", "ledger", "connector", "sandbox", "web", "cli"],
  },
  { what: /^undici$/, rooms: ["graph", "connector"] },
  { what: /^node:https$/, rooms: ["graph", "connector", "sandbox"] },
  { what: /^node:http$/, rooms: ["sandbox", "web"] },
  { what: /^@azure\//, rooms: ["graph"] },
];

const forbiddenInPureRooms =
  /\b(Date\.now|new Date\(\)|Math\.random|randomUUID|randomBytes|fetch|setTimeout|performance\.now|process\.)/;

const source = resolve(import.meta.dirname, "../../src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(name => name.endsWith(".ts"));

/** Static, bare, re-exporting and dynamic imports. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const patterns = [
    /\b(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/g,
    /\bimport\s*["']([^"']+)["']/g,
    /\bimport\(\s*["']([^"']+)["']/g,
    /\b(?:require|getBuiltinModule)\(\s*["']([^"']+)["']/g,
  ];
  return patterns.flatMap(pattern => [...code.matchAll(pattern)].map(match => match[1] ?? ""));
}

const roomOf = (file: string): string => (file.includes(sep) ? (file.split(sep)[0] ?? "") : "door");

test("every room is on the map", () => {
  const rooms = new Set(files.map(roomOf).filter(room => room !== "door"));
  assert.deepEqual(
    [...rooms].filter(room => !(room in floors)),
    [],
  );
});

for (const file of files) {
  const room = roomOf(file);
  if (room === "door") continue;
  const text = readFileSync(join(source, file), "utf8");

  test(`${file} imports only rooms below it`, () => {
    for (const name of importsOf(text)) {
      if (name.startsWith(".")) {
        const target = relative(source, resolve(source, dirname(file), name));
        const other = roomOf(target);
        assert.ok(
          other === room || (floors[other] ?? 99) < (floors[room] ?? -1),
          `${file} imports ${target}`,
        );
        continue;
      }
      for (const { what, rooms } of privileges) {
        if (what.test(name)) assert.ok(rooms.includes(room), `${file} imports ${name}`);
      }
    }
  });

  if ((floors[room] ?? 9) <= 1) {
    test(`${file} touches no clock, no random, no network`, () => {
      const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
      assert.doesNotMatch(code, forbiddenInPureRooms);
    });
  }
}

test("an import written with only its path, or dynamically, is seen", () => {
  assert.deepEqual(
    importsOf('import "./a.ts";\nconst b = await import("./b.ts");\nexport * from "./c.ts";'),
    ["./c.ts", "./a.ts", "./b.ts"],
  );
});
