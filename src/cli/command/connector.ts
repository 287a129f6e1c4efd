import type { Call, CommandSpec } from "../command.ts";
import { connectorOptions, connectorSignIn, leftToFillIn } from "../connectorOptions.ts";
import { everywhere } from "../groups.ts";

/** The connector for Power Automate and Logic Apps: made and checked offline. */
export const connector: readonly CommandSpec[] = [
  {
    name: "connector build",
    summary: "write the connector for Power Automate and Logic Apps",
    arguments: [],
    options: [
      { flags: "--out <dir>", summary: "the folder to write (default: connector)" },
      ...connectorSignIn,
      { flags: "--publisher <name>", summary: "who publishes it (default: prepop)" },
      { flags: "--contact-email <address>", summary: "whom users may write to" },
      { flags: "--contact-url <url>", summary: "where users find help" },
      ...everywhere,
    ],
    examples: [
      "prepop connector build --out connector --tenant contoso.com --client-id APPLICATION-ID",
      "prepop connector build --out connector && prepop connector lint connector",
    ],
    run: build,
  },
  {
    name: "connector lint",
    summary: "check any connector folder against the rules of the service and of certification",
    arguments: [
      { name: "<dir>", summary: "the folder with apiDefinition.swagger.json and apiProperties.json" },
    ],
    options: everywhere,
    examples: ["prepop connector lint connector", "prepop connector lint connector --json"],
    run: lint,
  },
];

async function build(call: Call): Promise<number> {
  const { openOutput } = await import("../output.ts");
  const { connectorPackage, writeFiles } = await import("../../connector/package.ts");
  const output = openOutput(call, () => performance.now());
  const folder = typeof call.options.out === "string" ? call.options.out : "connector";
  const files = connectorPackage(await connectorOptions(call));
  await writeFiles(folder, files);
  for (const { path, content } of files) {
    await output.line({ type: "file", path, bytes: Buffer.byteLength(content) });
  }
  await output.say(`Wrote ${files.map(({ path }) => path).join(", ")} to ${folder}.`);
  for (const line of leftToFillIn(call)) output.note(line);
  await output.say(`Next: prepop connector lint ${folder}`);
  await output.line({ type: "summary", command: "connector build", exitCode: 0, out: folder });
  return 0;
}

async function lint(call: Call): Promise<number> {
  const { openOutput } = await import("../output.ts");
  const { lintConnector, readConnector } = await import("../../connector/lint/lint.ts");
  const output = openOutput(call, () => performance.now());
  const folder = call.arguments[0] ?? ".";
  const findings = lintConnector(await readConnector(folder));
  const counts = { error: 0, certification: 0, advice: 0 };
  for (const finding of findings) {
    counts[finding.level]++;
    await output.line({ type: "finding", ...finding });
    await output.say(`${finding.level.padEnd(13)} ${finding.rule}`);
    await output.say(`  ${finding.where}\n  ${finding.message}\n  ${finding.source}`);
  }
  await output.say(
    `${count(counts.error, "error")}, ${counts.certification} of certification, ${counts.advice} of advice.`,
  );
  const exitCode = counts.error > 0 ? 3 : 0;
  await output.line({ type: "summary", command: "connector lint", exitCode, counts });
  return exitCode;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
