import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import type { OpenPlan } from "../engine/plan.ts";
import { openSavedPlan } from "../engine/savedPlan.ts";

const headBytes = 65_536;

/** Whether a file is a saved plan: its first line is the header of one, whatever its version. */
export async function isSavedPlan(path: string): Promise<boolean> {
  if (path === "-") return false;
  let head: string;
  try {
    const handle = await open(path, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      head = buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    // What cannot be opened is told by whoever opens it as a roster.
    return false;
  }
  const line = head.split("\n", 1)[0] ?? "";
  return line.startsWith("{") && /"formatVersion"\s*:/.test(line) && /"tenantId"\s*:/.test(line);
}

/** Opens a saved plan. */
export async function openPlanFile(path: string, maxAgeMs: number, wallNow: number): Promise<OpenPlan> {
  const stream = createReadStream(path, "utf8");
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    return await openSavedPlan({ file: basename(path), lines, maxAgeMs, wallNow });
  } finally {
    lines.close();
    stream.destroy();
  }
}
