import { parseArgs } from "node:util";
import { faultKinds } from "../src/sandbox/faults/kinds.ts";
import { chaosCase } from "../test/support/chaosCase.ts";
import { type KilledRunResult, killAgainAndAgain, tally } from "../test/support/killedRun.ts";
import { contradictions } from "../test/support/truth.ts";

/**
 * Kills prepop with -9 at random moments, on tenants where everything goes wrong, and holds every word of it against the
 * sandbox's own log: `npm run chaos -- --seed 1 --seeds 20`. With `--minutes M` no seed begins after that time. A seed
 * makes the tenant, its faults and the moments of the kills; which requests are under way then is up to the machine.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "20" },
    minutes: { type: "string", default: "120" },
    users: { type: "string", default: "300" },
    together: { type: "string", default: "2" },
  },
});
const size = { users: Number(values.users), kills: 7, undoKills: 3 };
const killsEach = size.kills + size.undoKills;
const first = Number(values.seed);
const count = Number(values.seeds);
const until = performance.now() + Number(values.minutes) * 60_000;
const begun = performance.now();

const results: KilledRunResult[] = [];
const failures: number[] = [];
/** Kills of the seeds under way. */
const killed = new Map<number, number>();
let next = first;

process.stdout.write(
  `Seeds ${first} to ${first + count - 1}: ${size.users} users and ${killsEach} kills each, ${values.together} side by side.\n`,
);
await Promise.all(Array.from({ length: Number(values.together) }, work));
process.stdout.write(`\n${totals()}\n`);
const wrong = failures.length > 0 ? `Seeds with something wrong: ${failures.join(", ")}.` : shortcoming();
if (wrong !== undefined) {
  process.stdout.write(`${wrong}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write("Nobody wrong, nothing lost, no outcome untrue, nothing of others overwritten.\n");
}

async function work(): Promise<void> {
  while (next < first + count && performance.now() < until) {
    const seed = next++;
    const from = performance.now();
    killed.set(seed, 0);
    const found = await judged(seed);
    killed.delete(seed);
    const took = Math.round((performance.now() - from) / 1_000);
    clearProgress();
    process.stdout.write(
      `seed ${seed}: ${found.text}, ${took} s: ${found.faults.length === 0 ? "right" : "WRONG"}\n`,
    );
    if (found.faults.length === 0) continue;
    failures.push(seed);
    for (const fault of found.faults) process.stdout.write(`  ${fault}\n`);
    process.stdout.write(
      `  Again: npm run chaos -- --seed ${seed} --seeds 1 --users ${size.users} --together ${values.together}\n`,
    );
  }
}

/** One seed, as a line and as sentences about what is wrong. */
async function judged(seed: number): Promise<{ readonly text: string; readonly faults: readonly string[] }> {
  try {
    const result = await killAgainAndAgain({ ...chaosCase(seed, size), onKill: () => showProgress(seed) });
    results.push(result);
    const { kills, inFlight, writes, otherWrites, verdict } = result;
    const text = `${kills} kills (${inFlight} in flight), ${writes} writes (${verdict.needless} needless), ${otherWrites} of others`;
    return { text, faults: faultsOf(result) };
  } catch (error) {
    return {
      text: "broken off",
      faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    };
  }
}

function faultsOf({ verdict, inFlight }: KilledRunResult): readonly string[] {
  const tooMany = `${verdict.needless} needless writes, but only ${inFlight} were in flight`;
  return [...contradictions(verdict), ...(verdict.needless > inFlight ? [tooMany] : [])];
}

function totals(): string {
  const sum = (count: (result: KilledRunResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  return [
    `${results.length} seeds in ${minutes} min: ${sum(({ kills }) => kills)} kills of ${sum(({ processes }) => processes)} processes, ${sum(({ inFlight }) => inFlight)} entries in flight.`,
    `Outcomes: ${inWords(results.map(({ outcomes }) => outcomes))}.`,
    `Writes: ${sum(({ writes }) => writes)} received, ${sum(({ executed }) => executed)} took effect, ${sum(({ verdict }) => verdict.needless)} needless. By a second writer: ${sum(({ otherWrites }) => otherWrites)}, of which ${sum(({ verdict }) => verdict.inWindow)} fell between a read and its write.`,
    `Exit codes of those not killed: ${inWords(results.map(({ exits }) => exits))}.`,
    `Faults: ${inWords(results.map(({ faults }) => faults))}.`,
  ].join("\n");
}

/** What a whole run of seeds has to have seen. */
function shortcoming(): string | undefined {
  if (results.length < 20) return undefined;
  const kills = results.reduce((total, each) => total + each.kills, 0);
  if (kills < results.length * killsEach) return `Only ${kills} kills.`;
  const struck = results.flatMap(({ faults }) => Object.keys(faults));
  const never = Object.keys(faultKinds).filter(kind => kind !== "foreignNextLink" && !struck.includes(kind));
  return never.length > 0 ? `Faults that never struck: ${never.join(", ")}.` : undefined;
}

function inWords(counts: readonly Readonly<Record<string, number>>[]): string {
  const all = tally(
    counts.flatMap(each => Object.entries(each).flatMap(([word, times]) => Array<string>(times).fill(word))),
  );
  return Object.entries(all)
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([word, times]) => `${word} ${times}`)
    .join(", ");
}

function showProgress(seed: number): void {
  killed.set(seed, (killed.get(seed) ?? 0) + 1);
  if (!process.stderr.isTTY) return;
  const each = [...killed].map(([under, kills]) => `seed ${under}: ${kills} of ${killsEach} kills`);
  process.stderr.write(`\r\u001b[K${each.join(", ")}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}
