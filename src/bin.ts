#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";

// Compiled code is kept between calls; what is imported before this line is not, so the rest is imported after it.
enableCompileCache();
const { main } = await import("./cli/program.ts");
const { showError } = await import("./cli/showError.ts");
const { Interrupted } = await import("./engine/stop.ts");

const stop = new AbortController();
let asked = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    asked++;
    if (asked > 1) process.exit(130);
    process.stderr.write(
      "\nStopping: what is under way may finish first, for a moment. Again to stop at once.\n",
    );
    stop.abort(new Interrupted());
  });
}
// A reader that went away (`prepop runs | head`) is no error.
process.stdout.on("error", error => {
  if ("code" in error && error.code === "EPIPE") process.exit(0);
  throw error;
});

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const surroundings = {
  env: process.env,
  platform: process.platform,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  version,
};
// Node would print what was thrown with all its members, and a request's hold the token. An unhandled rejection comes here too.
process.on("uncaughtException", error => {
  const [, , command = "", ...rest] = process.argv;
  const place = { command, json: rest.includes("--json"), surroundings };
  showError(error, place).then(process.exit, () => process.exit(1));
});
const exitCode = await main(process.argv.slice(2), surroundings);
// Standard output is flushed before the process goes.
if (process.stdout.writableLength > 0)
  await new Promise<void>(resolve => process.stdout.write("", () => resolve()));
process.exit(exitCode);
