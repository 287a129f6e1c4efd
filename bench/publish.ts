// Puts the newest figures into docs/performance.md and draws docs/performance.svg: node bench/publish.ts
import { readFile, writeFile } from "node:fs/promises";
import { chart } from "./chart.ts";
import { withFigures } from "./page.ts";
import { readRecord } from "./record.ts";

const record = await readRecord(new URL("./results/summary.json", import.meta.url));
if (record === undefined) throw new Error("There are no results yet: npm run bench");
const page = new URL("../docs/performance.md", import.meta.url);
await writeFile(page, withFigures(await readFile(page, "utf8"), record));
await writeFile(new URL("../docs/performance.svg", import.meta.url), chart(record));
