import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { desireRow } from "../src/decide/desire.ts";
import { connectGraph, fixedToken, type Graph } from "../src/graph/connect.ts";
import { PrepopError } from "../src/model/errors.ts";
import { GraphFault } from "../src/model/fault.ts";
import { isCanonical, numberKey, phoneMethodIds } from "../src/model/phone.ts";
import { openRoster } from "../src/roster/open.ts";

/**
 * Throws damaged rosters and damaged Graph answers at their readers for a while: `npm run fuzz -- --minutes 10 --seed 1`.
 * Nothing may come out but what was read or a typed refusal, and no number that the input does not hold. A failure
 * prints its seed; `--seed N --minutes 0` plays that one again.
 */
const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string", default: "1" } },
});
const until = performance.now() + Number(values.minutes) * 60_000;
const folder = mkdtempSync(join(tmpdir(), "prepop-fuzz-"));
const examples = resolve(import.meta.dirname, "../examples");
const json = [{ userPrincipalName: "kim@contoso.com", mobile: "+1 2065550100", office: [612345678, null] }];
const rosters: readonly (readonly [string, Buffer])[] = [
  ["employees.xlsx", readFileSync(join(examples, "employees.xlsx"))],
  ["employees.csv", readFileSync(join(examples, "employees.csv"))],
  ["list.json", Buffer.from(JSON.stringify(json))],
  ["list.ndjson", Buffer.from(json.map(each => JSON.stringify(each)).join("\n"))],
  ["list.csv", Buffer.from('userPrincipalName;mobile\r\nkim@contoso.com;"+1 2065550100"\r\n', "utf16le")],
];
const userId = "00000000-0000-4000-8000-000000000001";
const phone = {
  id: phoneMethodIds.mobile,
  phoneNumber: "+1 2065550100",
  phoneType: "mobile",
  smsSignInState: "ready",
};
const user = { id: userId, userPrincipalName: "kim@contoso.com", usageLocation: "US", accountEnabled: true };
const answers: readonly string[] = [
  JSON.stringify({ value: [phone] }),
  JSON.stringify(phone),
  JSON.stringify(user),
  JSON.stringify({ value: [user], "@odata.nextLink": "/v1.0/users?$skiptoken=a" }),
  JSON.stringify({ responses: [{ id: "1", status: 200, body: { value: [phone] } }] }),
  JSON.stringify({
    value: [
      { id: userId, displayName: "Contoso", verifiedDomains: [{ name: "contoso.com", isDefault: true }] },
    ],
  }),
  JSON.stringify({ error: { code: "badRequest", message: "no", innerError: { "request-id": "1" } } }),
  JSON.stringify({
    state: "enabled",
    includeTargets: [{ id: "all_users", isUsableForSignIn: true }],
    excludeTargets: [],
  }),
];
const asked: readonly ((graph: Graph) => Promise<unknown>)[] = [
  async graph => (await graph.listPhones(userId)).phones,
  graph => graph.getPhone(userId, "mobile"),
  graph => graph.findUser("kim@contoso.com", "upn"),
  graph => graph.findUser("kim@contoso.com", "mail"),
  graph => graph.tenant(),
  graph => graph.methodPolicy("sms"),
  graph => graph.listMethods(userId),
  graph => graph.signInPreferences(userId),
  graph => graph.adminIds(),
  graph => Array.fromAsync(graph.registrations()),
  graph => Array.fromAsync(graph.deletedUsers()),
  graph => graph.write({ kind: "create", userId, phoneType: "mobile", number: "+1 2065550100" }),
  graph =>
    graph.batch([
      { kind: "listPhones", userId },
      { kind: "findUser", key: "kim@contoso.com", match: "upn" },
    ]),
];

let seed = Number(values.seed);
let rounds = 0;
try {
  do {
    await fuzzRoster(seed);
    await fuzzGraph(seed);
    seed++;
    rounds++;
  } while (performance.now() < until);
  process.stdout.write(
    `${rounds} rosters and ${rounds} answers from seed ${values.seed} on: nothing wrong.\n`,
  );
} catch (error) {
  process.stderr.write(`Seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fuzzRoster(at: number): Promise<void> {
  const next = random(at);
  const [name, content] = pick(rosters, next);
  const path = join(folder, name);
  writeFileSync(path, damage(content, next));
  try {
    const roster = await openRoster({ kind: "file", path });
    try {
      for await (const batch of roster.batches()) {
        for (const row of batch) {
          const { phones } = desireRow(row, { match: "upn", region: "US" });
          for (const each of Object.values(phones)) {
            if (each.kind === "number" && !isCanonical(each.number))
              throw new Error("a number without its form");
          }
        }
      }
    } finally {
      await roster.close();
    }
  } catch (error) {
    if (!(error instanceof PrepopError) || !error.code.startsWith("PREPOP_ROSTER_")) throw error;
  }
}

async function fuzzGraph(at: number): Promise<void> {
  const next = random(at);
  const body = damage(Buffer.from(pick(answers, next)), next).toString("utf8");
  const status = pick([200, 200, 200, 201, 204, 400, 403, 404, 409, 429, 500], next);
  const headers = {
    "content-type": "application/json",
    ...(next(3) === 0 ? { "retry-after": body.slice(0, 8) } : {}),
  };
  const graph = connectGraph({
    origin: "http://127.0.0.1:1",
    credential: fixedToken("a-token-for-nobody"),
    carrier: async () => ({ status, headers, body }),
  });
  try {
    const read = JSON.stringify((await pick(asked, next)(graph)) ?? null);
    const numbers = [...read.matchAll(/"phoneNumber":"((?:[^"\\]|\\.)*)"/g)].map(match =>
      numberKey(match[1] ?? ""),
    );
    if (numbers.some(number => !numberKey(body).includes(number)))
      throw new Error("a number that the answer does not hold");
  } catch (error) {
    if (!(error instanceof GraphFault) && !(error instanceof PrepopError)) throw error;
  } finally {
    await graph.close();
  }
}

/** Cuts, flips, doubles, swaps and overwrites bytes, a few times. */
function damage(content: Buffer, next: (below: number) => number): Buffer {
  let bytes = Buffer.from(content);
  for (let times = next(6); times > 0 && bytes.length > 0; times--) {
    const at = next(bytes.length);
    const length = 1 + next(Math.min(64, bytes.length));
    switch (next(5)) {
      case 0:
        bytes = bytes.subarray(0, at);
        break;
      case 1:
        bytes[at] = next(256);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      default:
        bytes.write(
          pick(["null", "{}", "[", '"', "9e99", "true", "\\u0000", "<", "]]>", "\ufeff"], next),
          at,
        );
    }
  }
  return bytes;
}

function pick<Item>(items: readonly Item[], next: (below: number) => number): Item {
  const item = items[next(items.length)];
  if (item === undefined) throw new RangeError("There is nothing to pick from.");
  return item;
}

/** The same numbers for the same seed. */
function random(start: number): (below: number) => number {
  let state = (start * 2_654_435_761) >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
