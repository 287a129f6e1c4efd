import type { Registered } from "../../connector/service/connectors.ts";
import type { Call, CommandSpec } from "../command.ts";
import { everywhere } from "../groups.ts";
import type { Output } from "../output.ts";
import type { RedirectTarget } from "../setup/redirectUrl.ts";

const environment = {
  flags: "--environment <name>",
  summary: "the environment of Power Platform (default: the only one)",
};
const id = { flags: "--connector-id <id>", summary: "the connector, shared_…" };
const app = {
  flags: "--app <id|name>",
  summary: "the application registration that gets the redirect URL: id, name, or the profile of a setup",
};
const noInput = { flags: "--no-input", summary: "never ask" };
const folder = { name: "<dir>", summary: "the folder that connector build wrote" };

/** The calls that Microsoft's paconn makes, to Power Platform or the sandbox. */
export const connectorService: readonly CommandSpec[] = [
  {
    name: "connector create",
    summary: "create the connector in Power Platform and read back its redirect URL",
    arguments: [folder],
    options: [environment, app, noInput, ...everywhere],
    examples: [
      "prepop connector create connector --environment Default-TENANT-ID",
      "prepop connector create connector --app contoso.com",
    ],
    run: call => upsert(call, undefined),
  },
  {
    name: "connector update",
    summary: "update a connector; without a new secret the old one stays",
    arguments: [folder],
    options: [environment, id, noInput, ...everywhere],
    examples: ["prepop connector update connector --connector-id shared_entra-20phone-20methods-5f…"],
    run: async call => upsert(call, await connectorId(call)),
  },
  {
    name: "connector download",
    summary: "read a connector from Power Platform into a folder",
    arguments: [],
    options: [
      environment,
      id,
      { flags: "--out <dir>", summary: "the folder (default: the id)" },
      ...everywhere,
    ],
    examples: ["prepop connector download --connector-id shared_… --out copy"],
    run: download,
  },
  {
    name: "connector validate",
    summary: "have the service validate a connector, with the rules of certification",
    arguments: [folder],
    options: everywhere,
    examples: ["prepop connector validate connector"],
    run: validate,
  },
  {
    name: "connector redirect-url",
    summary: "print the redirect URL of a connector, or add it to an application",
    arguments: [],
    options: [environment, id, app, ...everywhere],
    examples: [
      "prepop connector redirect-url --connector-id shared_…",
      "prepop connector redirect-url --connector-id shared_… --app contoso.com",
    ],
    run: redirectUrl,
  },
];

async function upsert(call: Call, known: string | undefined): Promise<number> {
  const { readConnector } = await import("../../connector/lint/lint.ts");
  const { upsertConnector } = await import("../../connector/service/connectors.ts");
  const { environmentOf, secretOf } = await import("../powerPlatform.ts");
  const files = await readConnector(call.arguments[0] ?? ".");
  const { output, service } = await begin(call);
  const where = await environmentOf(call, service);
  const secret = known === undefined ? await secretOf(call) : call.surroundings.env.PREPOP_CONNECTOR_SECRET;
  const target = await targetOf(call, output);
  try {
    const made = await upsertConnector(service, {
      files,
      environment: where,
      secret: secret === "" ? undefined : secret,
      id: known,
    });
    await output.say(`${known === undefined ? "Created" : "Updated"} ${made.displayName}: ${made.id}`);
    await tell(output, made, target);
    return await end(call, output, { environment: where, connector: made.id });
  } finally {
    await target?.close();
  }
}

async function download(call: Call): Promise<number> {
  const { downloadConnector } = await import("../../connector/service/connectors.ts");
  const { writeFiles } = await import("../../connector/package.ts");
  const { environmentOf } = await import("../powerPlatform.ts");
  const wanted = await connectorId(call);
  const { output, service } = await begin(call);
  const where = await environmentOf(call, service);
  const files = await downloadConnector(service, where, wanted);
  const out = typeof call.options.out === "string" ? call.options.out : wanted;
  await writeFiles(out, files);
  for (const { path, content } of files) {
    await output.line({ type: "file", path, bytes: Buffer.byteLength(content) });
  }
  await output.say(`Wrote ${files.map(({ path }) => path).join(", ")} to ${out}.`);
  return end(call, output, { environment: where, connector: wanted, out });
}

async function validate(call: Call): Promise<number> {
  const { readConnector } = await import("../../connector/lint/lint.ts");
  const { validateConnector } = await import("../../connector/service/connectors.ts");
  const files = await readConnector(call.arguments[0] ?? ".");
  const { output, service } = await begin(call);
  const said = await validateConnector(service, files);
  const lines = said === undefined ? [] : said.split(/\r?\n/).filter(line => line !== "");
  for (const message of lines) {
    await output.line({
      type: "finding",
      level: "certification",
      rule: "service",
      where: "apiDefinition.swagger.json",
      message,
    });
    await output.say(message);
  }
  await output.say(
    lines.length === 0 ? "The service finds nothing." : `${lines.length} findings of the service.`,
  );
  const exitCode = lines.length === 0 ? 0 : 3;
  await output.line({ type: "summary", command: call.command, exitCode, findings: lines.length });
  return exitCode;
}

async function redirectUrl(call: Call): Promise<number> {
  const { registeredConnector } = await import("../../connector/service/connectors.ts");
  const { environmentOf } = await import("../powerPlatform.ts");
  const wanted = await connectorId(call);
  const { output, service } = await begin(call);
  const where = await environmentOf(call, service);
  const found = await registeredConnector(service, where, wanted);
  const target = await targetOf(call, output);
  try {
    await tell(output, found, target);
    return await end(call, output, { environment: where, connector: found.id });
  } finally {
    await target?.close();
  }
}

/** The application of --app, found before anything is made. */
async function targetOf(call: Call, output: Output): Promise<RedirectTarget | undefined> {
  if (typeof call.options.app !== "string") return undefined;
  const { openRedirectTarget } = await import("../setup/redirectUrl.ts");
  return openRedirectTarget(call, output, call.options.app);
}

async function begin(call: Call) {
  const { openOutput } = await import("../output.ts");
  const { openService } = await import("../powerPlatform.ts");
  const output = openOutput(call, () => performance.now());
  return { output, service: await openService(call, line => output.note(line)) };
}

async function tell(
  output: Output,
  { id: connector, displayName, redirectUrl: url }: Registered,
  target: RedirectTarget | undefined,
): Promise<void> {
  await output.line({ type: "connector", id: connector, displayName, redirectUrl: url ?? null });
  if (url === undefined) return;
  await output.say(`Redirect URL: ${url}`);
  if (target === undefined) {
    await output.say(
      "Add it to the application registration (Authentication > Add a platform > Web), or give --app; then connect.",
    );
    return;
  }
  const state = await target.add(url);
  await output.line({ type: "redirect", clientId: target.appId, redirectUrl: url, state });
  const where = `the application ${target.displayName} (${target.appId})`;
  await output.say(
    state === "added" ? `Added to ${where}, beside its others.` : `It is there already in ${where}.`,
  );
}

async function end(call: Call, output: Output, more: object): Promise<number> {
  await output.line({ type: "summary", command: call.command, exitCode: 0, ...more });
  return 0;
}

async function connectorId(call: Call): Promise<string> {
  const given = call.options.connectorId;
  if (typeof given === "string") return given;
  const { PrepopError } = await import("../../model/errors.ts");
  throw new PrepopError("PREPOP_USAGE", {
    why: "Which connector is not said",
    fix: "Give --connector-id; `connector create` printed it.",
  });
}
