// What prepop costs and how it compares: npm run bench. Prints tables and writes bench/results/; nothing is asserted.
import { mkdir, writeFile } from "node:fs/promises";
import { cases } from "./cases.ts";
import { type CaseResult, judge } from "./figures.ts";
import { thisMachine } from "./machine.ts";
import { parseOptions, usage } from "./options.ts";
import { type BenchRecord, mergeInto, readRecord } from "./record.ts";
import { runCase } from "./runCase.ts";
import { caseTable, judgedTable } from "./table.ts";
import { hasOwnCore } from "./tenant.ts";

const names = cases.map(({ name }) => name);
const options = parseOptions(process.argv.slice(2), names);

switch (options.kind) {
  case "help":
    console.log(usage);
    break;
  case "list":
    for (const { name, summary, long } of cases) console.log(`${name}${long ? " (--all)" : ""}: ${summary}`);
    break;
  case "wrong":
    console.error(`${options.why}\n${usage}`);
    process.exitCode = 1;
    break;
  case "run": {
    const { cases: wanted, contenders } = options;
    const chosen = cases.filter(({ name, long }) =>
      wanted === "all" ? true : wanted === "default" ? !long : wanted.includes(name),
    );
    const results: CaseResult[] = [];
    const startedAt = new Date();
    const machine = thisMachine(startedAt, hasOwnCore());
    for (const each of chosen) {
      try {
        const result = await runCase(each, contenders, line => console.error(line));
        results.push(result);
        console.log([...caseTable(result), ""].join("\n"));
        await keep({ machine, results, judged: judge(results) }, startedAt);
      } catch (error) {
        // One broken case must not cost the figures of the others.
        console.error(`${each.name} failed:`, error);
        process.exitCode = 1;
      }
    }
    const judged = judge(results);
    if (judged.length > 0) console.log(judgedTable(judged).join("\n"));
  }
}

/** Keeps what there is of this run as a file of its own, and the newest figures of every case in summary.json. */
async function keep(record: BenchRecord, startedAt: Date): Promise<void> {
  const folder = new URL("./results/", import.meta.url);
  await mkdir(folder, { recursive: true });
  const name = startedAt.toISOString().replace(/[:.]/g, "-");
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(record, null, 1)}\n`);
  const summary = new URL("summary.json", folder);
  await writeFile(summary, `${JSON.stringify(mergeInto(await readRecord(summary), record), null, 1)}\n`);
}
