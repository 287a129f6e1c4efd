import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { PrepopError } from "../../model/errors.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";

export const runsVerify: CommandSpec = {
  name: "runs verify",
  summary: "tell whether a record is to the byte what `runs export` wrote",
  arguments: [{ name: "<file>", summary: "a file of `prepop runs export`" }],
  options: everywhere,
  examples: ["prepop runs verify run-3f2a.jsonl"],
  async run(call) {
    const { openOutput } = await import("../output.ts");
    const { readHead } = await import("../../report/runRecord.ts");
    const output = openOutput(call, () => performance.now());
    const path = call.arguments[0] ?? "";
    const file = basename(path);
    const { checkedBy, firstLine, lines } = await verify(call, path);
    const head = readHead(firstLine);
    if (!head) throw changed(file, "its first line is not that of a record of this version");
    const how =
      checkedBy === "key"
        ? "Its seal fits the key."
        : "The key is not here, so the seal was not looked at; this ledger exported exactly these bytes.";
    const text = `${file} is unchanged: run ${head.id} of ${head.startedAt}, tenant ${head.tenantId}, by ${head.actor}, plan digest ${head.planDigest}, ${lines - 1} outcomes and issues. ${how}`;
    await output.say(text);
    await output.line({
      type: "summary",
      command: "runs verify",
      exitCode: 0,
      file,
      checkedBy,
      ...head,
      lines,
    });
    return 0;
  },
};

type Verified = {
  readonly checkedBy: "key" | "ledger";
  readonly firstLine: string;
  /** Without the seal. */
  readonly lines: number;
};

async function verify(call: Call, path: string): Promise<Verified> {
  const { createHash, timingSafeEqual } = await import("node:crypto");
  const { homeFolder } = await import("../../ledger/home.ts");
  const { recordKey } = await import("../../ledger/recordKey.ts");
  const { readSeal, sealLength } = await import("../../report/runRecord.ts");
  const { env, platform } = call.surroundings;
  const file = basename(path);
  const tail = await lastBytes(path, sealLength);
  const seal = readSeal(tail.text);
  if (!seal) throw changed(file, "it does not end with a seal, so it was cut off or edited");

  const home = homeFolder(env, platform);
  const key = keyOr(() =>
    recordKey({ home, ...(env.PREPOP_LEDGER_KEY ? { key: env.PREPOP_LEDGER_KEY } : {}) }),
  );
  const hmac = key.found?.signature();
  const hash = createHash("sha256");
  const first: Buffer[] = [];
  let firstDone = false;
  let lines = 0;
  const end = tail.size - sealLength - 1;
  if (end >= 0) {
    for await (const chunk of createReadStream(path, { end })) {
      const bytes = chunk as Buffer;
      hmac?.update(bytes);
      hash.update(bytes);
      for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
      if (firstDone) continue;
      const lineEnd = bytes.indexOf(10);
      first.push(lineEnd === -1 ? bytes : bytes.subarray(0, lineEnd));
      firstDone = lineEnd !== -1;
    }
  }
  hash.update(tail.text);
  const read = { firstLine: Buffer.concat(first).toString("utf8"), lines };
  if (key.found && hmac) {
    if (timingSafeEqual(hmac.digest(), Buffer.from(seal.hmac, "hex")) && key.found.name === seal.key) {
      return { checkedBy: "key", ...read };
    }
    if (key.found.name === seal.key) throw changed(file, "its content does not fit its seal");
  }
  const { openLedger } = await import("../../ledger/ledger.ts");
  const ledger = openLedger({ home, readOnly: true });
  try {
    if (ledger.exportedAs(hash.digest())) return { checkedBy: "ledger", ...read };
  } finally {
    ledger.close();
  }
  const why = key.found
    ? `it says that it was sealed under another key (${seal.key}; this one is ${key.found.name}), or it was changed`
    : `${key.why}, and this ledger did not export it as it is`;
  throw new PrepopError("PREPOP_RECORD_KEY", { file, why });
}

/** The key, or why there is none. */
function keyOr<Key>(
  find: () => Key,
): { readonly found: Key; readonly why?: never } | { readonly found?: never; readonly why: string } {
  try {
    return { found: find() };
  } catch (error) {
    if (error instanceof PrepopError && error.code === "PREPOP_LEDGER_KEY") {
      return { why: String(error.facts.why) };
    }
    throw error;
  }
}

async function lastBytes(
  path: string,
  length: number,
): Promise<{ readonly text: string; readonly size: number }> {
  try {
    const handle = await open(path, "r");
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - length);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
      return { text: buffer.toString("latin1", 0, bytesRead), size };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
    throw new PrepopError(
      "PREPOP_USAGE",
      {
        why: `${basename(path)} cannot be read (${why})`,
        fix: "Check the path and that you may read the file.",
      },
      cause,
    );
  }
}

function changed(file: string, why: string): PrepopError {
  return new PrepopError("PREPOP_RECORD_CHANGED", { file, why });
}
