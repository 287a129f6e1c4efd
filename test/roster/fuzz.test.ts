import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PrepopError } from "../../src/model/errors.ts";
import { inspectRoster } from "../../src/roster/inspect.ts";
import { openRoster } from "../../src/roster/open.ts";
import { oleFile } from "../support/oleFile.ts";
import { rosterFile } from "../support/rosterFile.ts";
import { type WorkbookSpec, workbook, workbookParts } from "../support/workbook.ts";
import { zip } from "../support/zip.ts";

const header = ["userPrincipalName", "telephoneNumber"];
const people = Array.from({ length: 20 }, (_, index) => [`user${index}@x.example`, `06123456${index + 10}`]);
const spec: WorkbookSpec = {
  sheets: [{ name: "S", rows: [header, ...people], tables: [{ name: "t", ref: "A1:B21", columns: header }] }],
  sharedStrings: ["<si><t>x</t></si>"],
  formats: ["0000000000"],
};
const csv = [header, ...people].map(row => row.map(text => `"${text}"`).join(";")).join("\r\n");

/** Valid files; the stored one lets a changed byte reach the XML instead of the packing. */
const seeds: readonly (readonly [name: string, content: Buffer])[] = [
  ["packed.xlsx", workbook(spec)],
  ["stored.xlsx", zip(workbookParts(spec).map(part => ({ ...part, stored: true })))],
  ["list.csv", Buffer.from(csv)],
  ["list16.csv", Buffer.from(`\ufeff${csv}`, "utf16le")],
  ["list.json", Buffer.from(JSON.stringify(people.map(([user, phone]) => ({ upn: user, phone }))))],
  [
    "list.ndjson",
    Buffer.from(people.map(([user, phone]) => JSON.stringify({ upn: user, phone })).join("\n")),
  ],
  ["old.xls", oleFile(["Workbook", "x"])],
];

/** mulberry32: the same numbers for the same seed, so that a failure replays. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(content: Buffer, next: (below: number) => number): Buffer {
  const bytes = Buffer.from(content);
  switch (next(4)) {
    case 0:
      return bytes.subarray(0, next(bytes.length));
    case 1:
      return Buffer.concat([bytes.subarray(0, next(bytes.length)), bytes.subarray(next(bytes.length))]);
    default:
      for (let left = 1 + next(8); left > 0; left--) bytes[next(bytes.length)] = next(256);
      return bytes;
  }
}

/** Reads everything of a file; anything but rows or a PrepopError of the roster fails the test. */
async function assertReadOrRefused(path: string, what: string): Promise<void> {
  const source = { kind: "file", path } as const;
  const attempts: readonly (() => Promise<void>)[] = [
    async () => {
      const roster = await openRoster(source);
      try {
        for await (const batch of roster.batches()) assert.ok(batch.length > 0);
      } finally {
        await roster.close();
      }
    },
    async () => {
      for await (const line of inspectRoster(source)) assert.ok(line.type);
    },
  ];
  for (const attempt of attempts) {
    await attempt().catch((cause: unknown) => {
      if (cause instanceof PrepopError && cause.code.startsWith("PREPOP_ROSTER_")) return;
      throw new Error(`${what} was neither read nor refused`, { cause });
    });
  }
}

describe("a damaged file is read or refused, never a crash", () => {
  for (const [name, content] of seeds) {
    test(name, async () => {
      for (let seed = 1; seed <= 150; seed++) {
        const path = rosterFile(name, mutate(content, random(seed)));
        await assertReadOrRefused(path, `${name} with seed ${seed}`);
      }
    });
  }

  test("random bytes", async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const next = random(seed);
      const bytes = Buffer.from(Array.from({ length: next(2000) }, () => next(256)));
      await assertReadOrRefused(
        rosterFile(["a.xlsx", "a.csv", "a.json"][seed % 3] ?? "a", bytes),
        `seed ${seed}`,
      );
    }
  });
});
