import { PrepopError } from "../../model/errors.ts";
import { phoneTypes } from "../../model/phone.ts";
import type { Call, CommandSpec } from "../command.ts";
import { connectorOptions, connectorSignIn, leftToFillIn } from "../connectorOptions.ts";
import { everywhere } from "../groups.ts";
import { wholeNumber } from "../option.ts";

const formats = ["legacy", "solution", "logicapp", "logicapp-identity"] as const;
type Format = (typeof formats)[number];

/** The flow for Power Automate, or the Logic App, ready to import. */
export const flow: readonly CommandSpec[] = [
  {
    name: "flow build",
    summary: "write the flow for Power Automate, or the Logic App, ready to import",
    arguments: [],
    options: [
      { flags: "--format <format>", summary: "what to write (default: legacy)", choices: formats },
      { flags: "--out <path>", summary: "the file to write; a folder for solution" },
      { flags: "--definition <file>", summary: "also write the bare workflow definition" },
      { flags: "--policy <policy>", summary: "what may be done (default: add)", choices: ["add", "update"] },
      { flags: "--type <type>", summary: "which phone it writes (default: mobile)", choices: phoneTypes },
      { flags: "--user-column <header>", summary: "default: userPrincipalName" },
      { flags: "--phone-column <header>", summary: "default: telephoneNumber" },
      { flags: "--source <source>", summary: "where the workbook is: me, or sites/HOST,SITE,WEB" },
      { flags: "--drive <id>", summary: "the drive of the workbook; else chosen after the import" },
      { flags: "--file <id>", summary: "the workbook; else chosen after the import" },
      { flags: "--table <name>", summary: "the table; else chosen after the import" },
      {
        flags: "--rows <n>",
        summary: "how many rows are read at most (default: 5000)",
        parse: wholeNumber(1),
      },
      { flags: "--connector-id <id>", summary: "the connector in the environment, shared_…" },
      { flags: "--name <name>", summary: "what the flow is called" },
      ...connectorSignIn,
      ...everywhere,
    ],
    examples: [
      "prepop flow build --format legacy --out phones.zip",
      "prepop flow build --format solution --out solutions --connector-id shared_…",
      "prepop flow build --format logicapp-identity --policy update --out phones.json",
    ],
    run: build,
  },
];

const defaultOut: Readonly<Record<Format, string>> = {
  legacy: "flow.zip",
  solution: "solutions",
  logicapp: "logicapp.json",
  "logicapp-identity": "logicapp-identity.json",
};

async function build(call: Call): Promise<number> {
  const { openOutput } = await import("../output.ts");
  const { writeFiles } = await import("../../connector/package.ts");
  const { flowFiles, flowDefinition } = await import("../../connector/flow/build.ts");
  const output = openOutput(call, () => performance.now());
  const format = formats.find(each => each === call.options.format) ?? "legacy";
  const out = text(call, "out") ?? defaultOut[format];
  const options = await flowOptions(call);
  const files = flowFiles(format, options, out, await connectorOptions(call));
  await writeFiles(".", files);
  const definition = text(call, "definition");
  if (definition !== undefined) {
    await writeFiles(".", [{ path: definition, content: flowDefinition(format, options) }]);
  }
  for (const { path, content } of files) {
    await output.line({ type: "file", path, bytes: Buffer.byteLength(content) });
    await output.say(`Wrote ${path}.`);
  }
  if (format === "solution") {
    for (const line of leftToFillIn(call)) output.note(line);
    if (text(call, "connectorId") === undefined) {
      output.note(
        `Import ${out}/1-connector.zip first; ${out}/2-flow.zip is made for no environment yet. Build again with --connector-id, the id that the connector has there.`,
      );
    }
  }
  output.note(
    "It has been checked and run against an emulator, but not yet been imported into a real tenant: please report how that goes.",
  );
  await output.line({
    type: "summary",
    command: "flow build",
    exitCode: 0,
    format,
    out,
    policy: options.policy,
  });
  return 0;
}

async function flowOptions(call: Call) {
  const { defaultFlow } = await import("../../connector/flow/options.ts");
  const { workbook } = defaultFlow;
  const rows = call.options.rows;
  const connectorId = text(call, "connectorId") ?? defaultFlow.connectorId;
  if (!/^shared_[\w-]+$/.test(connectorId)) {
    throw new PrepopError("PREPOP_USAGE", {
      why: "The connector's id is not one",
      fix: "Give the id that begins with shared_; it stands in the address of the connector's page.",
    });
  }
  return {
    ...defaultFlow,
    name: text(call, "name") ?? defaultFlow.name,
    policy: call.options.policy === "update" ? ("update" as const) : ("add" as const),
    phoneType: phoneTypes.find(type => type === call.options.type) ?? defaultFlow.phoneType,
    userColumn: text(call, "userColumn") ?? defaultFlow.userColumn,
    phoneColumn: text(call, "phoneColumn") ?? defaultFlow.phoneColumn,
    mostRows: typeof rows === "number" ? rows : defaultFlow.mostRows,
    connectorId,
    workbook: {
      source: text(call, "source") ?? workbook.source,
      drive: text(call, "drive") ?? workbook.drive,
      file: text(call, "file") ?? workbook.file,
      table: text(call, "table") ?? workbook.table,
    },
  };
}

function text(call: Call, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === "string" ? value : undefined;
}
