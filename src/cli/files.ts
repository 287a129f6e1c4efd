import { chmod, open, rename, rm } from "node:fs/promises";
import { basename, extname } from "node:path";
import { PrepopError } from "../model/errors.ts";
import type { Plan } from "../model/plan.ts";
import { encodePlan } from "../report/planFile.ts";
import {
  type PlanReportFormat,
  planReport,
  planReportFormats,
  type RunReportFormat,
  runReport,
  runReportFormats,
} from "../report/reports.ts";
import type { RunResult } from "../report/runResult.ts";

/** Saves a plan for `apply FILE`; only the owner can read it, because it holds full numbers. */
export async function savePlan(plan: Plan, path: string): Promise<void> {
  await writeFile(path, lines(encodePlan(plan)), true);
}

export type ReportSubject =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "run"; readonly result: RunResult };

/** Writes a report in the format that the file's name says; with full numbers only the owner can read it. */
export async function writeReport(subject: ReportSubject, path: string, showNumbers: boolean): Promise<void> {
  const chunks =
    subject.kind === "plan"
      ? planReport(subject.plan, planReportFormat(path), { showNumbers })
      : runReport(subject.result, runReportFormat(path), { showNumbers });
  await writeFile(path, chunks, showNumbers);
}

/** Writes the record of a run, which holds no full numbers. */
export async function writeRecord(path: string, record: AsyncIterable<string>): Promise<void> {
  await writeFile(path, record, false);
}

/** @throws PrepopError PREPOP_USAGE for a name with another ending; ask before anything is done */
export function planReportFormat(path: string): PlanReportFormat {
  return formatOf(path, planReportFormats);
}

/** @throws PrepopError PREPOP_USAGE for a name with another ending; ask before anything is done */
export function runReportFormat(path: string): RunReportFormat {
  return formatOf(path, runReportFormats);
}

function formatOf<Format extends string>(path: string, formats: readonly Format[]): Format {
  const ending = extname(path).slice(1).toLowerCase();
  const format = formats.find(known => known === ending);
  if (format !== undefined) return format;
  throw new PrepopError("PREPOP_USAGE", {
    why: `A report cannot be written as ${basename(path)}`,
    fix: `End its name with ${formats.map(each => `.${each}`).join(", ")}.`,
  });
}

/** Written beside its place and moved there whole, so that no half report is ever found. */
async function writeFile(
  path: string,
  chunks: AsyncIterable<Uint8Array | string>,
  secret: boolean,
): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const handle = await open(beside, "w", secret ? 0o600 : 0o644);
    try {
      for await (const chunk of chunks) await handle.write(chunk as string);
    } finally {
      await handle.close();
    }
    if (secret) await chmod(beside, 0o600);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    if (cause instanceof PrepopError) throw cause;
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
    throw new PrepopError("PREPOP_FILE_WRITE", { file: basename(path), why }, cause);
  }
}

async function* lines(texts: Iterable<string>): AsyncGenerator<string> {
  let batch = "";
  for (const text of texts) {
    batch += text.endsWith("\n") ? text : `${text}\n`;
    if (batch.length < 65_536) continue;
    yield batch;
    batch = "";
  }
  yield batch;
}
