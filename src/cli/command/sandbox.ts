import { readFile } from "node:fs/promises";
import { PrepopError } from "../../model/errors.ts";
import type { CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";
import { wholeNumber } from "../option.ts";

export const sandbox: readonly CommandSpec[] = [
  {
    name: "sandbox start",
    summary: "serve an invented tenant to rehearse against",
    arguments: [],
    options: [
      { flags: "--port <n>", summary: "the port (default: a free one)", parse: wholeNumber(0) },
      { flags: "--users <n>", summary: "how many users it has (default: 100)", parse: wholeNumber(0) },
      { flags: "--config <file>", summary: "users, quota, latency and faults, as JSON" },
      ...everywhere,
    ],
    examples: [
      "prepop sandbox start --port 4010 --users 1000",
      "prepop sandbox start --config faults.json --json",
    ],
    async run(call) {
      const { openOutput } = await import("../output.ts");
      const { startSandbox } = await import("../../sandbox/sandbox.ts");
      const output = openOutput(call, () => performance.now());
      const given = typeof call.options.config === "string" ? await readConfig(call.options.config) : {};
      const users = call.options.users as number | undefined;
      const port = call.options.port as number | undefined;
      const started = await startSandbox({
        users: 100,
        ...given,
        ...(users === undefined ? {} : { users }),
        ...(port === undefined ? {} : { port }),
      });
      await output.line({
        type: "ready",
        url: started.url,
        token: started.token,
        tenantId: started.tenantId,
      });
      await output.say(`The sandbox listens on ${started.url} until Ctrl-C. In another terminal:`);
      await output.say(`  export PREPOP_GRAPH_URL=${started.url} PREPOP_ACCESS_TOKEN=${started.token}`);
      await output.say("  prepop plan phones.xlsx");
      const { signal } = call.surroundings;
      await new Promise<void>(resolve => {
        if (signal.aborted) return resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await started.close();
      await output.line({ type: "summary", command: "sandbox start", exitCode: 0, ...started.stats() });
      return 0;
    },
  },
  {
    name: "sandbox reset",
    summary: "empty the embedded sandbox tenant",
    arguments: [],
    options: everywhere,
    examples: ["prepop sandbox reset"],
    async run(call) {
      const { openOutput } = await import("../output.ts");
      const { resetEmbedded } = await import("../../sandbox/embedded.ts");
      const { homeFolder } = await import("../../ledger/home.ts");
      const output = openOutput(call, () => performance.now());
      await resetEmbedded(homeFolder(call.surroundings.env, call.surroundings.platform));
      await output.say("The sandbox tenant is empty.");
      await output.line({ type: "summary", command: "sandbox reset", exitCode: 0 });
      return 0;
    },
  },
];

async function readConfig(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new PrepopError(
      "PREPOP_USAGE",
      { why: "the config file cannot be read", fix: "Check the path." },
      cause,
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new PrepopError("PREPOP_USAGE", { why: "the config file is not JSON", fix: "Correct it." }, cause);
  }
  throw new PrepopError("PREPOP_USAGE", { why: "the config file is not a JSON object", fix: "Correct it." });
}
