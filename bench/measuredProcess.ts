import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProcessFigures } from "./measurement.ts";

export type MeasuredProcess = ProcessFigures & {
  /** The last whole line it printed. */
  readonly lastLine: string;
  readonly errors: string;
};

const meter = fileURLToPath(new URL("./meter.ts", import.meta.url));

/** Runs a script of this project as a process of its own, its output going to files in `folder`, and measures it. */
export async function runMeasured(
  script: string,
  argv: readonly string[],
  where: { readonly folder: string; readonly env?: NodeJS.ProcessEnv },
): Promise<MeasuredProcess> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const files = {
    out: join(where.folder, "out"),
    errors: join(where.folder, "errors"),
    use: join(where.folder, "use"),
  };
  const out = await open(files.out, "w");
  const errors = await open(files.errors, "w");
  const startedAt = performance.now();
  try {
    const child = spawn(process.execPath, ["--import", meter, path, ...argv], {
      stdio: ["ignore", out.fd, errors.fd],
      env: { ...process.env, ...where.env, PREPOP_BENCH_METER: files.use },
    });
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", code => resolve(code ?? -1));
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    const used = JSON.parse(await readFile(files.use, "utf8")) as Pick<
      ProcessFigures,
      "cpuSeconds" | "peakMb"
    >;
    return {
      ...used,
      seconds,
      exitCode,
      lastLine: await lastLineOf(files.out),
      errors: await readFile(files.errors, "utf8"),
    };
  } finally {
    await out.close();
    await errors.close();
  }
}

const tailBytes = 65_536;

async function lastLineOf(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, from);
    return buffer.toString("utf8", 0, bytesRead).trimEnd().split("\n").at(-1) ?? "";
  } finally {
    await file.close();
  }
}
